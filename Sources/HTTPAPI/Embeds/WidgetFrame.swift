import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON

/// The objects that a widget reads.
enum WidgetFrame {
    static func piece(_ text: String, id: String) -> JSON { .object(chunk(text, id: id)) }

    private static func chunk(_ text: String, id: String) -> JSONObject {
        [
            "uuid": .string(id), "id": .string(id), "sources": [], "type": "textResponseChunk",
            "textResponse": .string(text), "close": false, "error": false,
        ]
    }

    /// The last frame; a refusal comes whole. Sources only where the embed shows them, and of these what a visitor needs.
    static func end(_ answer: ChatAnswer, of embed: Embed, id: String) -> JSON {
        if answer.isRefusal {
            return [
                "id": .string(id), "uuid": .string(id), "type": "textResponse", "textResponse": .string(answer.text),
                "sources": [], "close": true, "error": .null,
            ]
        }
        if answer.failure != nil {
            return abort("The answer could not be finished. Please try again later.", id: id)
        }
        var frame = chunk("", id: id)
        frame["close"] = true
        if embed.settings.showsSources {
            frame["sources"] = .array(
                answer.sources.map { ["title": .string($0.title), "text": .string($0.excerpt)] })
        }
        return .object(frame)
    }

    static func abort(_ message: String, id: String) -> JSON { .object(ChatFrame.abort(message, id: id)) }
}

/// Why a widget gets no answer: a status, and a frame that it shows.
struct WidgetRefusal: Error {
    let status: HTTPResponse.Status
    let message: String
    /// For the visitor, where `message` is for programs.
    var sentence: String?
    var retryAfter: Int?

    init(_ status: HTTPResponse.Status, _ message: String) {
        self.status = status
        self.message = message
    }

    init(_ refusal: EmbedChats.Refusal) {
        switch refusal {
        case .unknown: self.init(.notFound, "Not Found")
        case .disabled:
            self.init(
                .serviceUnavailable, "This chat has been disabled by the administrator - try again later.")
        case .originNotAllowed: self.init(.unauthorized, "Invalid request.")
        case .dayIsFull(let seconds):
            self.init(.tooManyRequests, "Rate limit exceeded")
            sentence = "The quota for this chat has been reached. Try again later or contact the site owner."
            retryAfter = seconds
        case .sessionIsFull(let seconds):
            self.init(
                .tooManyRequests,
                "Your quota for this chat has been reached. Try again later or contact the site owner.")
            retryAfter = seconds
        case .tooFast(let seconds):
            self.init(.tooManyRequests, "Too many questions. Try again in a moment.")
            retryAfter = seconds
        }
    }

    var response: Response {
        var frame = ChatFrame.abort(message, id: UUIDText.random())
        frame["errorMsg"] = sentence.map(JSON.string)
        var response = Response(status: status, json: .object(frame))
        response.headers[.retryAfter] = retryAfter.map(String.init)
        return response
    }
}
