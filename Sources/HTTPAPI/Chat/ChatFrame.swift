import Domain
import Engine
import OrderedJSON
import Persistence

/// The objects that chat endpoints answer with.
enum ChatFrame {
    /// Why there is no answer, as a whole one. Whole answers have no `uuid`: clients that know each of their keys refuse more.
    static func refusal(_ message: String) -> JSONObject {
        var object = abort(message, id: UUIDText.random())
        object["uuid"] = nil
        return object
    }

    /// Why a stream ends here.
    static func abort(_ message: String, id: String) -> JSONObject {
        [
            "id": .string(id), "uuid": .string(id), "type": "abort", "textResponse": nil, "sources": [],
            "close": true, "error": .string(message),
        ]
    }

    /// The whole answer in one object.
    static func whole(_ answer: ChatAnswer, id: String) -> JSONObject {
        if answer.kind == .empty { return refusal(answer.failure ?? "").merging(metrics(answer)) }
        var object: JSONObject = [
            "id": .string(id), "type": "textResponse", "close": true, "error": nil,
            "chatId": JSON(answer.chatID), "textResponse": .string(answer.text),
            "sources": .array(answer.sources.map(\.json)), "metrics": .object(answer.metrics?.json ?? [:]),
        ]
        if answer.chatID == nil { object["chatId"] = nil }
        return object.merging(extras(answer))
    }

    /// What is being done before the answer goes on.
    static func thought(_ text: String, id: String) -> JSON {
        [
            "id": .string(id), "uuid": .string(id), "type": "agentThought", "thought": .string(text), "sources": [],
            "attachments": [], "close": false, "error": nil, "animate": true,
        ]
    }

    static func piece(_ text: String, id: String, closes: Bool = false, sources: [Source] = []) -> JSON {
        [
            "uuid": .string(id), "id": .string(id), "sources": .array(sources.map(\.json)),
            "type": "textResponseChunk", "textResponse": .string(text), "close": .bool(closes), "error": nil,
        ]
    }

    /// The last frame, after the answer has been stored.
    static func final(_ answer: ChatAnswer, id: String) -> JSON {
        let frame: JSONObject = [
            "uuid": .string(id), "id": .string(id), "type": "finalizeResponseStream", "close": true,
            "error": JSON(answer.failure), "chatId": JSON(answer.chatID),
            "metrics": .object(answer.metrics?.json ?? [:]),
            "sources": .array(answer.sources.map(\.json)),
        ]
        return .object(frame.merging(extras(answer)))
    }

    /// An answer that comes whole in a stream: a refusal, or that the history was reset.
    static func notice(_ answer: ChatAnswer, id: String) -> JSON {
        var object: JSONObject = [
            "id": .string(id), "uuid": .string(id), "type": "textResponse", "textResponse": .string(answer.text),
            "sources": [], "attachments": [], "close": true, "error": nil, "metrics": [:],
        ]
        if let chat = answer.chatID { object["chatId"] = .integer(chat) }
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
        let citations = Citation.citations(in: answer.text, answer.sources)
        if !citations.isEmpty { extras["citations"] = .array(citations.map(\.json)) }
        if !answer.warnings.isEmpty { extras["warnings"] = .array(answer.warnings.map(JSON.string)) }
        return extras
    }

    private static func metrics(_ answer: ChatAnswer) -> JSONObject {
        ["metrics": .object(answer.metrics?.json ?? [:])]
    }
}
