import Domain
import OrderedJSON

/// Jobs that fetch links, as `job.payload` and `job.result` hold them; see `JobCoding`.
extension LinkIngestion {
    var stored: JSON {
        [
            "link": .string(address.whole), "headers": JSON(sealedHeaders), "folder": .string(folder),
            "metadata": .object(metadata.stored), "workspaces": .array(workspaces.map(JSON.string)),
            "documentID": .string(documentID), "watched": .bool(future.isWatched),
            "keepsHeaders": .bool(future.keepsHeaders), "obeysRobots": .bool(future.obeysRobots),
        ]
    }

    init?(stored: JSON) {
        guard let address = stored["link"]?.stringValue.flatMap(LinkAddress.init),
            let folder = stored["folder"]?.stringValue, let documentID = stored["documentID"]?.stringValue
        else { return nil }
        self.init(
            address: address, sealedHeaders: stored["headers"]?.stringValue, folder: folder,
            metadata: DocumentMetadata(stored: stored["metadata"]?.objectValue ?? JSONObject()),
            workspaces: (stored["workspaces"]?.arrayValue ?? []).compactMap(\.stringValue), documentID: documentID)
        future = Future(
            isWatched: stored["watched"]?.boolValue ?? false, keepsHeaders: stored["keepsHeaders"]?.boolValue ?? false,
            obeysRobots: stored["obeysRobots"]?.boolValue ?? false)
    }
}

extension LinkCrawl {
    var stored: JSON {
        [
            "links": .array(addresses.map { .string($0.whole) }), "each": template.stored, "depth": JSON(depth),
            "maximumLinks": JSON(maximumLinks),
            "refused": .array(
                refusals.map { refusal in
                    [
                        "position": JSON(refusal.position), "link": .string(refusal.link),
                        "error": .string(refusal.error),
                    ]
                }),
        ]
    }

    init?(stored: JSON) {
        guard let template = stored["each"].flatMap(LinkIngestion.init(stored:)),
            let depth = stored["depth"]?.integerValue, let maximumLinks = stored["maximumLinks"]?.integerValue
        else { return nil }
        self.init(
            addresses: (stored["links"]?.arrayValue ?? []).compactMap { $0.stringValue.flatMap(LinkAddress.init) },
            template: template, depth: Int(depth), maximumLinks: Int(maximumLinks))
        refusals = (stored["refused"]?.arrayValue ?? []).compactMap { item in
            guard let position = item["position"]?.integerValue, let link = item["link"]?.stringValue,
                let error = item["error"]?.stringValue
            else { return nil }
            return Refusal(position: Int(position), link: link, error: error)
        }
    }
}

extension LinkCrawlOutcome {
    var stored: JSON {
        let items = links.map { link -> JSON in
            ["link": .string(link.address), "outcome": link.outcome?.stored ?? .null, "error": JSON(link.error)]
        }
        return ["links": .array(items)]
    }

    init(stored: JSON) {
        self.init(
            links: (stored["links"]?.arrayValue ?? []).map { item in
                var outcome: IngestionOutcome?
                if let stored = item["outcome"], stored.objectValue != nil {
                    outcome = IngestionOutcome(stored: stored)
                }
                return Link(
                    address: item["link"]?.stringValue ?? "", outcome: outcome, error: item["error"]?.stringValue)
            })
    }
}

extension LinkRefreshOutcome {
    var stored: JSON {
        let items = links.map { link -> JSON in
            [
                "link": .string(link.link), "address": .string(link.address),
                "documents": .array(link.documents.map(JSON.string)),
                "changed": .array(link.changed.map(JSON.string)), "error": JSON(link.error),
            ]
        }
        return ["links": .array(items)]
    }

    init(stored: JSON) {
        let texts = { (json: JSON?) in (json?.arrayValue ?? []).compactMap(\.stringValue) }
        self.init(
            links: (stored["links"]?.arrayValue ?? []).map { item in
                Link(
                    link: item["link"]?.stringValue ?? "", address: item["address"]?.stringValue ?? "",
                    documents: texts(item["documents"]), changed: texts(item["changed"]),
                    error: item["error"]?.stringValue)
            })
    }
}
