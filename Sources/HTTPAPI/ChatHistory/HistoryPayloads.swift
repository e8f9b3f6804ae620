import Domain
import Persistence

extension StoredExchange {
    /// The user's message and the answer, in the key order of the wire.
    func messages(includesAttachments: Bool) -> [JSON] {
        var question: JSONObject = [
            "role": "user",
            "content": .string(exchange.prompt),
            "sentAt": .integer(createdAt.seconds),
            "attachments": .array(
                includesAttachments ? exchange.attachments : exchange.attachments.map(\.withoutContent)),
            "chatId": .integer(id),
        ]
        var answer: JSONObject = [
            "type": .string(exchange.mode),
            "role": "assistant",
            "content": .string(exchange.answer),
            "sources": .array(exchange.sources.map(JSON.object)),
            "chatId": .integer(id),
            "sentAt": .integer(createdAt.seconds),
            "feedbackScore": JSON(feedbackScore),
            "metrics": .object(exchange.metrics),
        ]
        if !exchange.toolUses.isEmpty { answer["toolCalls"] = .array(exchange.toolUses.map(\.json)) }
        if !exchange.isIncluded {
            question["excluded"] = true
            answer["excluded"] = true
        }
        return [.object(question), .object(answer)]
    }
}

extension JSON {
    /// An attachment without what was attached, by far its largest part.
    var withoutContent: JSON {
        guard var attachment = objectValue else { return self }
        attachment["contentString"] = nil
        return .object(attachment)
    }
}
