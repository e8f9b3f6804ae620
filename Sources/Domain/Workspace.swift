/// A container of settings, documents and conversations, addressed by its slug.
package struct Workspace: Sendable, Equatable {
    package typealias ID = Int64

    package var id: ID
    /// Given at creation, never changed.
    package var slug: String
    package var createdAt: Timestamp
    package var lastUpdatedAt: Timestamp
    package var settings: WorkspaceSettings

    package init(
        id: ID, slug: String, createdAt: Timestamp, lastUpdatedAt: Timestamp, settings: WorkspaceSettings
    ) {
        self.id = id
        self.slug = slug
        self.createdAt = createdAt
        self.lastUpdatedAt = lastUpdatedAt
        self.settings = settings
    }

    package var name: String { settings.name }
}

/// What a client may set on a workspace.
package struct WorkspaceSettings: Sendable, Equatable {
    package var name: String
    package var temperature: Double?
    /// Chats of history that go into a prompt.
    package var historyLimit = 20
    package var systemPrompt: String?
    /// Chunks below this similarity are not used, 0...1.
    package var similarityThreshold = 0.25
    /// Chunks that a search gives at most.
    package var resultLimit = 4
    package var chatMode = ChatMode.automatic
    package var chatProvider: String?
    package var chatModel: String?
    package var agentProvider: String?
    package var agentModel: String?
    package var queryRefusalResponse: String?
    package var vectorSearchMode = VectorSearchMode.default
    package var routerID: Int64?

    package init(name: String) { self.name = name }
}

package enum ChatMode: String, Sendable, CaseIterable {
    /// Answers from the documents and from what the model knows; may use tools once there are any.
    case automatic
    case chat
    /// Answers from the documents alone and refuses where they say nothing.
    case query
}

/// How chunks are found; the wire's name, from when there were only vectors.
package enum VectorSearchMode: String, Sendable, CaseIterable {
    /// By vectors and words together.
    case `default`
    /// The same, and the best of them judged once more.
    case rerank
    /// By vectors alone.
    case vector
    /// By words alone, without asking the embedder.
    case words

    /// As a sentence lists them.
    package static let list = allCases.map(\.rawValue).joined(separator: ", ")
}

/// One conversation in a workspace beside its default one.
package struct ChatThread: Sendable, Equatable {
    package typealias ID = Int64

    package var id: ID
    package var workspaceID: Workspace.ID
    package var name: String
    /// Unique over the whole instance; given at creation, never changed.
    package var slug: String
    /// Whose thread it is; `nil` where there are no users.
    package var userID: Int64?
    package var createdAt: Timestamp
    package var lastUpdatedAt: Timestamp

    package init(
        id: ID, workspaceID: Workspace.ID, name: String, slug: String, userID: Int64?, createdAt: Timestamp,
        lastUpdatedAt: Timestamp
    ) {
        self.id = id
        self.workspaceID = workspaceID
        self.name = name
        self.slug = slug
        self.userID = userID
        self.createdAt = createdAt
        self.lastUpdatedAt = lastUpdatedAt
    }
}
