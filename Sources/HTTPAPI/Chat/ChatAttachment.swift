import Domain
import Engine
import Foundation
import OrderedJSON

/// One item of `attachments`: `{"name":…,"mime":…,"contentString":…}`.
enum ChatAttachment {
    /// A picture or a sound, for models that take them.
    case media(MediaAttachment)
    case document(AttachedDocument)
    /// A document that cannot be decoded; the question is answered without it, and the answer says so.
    case unreadable(warning: String)

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
            let media = MediaAttachment(
                name: name ?? "image", mediaType: mediaType, url: Self.address(of: content, mediaType))
            if let problem = media.problem { throw ChatRefusal("The attachment \(media.name) \(problem).") }
            self = .media(media)
        } else {
            self = Self.document(named: name, mediaType, content)
        }
    }

    private static func typeName(_ value: JSON?) -> String? { value.flatMap { $0.isNull ? nil : $0.typeName } }

    private static func isForModels(_ mediaType: String) -> Bool {
        mediaType.hasPrefix("image/") || mediaType.hasPrefix("audio/")
    }

    /// What the client says, else what the `data:` URL says, else a picture where it is an address.
    private static func mediaType(said: String?, _ content: String) -> String {
        if let said = said?.lowercased(), !said.isEmpty, said != AttachedDocument.mediaType { return said }
        if DataURL.isOne(content) { return DataURL(content)?.mediaType ?? "" }
        let isAddress = content.hasPrefix("http://") || content.hasPrefix("https://")
        return isAddress && said != AttachedDocument.mediaType ? "image/*" : ""
    }

    /// What models are sent: a web address, or a `data:` URL in base64, which is the one form that providers take.
    private static func address(of content: String, _ mediaType: String) -> String {
        if content.hasPrefix("https://") || content.hasPrefix("http://") || content.contains(";base64,") {
            return content
        }
        guard DataURL.isOne(content) else { return "data:\(mediaType);base64,\(content)" }
        return DataURL(content).map { "data:\($0.mediaType);base64,\(Data($0.bytes).base64EncodedString())" } ?? content
    }

    /// A document is a `data:` URL or bare base64; whatever is no picture and no sound is one.
    private static func document(named name: String?, _ mediaType: String, _ content: String) -> ChatAttachment {
        let fallback = "attachment-\(UUIDText.random())\(fileExtension(for: mediaType))"
        let name = ClientFileName.sanitized(name.flatMap { $0.isEmpty ? nil : $0 } ?? fallback)
        guard let document = AttachedDocument(name: name, encoded: content) else {
            return .unreadable(warning: "The attachment \(name) is neither base64 nor a data URL, and was not read.")
        }
        return .document(document)
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
    /// - Parameter content: a `data:` URL, or bare base64; `nil` where it is neither.
    init?(name: String, encoded content: String) {
        let bytes = DataURL.isOne(content) ? DataURL(content)?.bytes : [UInt8](base64: content.utf8)
        guard let bytes else { return nil }
        self.init(name: name, bytes: bytes)
    }
}
