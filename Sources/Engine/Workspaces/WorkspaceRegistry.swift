package import Domain
package import Persistence

/// Makes workspaces, each with an address that nobody else has, changes them and deletes them.
package struct WorkspaceRegistry: Sendable {
    private let workspaces: WorkspaceStore
    private let indexer: WorkspaceIndexer
    private let running: RunningAnswers
    private let events: EventStore
    /// The instruction of workspaces that are made without one.
    private let systemPrompt: @Sendable () -> String

    private static let attempts = 16

    package init(
        workspaces: WorkspaceStore, indexer: WorkspaceIndexer, running: RunningAnswers, events: EventStore,
        systemPrompt: @escaping @Sendable () -> String
    ) {
        self.systemPrompt = systemPrompt
        self.workspaces = workspaces
        self.indexer = indexer
        self.running = running
        self.events = events
    }

    package func create(
        _ settings: WorkspaceSettings, fullName: String, by caller: Caller
    ) async throws -> Workspace {
        var settings = settings
        settings.systemPrompt = settings.systemPrompt ?? systemPrompt()
        var slug = Slug.workspace(fullName) ?? UUIDText.random()
        for _ in 0..<Self.attempts {
            if let workspace = try await workspaces.create(settings, slug: slug, at: .now) {
                try await events.log(.workspaceCreated(name: workspace.name), by: caller)
                return workspace
            }
            let number = Int.random(in: 10_000_000...99_999_999)
            slug = Slug.workspace("\(fullName)-\(number)") ?? UUIDText.random()
            if !slug.hasSuffix("\(number)") { slug = "\(slug.prefix(100))-\(number)" }
        }
        throw ServiceError(.conflict, "No free address was found for the workspace.")
    }

    /// `nil` where the workspace is gone.
    package func update(
        _ workspace: Workspace, to settings: WorkspaceSettings, by caller: Caller
    ) async throws -> Workspace? {
        guard let updated = try await workspaces.update(workspace.id, to: settings, at: .now) else { return nil }
        try await events.log(.workspaceUpdated(name: updated.name), by: caller)
        return updated
    }

    /// Deletes a workspace with everything that hangs on it and ends the answers in it; `false` where it is gone already.
    package func delete(_ workspace: Workspace, by caller: Caller) async throws -> Bool {
        guard let deleted = try await indexer.delete(workspace) else { return false }
        running.end(workspace: deleted.id)
        try await events.log(.workspaceDeleted(name: deleted.name), by: caller)
        return true
    }
}
