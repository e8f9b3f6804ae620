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

extension DocumentStore.Listed {
    var json: JSONObject {
        var object: JSONObject = ["name": .string(document.path.name), "type": "file"]
        object = object.merging(document.listing)
        object["cached"] = .bool(isEmbedded)
        object["canWatch"] = false
        object["pinnedWorkspaces"] = .array(pinningWorkspaces.map(JSON.integer))
        object["watched"] = false
        return object
    }
}
