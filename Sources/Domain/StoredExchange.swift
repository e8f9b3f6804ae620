/// An exchange with what storing it and its readers have added.
package struct StoredExchange: Sendable, Equatable {
    package var id: Exchange.ID
    package var exchange: Exchange
    /// What a reader thought of the answer; `nil` where nobody said.
    package var feedbackScore: Bool?
    package var createdAt: Timestamp

    package init(id: Exchange.ID, exchange: Exchange, feedbackScore: Bool?, createdAt: Timestamp) {
        self.id = id
        self.exchange = exchange
        self.feedbackScore = feedbackScore
        self.createdAt = createdAt
    }
}
