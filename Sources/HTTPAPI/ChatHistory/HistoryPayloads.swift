import Domain
import Persistence

extension StoredChat {
    /// The user's message and the answer, in the key order of the wire.
    func messages(includesAttachments: Bool) -> [JSON] {
        var question: JSONObject = [
            "role": "user",
            "content": .string(chat.prompt),
            "sentAt": .integer(createdAt.seconds),
            "attachments": .array(
                includesAttachments ? chat.attachments : chat.attachments.map(\.withoutContent)),
            "chatId": .integer(id),
        ]
        var answer: JSONObject = [
            "type": .string(chat.mode),
            "role": "assistant",
            "content": .string(chat.answer),
            "sources": .array(chat.sources.map(JSON.object)),
            "chatId": .integer(id),
            "sentAt": .integer(createdAt.seconds),
            "feedbackScore": JSON(feedbackScore),
            "metrics": .object(chat.metrics),
        ]
        if !chat.toolUses.isEmpty { answer["toolCalls"] = .array(chat.toolUses.map(\.json)) }
        if !chat.isIncluded {
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
