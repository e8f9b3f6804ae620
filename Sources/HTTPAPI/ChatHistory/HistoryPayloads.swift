import Domain
import Engine
import OrderedJSON
import Persistence

extension StoredChat {
    /// The user's message and the answer, in the key order of the wire.
    func messages(includesAttachments: Bool) -> [JSON] {
        var question: JSONObject = [
            "role": "user",
            "content": .string(chat.prompt),
            "sentAt": .integer(createdAt.seconds),
            "attachments": .array(
                chat.attachments.map { $0.json(includesContent: includesAttachments) }),
            "chatId": .integer(id),
        ]
        var answer: JSONObject = [
            "type": .string(chat.mode),
            "role": "assistant",
            "content": .string(chat.answer),
            "sources": .array(chat.sources.map(\.json)),
            "chatId": .integer(id),
            "sentAt": .integer(createdAt.seconds),
            "feedbackScore": JSON(feedbackScore),
            "metrics": .object(chat.metrics?.json ?? [:]),
        ]
        let citations = Citation.citations(in: chat.answer, chat.sources)
        if !citations.isEmpty { answer["citations"] = .array(citations.map(\.json)) }
        if !chat.toolUses.isEmpty { answer["toolCalls"] = .array(chat.toolUses.map(\.json)) }
        if !chat.isIncluded {
            question["excluded"] = true
            answer["excluded"] = true
        }
        return [.object(question), .object(answer)]
    }
}
