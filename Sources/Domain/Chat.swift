/// Which of a workspace's conversations: the exact triple of user, thread and session.
package struct Conversation: Sendable, Hashable {
    package var workspaceID: Workspace.ID
    package var threadID: ChatThread.ID?
    package var userID: Int64?
    package var sessionID: String?

    package init(
        workspaceID: Workspace.ID, threadID: ChatThread.ID? = nil, userID: Int64? = nil, sessionID: String? = nil
    ) {
        self.workspaceID = workspaceID
        self.threadID = threadID
        self.userID = userID
        self.sessionID = sessionID
    }
}

/// A stored question with its answer.
package struct Exchange: Sendable, Equatable {
    package typealias ID = Int64

    package var id: ID
    package var conversation: Conversation
    package var prompt: String
    /// `text`, `sources`, `attachments`, `type` and `metrics`, as clients receive them.
    package var response: JSONObject
    /// Whether it is part of the history; refusals and what was reset are not.
    package var isIncluded: Bool
    package var feedbackScore: Bool?
    package var createdAt: Timestamp

    package init(
        id: ID, conversation: Conversation, prompt: String, response: JSONObject, isIncluded: Bool,
        feedbackScore: Bool?, createdAt: Timestamp
    ) {
        self.id = id
        self.conversation = conversation
        self.prompt = prompt
        self.response = response
        self.isIncluded = isIncluded
        self.feedbackScore = feedbackScore
        self.createdAt = createdAt
    }

    package var responseText: String? { response["text"]?.stringValue }
}
