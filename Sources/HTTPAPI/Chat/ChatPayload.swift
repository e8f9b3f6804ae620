import Domain
import Engine
import OrderedJSON
import Persistence

/// The body of a chat request.
struct ChatPayload {
    let message: String
    let mode: ChatMode?
    let sessionID: String?
    /// For whom a key asks in a thread; what is no id counts as none.
    let userID: User.ID?
    let media: [MediaAttachment]
    let documents: [AttachedDocument]
    /// What came along and cannot be used, and why.
    let warnings: [String]
    let resets: Bool

    /// UTF-16 code units of a question.
    private static let maximumMessageLength = 1 << 20
    private static let maximumAttachments = 100

    /// Checks in the order of the wire: message, then mode; neither where the request resets.
    init(_ payload: RequestPayload) throws(ChatRefusal) {
        resets = try Self.reset(payload["reset"])
        let text = try Self.message(payload["message"])
        guard !text.isEmpty || resets else { throw ChatRefusal("Message is empty") }
        guard text.utf16.count <= Self.maximumMessageLength else { throw ChatRefusal("The message is too long.") }
        message = text
        mode = try Self.mode(payload["mode"], resets: resets)
        sessionID = try Self.sessionID(payload["sessionId"])
        userID = UserReference(payload["userId"]).id
        var media: [MediaAttachment] = []
        var documents: [AttachedDocument] = []
        var warnings: [String] = []
        let attachments = payload["attachments"]?.arrayValue ?? []
        guard attachments.count <= Self.maximumAttachments else {
            throw ChatRefusal("A question may have at most \(Self.maximumAttachments) attachments.")
        }
        for item in attachments {
            switch try ChatAttachment(item) {
            case .media(let attachment): media.append(attachment)
            case .document(let document): documents.append(document)
            case .unreadable(let warning): warnings.append(warning)
            }
        }
        self.media = media
        self.documents = documents
        self.warnings = warnings
    }

    private static func mode(_ value: JSON?, resets: Bool) throws(ChatRefusal) -> ChatMode? {
        guard let value, value != .null else { return nil }
        if let mode = value.stringValue.flatMap(ChatMode.init(rawValue:)) { return mode }
        guard !resets else { return .chat }
        throw ChatRefusal("\(value.stringValue ?? value.text) is not a valid mode.")
    }

    private static func message(_ value: JSON?) throws(ChatRefusal) -> String {
        switch value ?? .null {
        case .string(let text): return text
        case .null: return ""
        default: throw ChatRefusal("Message must be a string.")
        }
    }

    /// What is not clearly yes or no is refused: a reset cannot be taken back.
    private static func reset(_ value: JSON?) throws(ChatRefusal) -> Bool {
        switch value ?? .null {
        case .bool(let resets): return resets
        case .null, 0, "", "0": return false
        case 1, "1": return true
        case .string(let text) where ["true", "false"].contains(text.lowercased()): return text.lowercased() == "true"
        default: throw ChatRefusal("reset must be true or false.")
        }
    }

    /// In bytes. Conversations are found by an index, and no engine's takes keys of any length.
    private static let maximumSessionLength = 1024

    /// `nil` for what JavaScript takes for nothing; the texts `0` and `false` are names like others.
    private static func sessionID(_ value: JSON?) throws(ChatRefusal) -> String? {
        switch value ?? .null {
        case .null, .bool(false), 0, "": return nil
        case .string(let text):
            guard text.utf8.count <= maximumSessionLength else {
                throw ChatRefusal("sessionId must have at most \(maximumSessionLength) bytes.")
            }
            return text
        case .bool, .integer, .number: return value?.text
        case .array, .object: throw ChatRefusal("sessionId must be a string.")
        }
    }
}

/// Why a chat request is not served.
struct ChatRefusal: Error {
    let message: String
    init(_ message: String) { self.message = message }
}
