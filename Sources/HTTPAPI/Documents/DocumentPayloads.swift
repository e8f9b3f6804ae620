import Domain
import Engine
import OrderedJSON
import Persistence

extension Document {
    /// The document as listings show it, without its text.
    var listing: JSONObject {
        [
            "id": .string(id), "url": .string(url), "title": .string(title), "docAuthor": .string(author),
            "description": .string(description), "docSource": .string(source), "chunkSource": .string(chunkSource),
            "published": .string(published), "wordCount": JSON(wordCount), "token_count_estimate": JSON(tokenCount),
        ]
    }

    /// The document as the upload that made it is answered.
    func uploaded(text: String) -> JSON {
        var object = listing
        object["token_count_estimate"] = nil
        object["pageContent"] = .string(text)
        object["token_count_estimate"] = JSON(tokenCount)
        object["location"] = .string(path.text)
        object["name"] = .string(path.name)
        object["isDirectUpload"] = false
        return .object(object)
    }
}

extension IngestionOutcome.Placement {
    var json: JSON {
        [
            "workspace": .string(workspace), "location": JSON(location), "embedded": .bool(error == nil),
            "error": JSON(error),
        ]
    }
}

extension DocumentStore.Placed {
    /// The document as one that is asked for by the bytes of its file.
    var json: JSON {
        [
            "sha256": JSON(document.upload?.sha256), "location": .string(document.path.text),
            "name": .string(document.path.name), "title": .string(document.title),
            "fileName": JSON(document.upload?.name), "uploadFolder": JSON(document.upload?.folder),
            "chunkSource": .string(document.chunkSource), "workspaces": .array(workspaces.map(JSON.string)),
        ]
    }
}

extension DocumentStore.Listed {
    /// - Parameter watchesLinks: whether documents of links can be watched here.
    func json(watchesLinks: Bool) -> JSONObject {
        var object: JSONObject = ["name": .string(document.path.name), "type": "file"]
        object = object.merging(document.listing)
        object["cached"] = .bool(isEmbedded)
        object["canWatch"] = .bool(link != nil && watchesLinks)
        object["pinnedWorkspaces"] = .array(pinningWorkspaces.map(JSON.integer))
        object["watched"] = .bool(link?.isWatched ?? false)
        object["refresh"] = link.map(\.history)
        return object
    }
}

extension StoredLink {
    /// What is known of its checks.
    fileprivate var history: JSON {
        [
            "link": .string(address.text), "lastChecked": JSON(lastCheckedAt?.iso8601),
            "lastChanged": JSON(lastChangedAt?.iso8601), "lastError": JSON(lastError), "failures": JSON(failureCount),
            "nextCheck": JSON(nextCheckAt?.iso8601), "keepsHeaders": .bool(sealedHeaders != nil),
        ]
    }
}
