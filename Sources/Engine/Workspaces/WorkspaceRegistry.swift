package import Domain
package import Persistence

/// Makes workspaces and gives each an address that nobody else has.
package struct WorkspaceRegistry: Sendable {
    private let workspaces: WorkspaceStore
    private let events: EventStore

    private static let attempts = 16

    package init(workspaces: WorkspaceStore, events: EventStore) {
        self.workspaces = workspaces
        self.events = events
    }

    package func create(_ settings: WorkspaceSettings, fullName: String) async throws -> Workspace {
        var settings = settings
        settings.systemPrompt = settings.systemPrompt ?? SystemPrompt.standard
        var slug = Slug.workspace(fullName) ?? UUIDText.random()
        for _ in 0..<Self.attempts {
            if let workspace = try await workspaces.create(settings, slug: slug, at: .now) {
                try await events.log("api_workspace_created", ["workspaceName": .string(workspace.name)])
                return workspace
            }
            let number = Int.random(in: 10_000_000...99_999_999)
            slug = Slug.workspace("\(fullName)-\(number)") ?? UUIDText.random()
            if !slug.hasSuffix("\(number)") { slug = "\(slug.prefix(100))-\(number)" }
        }
        throw ServiceError(.conflict, "No free address was found for the workspace.")
    }
}
