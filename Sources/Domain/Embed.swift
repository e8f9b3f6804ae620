/// A chat widget that other sites show: which workspace answers, to whom, and how much.
package struct Embed: Sendable, Equatable {
    package let id: Int64
    /// By which the widget names it; whoever knows it may ask.
    package let uuid: String
    package var settings: EmbedSettings
    package let createdBy: Caller.Record
    package let createdAt: Timestamp

    package init(
        id: Int64, uuid: String, settings: EmbedSettings, createdBy: Caller.Record, createdAt: Timestamp
    ) {
        self.id = id
        self.uuid = uuid
        self.settings = settings
        self.createdBy = createdBy
        self.createdAt = createdAt
    }
}

package struct EmbedSettings: Sendable, Equatable {
    package var workspaceID: Workspace.ID
    package var isEnabled = true
    /// `chat` or `query`.
    package var mode = ChatMode.query
    /// Origins of pages that may show the widget, `https://example.org` or `https://*.example.org`; `nil` for every page,
    /// empty for none.
    package var allowedOrigins: [String]?
    package var allowsModelOverride = false
    /// Models that pages may choose, where they may; `nil` for any that the provider has.
    package var allowedModels: [String]?
    package var allowsTemperatureOverride = false
    package var allowsPromptOverride = false
    /// Whether visitors are told which documents an answer rests on.
    package var showsSources = false
    /// Within 24 hours; `nil` for any number.
    package var maximumChatsPerDay: Int?
    package var maximumChatsPerSession: Int?
    /// Chats of history that go into a prompt; `nil` for the usual number.
    package var historyLimit: Int?

    package init(workspaceID: Workspace.ID) { self.workspaceID = workspaceID }

    package static let standardHistoryLimit = 20
}

/// A question of a visitor with its answer, as it is stored.
package struct EmbedChat: Sendable, Equatable {
    package let id: Int64
    package let embedID: Int64
    package let sessionID: String
    package let prompt: String
    package let answer: String
    package let mode: String
    package let sources: [Source]
    package let metrics: ChatMetrics?
    /// Whether it is part of the conversation; what was reset, and what has no answer, is not.
    package let isIncluded: Bool
    package let visitor: EmbedVisitor
    package let createdAt: Timestamp

    package init(
        id: Int64, embedID: Int64, sessionID: String, prompt: String, answer: String, mode: String, sources: [Source],
        metrics: ChatMetrics?, isIncluded: Bool, visitor: EmbedVisitor, createdAt: Timestamp
    ) {
        self.id = id
        self.embedID = embedID
        self.sessionID = sessionID
        self.prompt = prompt
        self.answer = answer
        self.mode = mode
        self.sources = sources
        self.metrics = metrics
        self.isIncluded = isIncluded
        self.visitor = visitor
        self.createdAt = createdAt
    }
}

/// What is known of a visitor.
package struct EmbedVisitor: Sendable, Equatable {
    /// Of the page, as the browser says.
    package var origin: String?
    package var address: String?
    /// As the page says.
    package var name: String?

    package init(origin: String?, address: String?, name: String?) {
        self.origin = origin
        self.address = address
        self.name = name
    }
}
