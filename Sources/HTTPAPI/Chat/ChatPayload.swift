import Domain
import Engine
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

/// Why a chat request is not served.
struct ChatRefusal: Error {
    let message: String
    init(_ message: String) { self.message = message }
}
