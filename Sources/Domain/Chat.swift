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

/// A question with its answer, as it is stored.
package struct Chat: Sendable, Equatable {
    package typealias ID = Int64

    package var conversation: Conversation
    package var prompt: String
    package var answer: String
    /// `automatic`, `chat` or `query`.
    package var mode: String
    package var sources: [Source]
    package var attachments: [MediaAttachment]
    /// `nil` where no model was asked.
    package var metrics: ChatMetrics?
    /// What the model had done on the way to its answer, in order.
    package var toolUses: [ToolUse] = []
    /// Whether it is part of the history; refusals and what was reset are not.
    package var isIncluded: Bool

    package init(
        conversation: Conversation, prompt: String, answer: String, mode: String, sources: [Source] = [],
        attachments: [MediaAttachment] = [], metrics: ChatMetrics? = nil, isIncluded: Bool
    ) {
        self.conversation = conversation
        self.prompt = prompt
        self.answer = answer
        self.mode = mode
        self.sources = sources
        self.attachments = attachments
        self.metrics = metrics
        self.isIncluded = isIncluded
    }
}

/// A tool that was run for a model, and what came of it.
package struct ToolUse: Sendable, Equatable {
    package var name: String
    /// JSON as the model wrote it, which may be anything.
    package var arguments: String
    /// What the model was told.
    package var result: String
    package var isError: Bool

    package init(name: String, arguments: String, result: String, isError: Bool) {
        self.name = name
        self.arguments = arguments
        self.result = result
        self.isError = isError
    }
}

/// What a prompt needs of a chat; its sources, by far the largest part, stay where they are.
package struct PastChat: Sendable, Equatable {
    package var id: Chat.ID
    package var prompt: String
    package var answer: String
    package var attachments: [MediaAttachment]

    package init(id: Chat.ID, prompt: String, answer: String, attachments: [MediaAttachment]) {
        self.id = id
        self.prompt = prompt
        self.answer = answer
        self.attachments = attachments
    }
}
