import Domain
import Engine
import Foundation
import Persistence

/// The body of a chat request.
struct ChatPayload {
    let message: String
    let mode: ChatMode?
    let sessionID: String?
    let images: [ImageAttachment]
    let documents: [AttachedDocument]
    let resets: Bool

    /// UTF-16 code units of a question.
    private static let maximumMessageLength = 1 << 20

    /// Checks in the order of the wire: message, then mode; neither where the request resets.
    init(_ payload: RequestPayload) throws(ChatRefusal) {
        resets = payload["reset"]?.isTruthy ?? false
        let text = payload["message"]?.stringValue ?? ""
        guard !text.isEmpty || resets else { throw ChatRefusal("Message is empty") }
        guard text.utf16.count <= Self.maximumMessageLength else { throw ChatRefusal("The message is too long.") }
        message = text
        mode = try Self.mode(payload["mode"], resets: resets)
        sessionID = Self.sessionID(payload["sessionId"])
        var images: [ImageAttachment] = []
        var documents: [AttachedDocument] = []
        for item in payload["attachments"]?.arrayValue ?? [] {
            switch try ChatAttachment(item) {
            case .image(let image): images.append(image)
            case .document(let document): documents.append(document)
            }
        }
        self.images = images
        self.documents = documents
    }

    private static func mode(_ value: JSON?, resets: Bool) throws(ChatRefusal) -> ChatMode? {
        guard let value, value != .null else { return nil }
        if let mode = value.stringValue.flatMap(ChatMode.init(rawValue:)) { return mode }
        guard !resets else { return .chat }
        throw ChatRefusal("\(value.stringValue ?? value.text) is not a valid mode.")
    }

    private static func sessionID(_ value: JSON?) -> String? {
        guard let value, value.isTruthy else { return nil }
        return value.stringValue ?? value.text
    }
}

/// One item of `attachments`: `{"name":…,"mime":…,"contentString":…}`.
enum ChatAttachment {
    /// A picture or a sound, for models that take them.
    case image(ImageAttachment)
    case document(AttachedDocument)

    init(_ item: JSON) throws(ChatRefusal) {
        for key in ["name", "mime", "contentString"] where ![nil, "string"].contains(Self.typeName(item[key])) {
            throw ChatRefusal("The \(key) of an attachment must be a string.")
        }
        let name = item["name"]?.stringValue
        guard let content = item["contentString"]?.stringValue, !content.isEmpty else {
            throw ChatRefusal("Attachment \(name ?? "") has no content.")
        }
        let mediaType = Self.mediaType(said: item["mime"]?.stringValue, content)
        if Self.isForModels(mediaType) {
            self = .image(ImageAttachment(name: name ?? "image", mediaType: mediaType, url: content))
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
        let base64 = content.hasPrefix("data:") ? content.drop { $0 != "," }.dropFirst() : content[...]
        guard let data = Data(base64Encoded: String(base64), options: .ignoreUnknownCharacters), !data.isEmpty else {
            throw ChatRefusal("The attachment \(name) is not base64.")
        }
        return AttachedDocument(name: name, bytes: Array(data))
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

/// Why a chat request is not served.
struct ChatRefusal: Error {
    let message: String
    init(_ message: String) { self.message = message }
}

/// The objects that chat endpoints answer with.
enum ChatFrame {
    static func abort(_ message: String, id: String = UUIDText.random()) -> JSONObject {
        [
            "id": .string(id), "uuid": .string(id), "type": "abort", "textResponse": nil, "sources": [],
            "close": true, "error": .string(message),
        ]
    }

    /// The whole answer in one object.
    static func whole(_ answer: ChatAnswer, id: String) -> JSONObject {
        if answer.kind == .empty { return abort(answer.failure ?? "", id: id).merging(metrics(answer)) }
        var object: JSONObject = [
            "id": .string(id), "type": "textResponse", "close": true, "error": nil,
            "chatId": JSON(answer.exchangeID), "textResponse": .string(answer.text),
            "sources": .array(answer.sources.map(JSON.object)), "metrics": .object(answer.metrics),
        ]
        if answer.exchangeID == nil { object["chatId"] = nil }
        return object.merging(extras(answer))
    }

    /// What is being done before the answer goes on.
    static func thought(_ text: String, id: String) -> JSON {
        [
            "id": .string(id), "uuid": .string(id), "type": "agentThought", "thought": .string(text), "sources": [],
            "attachments": [], "close": false, "error": nil, "animate": true,
        ]
    }

    static func piece(_ text: String, id: String, closes: Bool = false, sources: [JSONObject] = []) -> JSON {
        [
            "uuid": .string(id), "id": .string(id), "sources": .array(sources.map(JSON.object)),
            "type": "textResponseChunk", "textResponse": .string(text), "close": .bool(closes), "error": nil,
        ]
    }

    /// The last frame, after the answer has been stored.
    static func final(_ answer: ChatAnswer, id: String) -> JSON {
        let frame: JSONObject = [
            "uuid": .string(id), "id": .string(id), "type": "finalizeResponseStream", "close": true,
            "error": JSON(answer.failure), "chatId": JSON(answer.exchangeID), "metrics": .object(answer.metrics),
            "sources": .array(answer.sources.map(JSON.object)),
        ]
        return .object(frame.merging(extras(answer)))
    }

    /// An answer that comes whole in a stream: a refusal, or that the history was reset.
    static func notice(_ answer: ChatAnswer, id: String) -> JSON {
        var object: JSONObject = [
            "id": .string(id), "uuid": .string(id), "type": "textResponse", "textResponse": .string(answer.text),
            "sources": [], "attachments": [], "close": true, "error": nil, "metrics": [:],
        ]
        if let exchange = answer.exchangeID { object["chatId"] = .integer(exchange) }
        return .object(object.merging(extras(answer)))
    }

    /// Keys that only some answers have.
    private static func extras(_ answer: ChatAnswer) -> JSONObject {
        var extras = JSONObject()
        if !answer.toolUses.isEmpty {
            extras["thoughts"] = .array(answer.thoughts.map(JSON.string))
            extras["outputs"] = []
            extras["toolCalls"] = .array(answer.toolUses.map(\.json))
        }
        if !answer.warnings.isEmpty { extras["warnings"] = .array(answer.warnings.map(JSON.string)) }
        return extras
    }

    private static func metrics(_ answer: ChatAnswer) -> JSONObject { ["metrics": .object(answer.metrics)] }
}
