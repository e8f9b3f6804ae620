package import Domain
package import OrderedJSON

extension DocumentMetadata {
    /// UTF-16 code units of one value that are kept.
    private static let maximumLength = 4096
    private static let maximumAttributes = 64
    /// Members of an object in lenient form that are looked at.
    static let maximumMembers = 1024
    /// UTF-16 code units.
    private static let maximumNameLength = 128
    /// What documents have besides; a client cannot give these names another meaning.
    private static let reservedNames: Set<String> = [
        "id", "title", "docAuthor", "description", "docSource", "chunkSource", "published", "url", "wordCount",
        "token_count_estimate", "pageContent", "location", "name",
    ]

    /// Reads `title`, `docAuthor`, `description`, `docSource` and `chunkSource`, where numbers and booleans count as text,
    /// and what stands under other names as attributes; lists and objects are ignored.
    package init(_ json: JSON?) {
        let object = Self.object(in: json)
        self.init()
        title = Self.text(object["title"])
        author = Self.text(object["docAuthor"])
        description = Self.text(object["description"])
        source = Self.text(object["docSource"])
        chunkSource = Self.text(object["chunkSource"])
        attributes = Self.attributes(in: object)
    }

    /// Reads the metadata of a text that came without a file: as above, but texts alone count, an empty one among them, and
    /// so do `url` and `published`.
    package init(ofText object: JSONObject) {
        self.init(.object(object))
        let text = { (key: String) in object[key]?.stringValue?.shortened(toUTF16: Self.maximumLength) }
        author = text("docAuthor")
        description = text("description")
        source = text("docSource")
        chunkSource = text("chunkSource")
        url = text("url").flatMap(Self.webAddress)
        published = Self.moment(object["published"])
    }

    /// Milliseconds, or seconds where the number can only mean these, as a number or as its text; or an ISO 8601 date.
    private static func moment(_ value: JSON?) -> Timestamp? {
        guard let number = value?.doubleValue ?? value?.stringValue.flatMap(Double.init) else {
            return value?.stringValue.flatMap(Timestamp.init(iso8601:))
        }
        guard number.isFinite, number > 0, number < 8.64e15 else { return nil }
        // As milliseconds this would be before 1973, as seconds it is a date people mean.
        return Timestamp(milliseconds: Int64(number < 1e11 ? number * 1000 : number))
    }

    /// An http(s) address; nothing for any other text.
    private static func webAddress(_ text: String) -> String? {
        WebAddress(text)?.isWeb == true ? text : nil
    }

    private static func attributes(in object: JSONObject) -> [Attribute] {
        let kept = object.members.compactMap { member -> Attribute? in
            guard !reservedNames.contains(member.key), !member.key.isEmpty, member.key.utf16.count <= maximumNameLength
            else { return nil }
            switch member.value.scalar {
            case .text: return text(member.value).map { Attribute(member.key, .text($0)) }
            case let scalar: return scalar.map { Attribute(member.key, $0) }
            }
        }
        return Array(kept.prefix(maximumAttributes))
    }

    /// The metadata object, which clients also send as a text of JSON, sometimes with words around it.
    package static func object(in json: JSON?) -> JSONObject {
        switch json {
        case .object(let object): return object
        case .string(let text):
            if let object = (try? JSON(parsing: text))?.objectValue { return object }
            guard let start = text.utf8.firstIndex(of: UInt8(ascii: "{")) else { return JSONObject() }
            if let end = text.utf8.lastIndex(of: UInt8(ascii: "}")), start < end,
                let object = (try? JSON(parsing: text.utf8[start...end]))?.objectValue
            {
                return object
            }
            return LenientObjectReader.object(in: text) ?? JSONObject()
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
        return text.shortened(toUTF16: maximumLength)
    }
}
