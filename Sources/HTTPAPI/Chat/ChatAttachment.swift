import Domain
import Engine
import Foundation

/// One item of `attachments`: `{"name":…,"mime":…,"contentString":…}`.
enum ChatAttachment {
    /// A picture or a sound, for models that take them.
    case image(MediaAttachment)
    case document(AttachedDocument)

    init(_ item: JSON) throws(ChatRefusal) {
        guard item.objectValue != nil else { throw ChatRefusal("An attachment must be an object.") }
        for key in ["name", "mime", "contentString"] where ![nil, "string"].contains(Self.typeName(item[key])) {
            throw ChatRefusal("The \(key) of an attachment must be a string.")
        }
        let name = item["name"]?.stringValue
        guard let content = item["contentString"]?.stringValue, !content.isEmpty else {
            throw ChatRefusal("The attachment \(name ?? "without a name") has no content.")
        }
        let mediaType = Self.mediaType(said: item["mime"]?.stringValue, content)
        if Self.isForModels(mediaType) {
            let isAddress = ["data:", "https://", "http://"].contains { content.hasPrefix($0) }
            let image = MediaAttachment(
                name: name ?? "image", mediaType: mediaType,
                url: isAddress ? content : "data:\(mediaType);base64,\(content)")
            if let problem = image.problem { throw ChatRefusal("The attachment \(image.name) \(problem).") }
            self = .image(image)
        } else {
            self = .document(try Self.document(named: name, mediaType, content))
        }
    }

    private static func typeName(_ value: JSON?) -> String? { value.flatMap { $0.isNull ? nil : $0.typeName } }

    private static func isForModels(_ mediaType: String) -> Bool {
        mediaType.hasPrefix("image/") || mediaType.hasPrefix("audio/")
    }

    /// What the client says, else what the `data:` URL (RFC 2397) says, else a picture where it is an address.
    private static func mediaType(said: String?, _ content: String) -> String {
        if let said = said?.lowercased(), !said.isEmpty { return said }
        if content.hasPrefix("data:") { return content.dropFirst(5).prefix { $0 != ";" && $0 != "," }.lowercased() }
        return content.hasPrefix("http://") || content.hasPrefix("https://") ? "image/*" : ""
    }

    /// A document is base64, in a `data:` URL or bare; whatever is no picture and no sound is one.
    private static func document(
        named name: String?, _ mediaType: String, _ content: String
    ) throws(ChatRefusal) -> AttachedDocument {
        let fallback = "attachment-\(UUIDText.random())\(fileExtension(for: mediaType))"
        let name = ClientFileName.sanitized(name.flatMap { $0.isEmpty ? nil : $0 } ?? fallback)
        guard let document = AttachedDocument(name: name, base64: content) else {
            throw ChatRefusal("The attachment \(name) is not base64.")
        }
        return document
    }

    /// The name is what tells a format.
    private static func fileExtension(for mediaType: String) -> String {
        switch mediaType {
        case "application/pdf": ".pdf"
        case "text/html": ".html"
        case "text/csv": ".csv"
        case "text/markdown": ".md"
        case "application/json": ".json"
        case "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx"
        case let type where type.hasPrefix("text/"): ".txt"
        default: ""
        }
    }
}

extension MediaAttachment {
    /// UTF-8 bytes: some 20 MB of a picture in base64.
    private static let maximumLength = 28 << 20

    /// Why no model can be sent this; `nil` where one can. It stays in the history, and is sent with every later question.
    var problem: String? {
        guard url.utf8.count <= Self.maximumLength else { return "is larger than 20 MB" }
        if url.hasPrefix("https://") || url.hasPrefix("http://") { return nil }
        let marker = ";base64,"
        guard url.hasPrefix("data:"), let start = url.range(of: marker)?.upperBound,
            let data = Data(base64Encoded: String(url[start...])), !data.isEmpty
        else { return "is no data URL in base64 and no web address" }
        return nil
    }
}

extension AttachedDocument {
    /// - Parameter content: base64, in a `data:` URL (RFC 2397) or bare; `nil` where it is none, or empty.
    init?(name: String, base64 content: String) {
        let base64 = content.hasPrefix("data:") ? content.drop { $0 != "," }.dropFirst() : content[...]
        guard let data = Data(base64Encoded: String(base64), options: .ignoreUnknownCharacters), !data.isEmpty else {
            return nil
        }
        self.init(name: name, bytes: Array(data))
    }
}
