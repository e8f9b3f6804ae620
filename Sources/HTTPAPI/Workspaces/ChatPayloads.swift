import Domain
import Engine
import Foundation

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
        let attachments = payload["attachments"]?.arrayValue ?? []
        for item in attachments where item["contentString"]?.stringValue?.isEmpty ?? true {
            throw ChatRefusal("Attachment \(item["name"]?.stringValue ?? "") has no content.")
        }
        images = attachments.compactMap(Self.image)
        var documents: [AttachedDocument] = []
        for item in attachments {
            if let document = try Self.document(item) { documents.append(document) }
        }
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

    /// A document is said to be one by its media type; it is base64, in a `data:` URL (RFC 2397) or bare.
    private static func document(_ item: JSON) throws(ChatRefusal) -> AttachedDocument? {
        guard item["mime"]?.stringValue?.lowercased() == AttachedDocument.mediaType,
            let content = item["contentString"]?.stringValue, !content.isEmpty
        else { return nil }
        let name = ClientFileName.sanitized(item["name"]?.stringValue ?? "attachment-\(UUIDText.random())")
        let base64 = content.hasPrefix("data:") ? content.drop { $0 != "," }.dropFirst() : content[...]
        guard let data = Data(base64Encoded: String(base64), options: .ignoreUnknownCharacters), !data.isEmpty else {
            throw ChatRefusal("The attachment \(name) is not base64.")
        }
        return AttachedDocument(name: name, bytes: Array(data))
    }

    private static func image(_ item: JSON) -> ImageAttachment? {
        guard let url = item["contentString"]?.stringValue, !url.isEmpty,
            let mediaType = item["mime"]?.stringValue, mediaType.lowercased().hasPrefix("image/")
        else { return nil }
        return ImageAttachment(name: item["name"]?.stringValue ?? "image", mediaType: mediaType, url: url)
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
        return object.merging(warnings(answer))
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
        return .object(frame.merging(warnings(answer)))
    }

    /// An answer that comes whole in a stream: a refusal, or that the history was reset.
    static func notice(_ answer: ChatAnswer, id: String) -> JSON {
        var object: JSONObject = [
            "id": .string(id), "uuid": .string(id), "type": "textResponse", "textResponse": .string(answer.text),
            "sources": [], "attachments": [], "close": true, "error": nil, "metrics": [:],
        ]
        if let exchange = answer.exchangeID { object["chatId"] = .integer(exchange) }
        return .object(object.merging(warnings(answer)))
    }

    private static func warnings(_ answer: ChatAnswer) -> JSONObject {
        answer.warnings.isEmpty ? [:] : ["warnings": .array(answer.warnings.map(JSON.string))]
    }

    private static func metrics(_ answer: ChatAnswer) -> JSONObject { ["metrics": .object(answer.metrics)] }
}
