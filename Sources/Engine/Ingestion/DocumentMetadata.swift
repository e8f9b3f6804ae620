package import Domain

/// What a client says about a document that it sends; an empty text counts as not said.
package struct DocumentMetadata: Sendable, Equatable {
    package var title: String?
    package var author: String?
    package var description: String?
    package var source: String?
    package var chunkSource: String?

    /// UTF-16 code units of one value that are kept.
    private static let maximumLength = 4096

    /// Reads `title`, `docAuthor`, `description`, `docSource` and `chunkSource`; numbers and booleans count as text, and
    /// whatever else stands there is ignored.
    package init(_ json: JSON?) {
        let object = Self.object(in: json)
        title = Self.text(object["title"])
        author = Self.text(object["docAuthor"])
        description = Self.text(object["description"])
        source = Self.text(object["docSource"])
        chunkSource = Self.text(object["chunkSource"])
    }

    /// The metadata object, which clients also send as a text of JSON, sometimes with words around it.
    package static func object(in json: JSON?) -> JSONObject {
        switch json {
        case .object(let object): return object
        case .string(let text):
            if let object = (try? JSON(parsing: text))?.objectValue { return object }
            guard let start = text.firstIndex(of: "{"), let end = text.lastIndex(of: "}"), start < end else {
                return JSONObject()
            }
            return (try? JSON(parsing: String(text[start...end])))?.objectValue ?? JSONObject()
        default: return JSONObject()
        }
    }

    package static func text(_ value: JSON?) -> String? {
        let text: String? =
            switch value {
            case .string(let string): string
            case .bool, .integer, .number: value?.text
            default: nil
            }
        guard let text, !text.isEmpty else { return nil }
        return text.utf16.count <= maximumLength ? text : String(text.prefix(maximumLength))
    }

    package var json: JSON {
        [
            "title": JSON(title), "docAuthor": JSON(author), "description": JSON(description),
            "docSource": JSON(source), "chunkSource": JSON(chunkSource),
        ]
    }
}
