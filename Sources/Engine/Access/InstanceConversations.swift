package import Domain
package import Persistence

/// The conversations of the whole instance, for those who may see all of them.
package struct InstanceConversations: Sendable {
    let chats: ChatStore
    let embedChats: EmbedChatStore
    private let workspaces: WorkspaceStore
    private let users: UserStore
    private let events: EventStore
    private let settings: Settings

    package init(
        chats: ChatStore, embedChats: EmbedChatStore, workspaces: WorkspaceStore, users: UserStore, events: EventStore,
        settings: Settings
    ) {
        self.chats = chats
        self.embedChats = embedChats
        self.workspaces = workspaces
        self.users = users
        self.events = events
        self.settings = settings
    }

    /// Names of workspaces and users, looked up once for a whole list or file.
    package struct Names: Sendable {
        package let workspaces: [Workspace.ID: Workspace]
        package let users: [User.ID: String]

        /// Who asked, as exports call them.
        package func user(of chat: StoredChat) -> String {
            let conversation = chat.chat.conversation
            if conversation.sessionID != nil { return "API" }
            return conversation.userID.flatMap { users[$0] } ?? "unknown user"
        }
    }

    package func names() async throws -> Names {
        Names(
            workspaces: Dictionary(try await workspaces.all().map { ($0.id, $0) }) { first, _ in first },
            users: Dictionary(try await users.all().map { ($0.id, $0.name) }) { first, _ in first })
    }

    /// - Throws: `unprocessable` where operators have hidden conversations.
    package func requireVisible() throws(ServiceError) {
        guard !settings.snapshot.flag("DISABLE_VIEW_CHAT_HISTORY") else {
            throw ServiceError(.unprocessable, "This feature has been disabled by the administrator.")
        }
    }

    /// A page of all chats, the newest first, and how many there are.
    package func page(offset: Int, limit: Int) async throws -> (chats: [StoredChat], total: Int) {
        let ids = try await chats.newestIDs(offset: offset, limit: limit)
        return (try await chats.find(ids), try await chats.count())
    }

    /// A page of what visitors asked, the newest first, and how many questions there are.
    package func embedPage(offset: Int, limit: Int) async throws -> (chats: [EmbedChat], total: Int) {
        (try await embedChats.newest(offset: offset, limit: limit), try await embedChats.count())
    }

    package func workspace(slug: String) async throws -> Workspace? { try await workspaces.find(slug: slug) }

    package func logExport(of kind: ExportedChat.Kind, type: String, by caller: Caller) async throws {
        try await events.log(.chatsExported(type: type, isOfEmbeds: kind == .embed), by: caller)
    }

    // MARK: Deleting

    /// `false` where there is no such chat.
    package func deleteChat(_ id: Chat.ID, by caller: Caller) async throws -> Bool {
        try await chats.delete(id, by: caller, at: .now)
    }

    package func deleteAllChats(by caller: Caller) async throws { try await chats.deleteAll(by: caller, at: .now) }

    /// `false` where there is no such chat.
    package func deleteEmbedChat(_ id: Int64, by caller: Caller) async throws -> Bool {
        try await embedChats.delete(id, by: caller, at: .now)
    }

    /// Deletes chats that are older than `LECTERN_CHAT_RETENTION_DAYS`.
    package func expire(at now: Timestamp = .now) async throws {
        guard let days = settings.snapshot.amount(for: "LECTERN_CHAT_RETENTION_DAYS") else { return }
        let oldest = now - .seconds(days * 86_400)
        let count = try await chats.delete(before: oldest) + embedChats.delete(before: oldest)
        if count > 0 { try await events.log(.chatsExpired(count), by: .system) }
    }
}
