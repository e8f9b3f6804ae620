/// An answer in the form of OpenAI's Responses API, kept for whoever asks for it again or goes on from it.
package struct StoredResponse: Sendable, Equatable {
    /// `resp_` and 32 hexadecimal digits.
    package var id: String
    /// What answered.
    package var workspaceID: Workspace.ID
    /// The response that it goes on from; it may have been deleted since.
    package var previousID: String?
    package var createdAt: Timestamp
    /// The object that its client was sent, as JSON.
    package var body: String
    /// What its client had sent, as a JSON array of items.
    package var input: String

    package init(
        id: String, workspaceID: Workspace.ID, previousID: String? = nil, createdAt: Timestamp, body: String,
        input: String
    ) {
        self.id = id
        self.workspaceID = workspaceID
        self.previousID = previousID
        self.createdAt = createdAt
        self.body = body
        self.input = input
    }
}
