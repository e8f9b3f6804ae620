/// A chat with what storing it and its readers have added.
package struct StoredChat: Sendable, Equatable {
    package var id: Chat.ID
    package var chat: Chat
    /// What a reader thought of the answer; `nil` where nobody said.
    package var feedbackScore: Bool?
    package var createdAt: Timestamp

    package init(id: Chat.ID, chat: Chat, feedbackScore: Bool?, createdAt: Timestamp) {
        self.id = id
        self.chat = chat
        self.feedbackScore = feedbackScore
        self.createdAt = createdAt
    }
}
