import Domain
import OrderedJSON

/// The work of jobs as `job.payload` holds it. The keys are the codec's own: rows with them outlive versions, so that one
/// is never renamed, only read in its old form besides.
extension Job.Work {
    var stored: JSON {
        switch self {
        case .ingestion(let ingestion): ingestion.stored
        case .link(let link): link.stored
        case .crawl(let crawl): crawl.stored
        case .embeddingsUpdate(let update): update.stored
        case .refresh(let refresh): ["links": .array(refresh.links.map(JSON.string))]
        case .reembedding, .unreadable: [:]
        }
    }

    init(_ kind: Job.Kind, stored: JSON) {
        let work: Job.Work? =
            switch kind {
            case .upload, .rawText: Ingestion(kind, stored: stored).map(Job.Work.ingestion)
            case .link: LinkIngestion(stored: stored).map(Job.Work.link)
            case .links: LinkCrawl(stored: stored).map(Job.Work.crawl)
            case .updateEmbeddings: EmbeddingsUpdate(stored: stored).map(Job.Work.embeddingsUpdate)
            case .refresh:
                (stored["links"]?.arrayValue).map { .refresh(LinkRefresh(links: $0.compactMap(\.stringValue))) }
            case .reembed: .reembedding
            }
        self = work ?? .unreadable(kind)
    }
}

extension Ingestion {
    fileprivate var stored: JSON {
        var object: JSONObject = [
            "file": .string(spoolFile.text), "sha256": .string(sha256), "folder": .string(folder),
            "metadata": .object(metadata.stored), "workspaces": .array(workspaces.map(JSON.string)),
            "documentID": .string(documentID), "duplicates": .string(duplicates.rawValue),
        ]
        if case .file(let name) = origin { object["fileName"] = .string(name) }
        return .object(object)
    }

    fileprivate init?(_ kind: Job.Kind, stored: JSON) {
        guard let spoolFile = Self.spoolFile(in: stored), let sha256 = stored["sha256"]?.stringValue,
            let folder = stored["folder"]?.stringValue, let documentID = stored["documentID"]?.stringValue
        else { return nil }
        let origin: Origin
        if kind == .rawText {
            origin = .rawText
        } else {
            guard let name = stored["fileName"]?.stringValue else { return nil }
            origin = .file(named: name)
        }
        self.init(
            origin: origin, spoolFile: spoolFile, sha256: sha256, folder: folder,
            metadata: DocumentMetadata(stored: stored["metadata"]?.objectValue ?? JSONObject()),
            workspaces: (stored["workspaces"]?.arrayValue ?? []).compactMap(\.stringValue), documentID: documentID,
            duplicates: stored["duplicates"]?.stringValue.flatMap(DuplicatePolicy.init) ?? .keep)
    }

    /// Earlier versions stored a path; only a file of the spool is ever opened, so its last component says all.
    private static func spoolFile(in stored: JSON) -> SpoolFileName? {
        let text = stored["file"]?.stringValue ?? stored["path"]?.stringValue
        return text?.split(separator: "/").last.flatMap { SpoolFileName($0) }
    }
}

extension DocumentMetadata {
    private static let knownKeys = [
        "title", "docAuthor", "description", "docSource", "chunkSource", "url", "published",
    ]

    var stored: JSONObject {
        let known: JSONObject = [
            "title": JSON(title), "docAuthor": JSON(author), "description": JSON(description),
            "docSource": JSON(source), "chunkSource": JSON(chunkSource), "url": JSON(url),
            "published": JSON(published?.milliseconds),
        ]
        return known.merging(JSONObject(attributes))
    }

    init(stored: JSONObject) {
        self.init()
        title = stored["title"]?.stringValue
        author = stored["docAuthor"]?.stringValue
        description = stored["description"]?.stringValue
        source = stored["docSource"]?.stringValue
        chunkSource = stored["chunkSource"]?.stringValue
        url = stored["url"]?.stringValue
        published = stored["published"]?.integerValue.map(Timestamp.init(milliseconds:))
        attributes = stored.attributes.filter { !Self.knownKeys.contains($0.name) }
    }
}

extension EmbeddingsUpdate {
    fileprivate var stored: JSON {
        [
            "workspaceID": .integer(workspaceID), "additions": .array(additions.map(JSON.string)),
            "removals": .array(removals.map(JSON.string)),
        ]
    }

    fileprivate init?(stored: JSON) {
        guard let workspaceID = stored["workspaceID"]?.integerValue, let additions = stored["additions"]?.arrayValue,
            let removals = stored["removals"]?.arrayValue
        else { return nil }
        self.init(
            workspaceID: workspaceID, additions: additions.compactMap(\.stringValue),
            removals: removals.compactMap(\.stringValue))
    }
}

/// What jobs came to, as `job.result` holds it.
extension Job.Outcome {
    var stored: JSON {
        switch self {
        case .ingestion(let outcome): outcome.stored
        case .crawl(let outcome): outcome.stored
        case .refresh(let outcome): outcome.stored
        case .embeddings(let outcome):
            ["failed": .array(outcome.failures.map { ["path": .string($0.path), "error": .string($0.error)] })]
        }
    }

    init?(_ kind: Job.Kind, stored: JSON) {
        switch kind {
        case .upload, .rawText, .link: self = .ingestion(IngestionOutcome(stored: stored))
        case .links: self = .crawl(LinkCrawlOutcome(stored: stored))
        case .refresh: self = .refresh(LinkRefreshOutcome(stored: stored))
        case .updateEmbeddings, .reembed:
            self = .embeddings(
                EmbeddingsOutcome(
                    failures: (stored["failed"]?.arrayValue ?? []).compactMap { item in
                        guard let path = item["path"]?.stringValue, let error = item["error"]?.stringValue else {
                            return nil
                        }
                        return EmbeddingsOutcome.Failure(path: path, error: error)
                    }))
        }
    }
}

extension IngestionOutcome {
    var stored: JSON {
        [
            "documents": .array(documents.map(JSON.string)), "embedding": .array(placements.map(\.stored)),
            "failed": .object(
                JSONObject(members: failures.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            "warnings": .array(warnings.map(JSON.string)), "duplicates": JSON(duplicates?.rawValue),
        ]
    }

    init(stored: JSON) {
        self.init(
            documents: (stored["documents"]?.arrayValue ?? []).compactMap(\.stringValue),
            placements: (stored["embedding"]?.arrayValue ?? []).compactMap { Placement(stored: $0) },
            failures: Dictionary(
                (stored["failed"]?.objectValue?.members ?? []).compactMap { member in
                    member.value.stringValue.map { (member.key, $0) }
                }
            ) { first, _ in first },
            warnings: (stored["warnings"]?.arrayValue ?? []).compactMap(\.stringValue),
            duplicates: stored["duplicates"]?.stringValue.flatMap(Ingestion.DuplicatePolicy.init))
    }
}

extension IngestionOutcome.Placement {
    fileprivate var stored: JSON {
        [
            "workspace": .string(workspace), "document": JSON(document), "location": JSON(location),
            "error": JSON(error),
        ]
    }

    fileprivate init?(stored: JSON) {
        guard let workspace = stored["workspace"]?.stringValue else { return nil }
        self.init(
            workspace: workspace, document: stored["document"]?.stringValue, location: stored["location"]?.stringValue,
            error: stored["error"]?.stringValue)
    }
}
