package import Domain
package import Persistence

/// Makes embeds, changes them, and shows what their visitors asked.
package struct EmbedRegistry: Sendable {
    private let embeds: EmbedStore
    private let chats: EmbedChatStore
    private let workspaces: WorkspaceStore
    private let running: RunningAnswers

    package init(embeds: EmbedStore, chats: EmbedChatStore, workspaces: WorkspaceStore, running: RunningAnswers) {
        self.embeds = embeds
        self.chats = chats
        self.workspaces = workspaces
        self.running = running
    }

    package func all() async throws -> [EmbedStore.Listed] { try await embeds.all() }

    package func find(uuid: String) async throws -> Embed? { try await embeds.find(uuid: uuid.lowercased()) }

    package func find(id: Int64) async throws -> Embed? { try await embeds.find(id: id) }

    package func workspace(slug: String) async throws -> Workspace? { try await workspaces.find(slug: slug) }

    package func workspace(id: Workspace.ID) async throws -> Workspace? { try await workspaces.find(id: id) }

    package func workspaces() async throws -> [Workspace.ID: Workspace] {
        Dictionary(try await workspaces.all().map { ($0.id, $0) }) { first, _ in first }
    }

    package func create(_ settings: EmbedSettings, by caller: Caller) async throws -> Embed {
        do {
            return try await embeds.insert(settings, uuid: UUIDText.random(), by: caller, at: .now)
        } catch DatabaseError.foreignKeyViolation {
            throw ServiceError.notFound("Workspace not found")
        }
    }

    /// Answers that are under way end where the embed is closed, moved, or allowed other pages.
    ///
    /// - Throws: `notFound` where the embed is gone.
    package func update(_ embed: Embed, to settings: EmbedSettings, by caller: Caller) async throws {
        guard try await embeds.update(embed, to: settings, by: caller, at: .now) else { throw Self.notFound }
        let old = embed.settings
        let isNarrower =
            !settings.isEnabled || settings.workspaceID != old.workspaceID
            || settings.allowedOrigins != old.allowedOrigins
        if isNarrower { running.end(embed: embed.id) }
    }

    /// Deletes an embed with its chats, and ends the answers that are being made for it.
    package func delete(_ embed: Embed, by caller: Caller) async throws {
        guard try await embeds.delete(embed, by: caller, at: .now) else { throw Self.notFound }
        running.end(embed: embed.id)
    }

    package func chats(
        of embed: Embed, session: String? = nil, offset: Int = 0, limit: Int
    ) async throws -> [EmbedChat] {
        try await chats.all(of: embed.id, session: session, offset: offset, limit: limit)
    }

    package static let notFound = ServiceError.notFound("Embed not found")
}
