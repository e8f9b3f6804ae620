package import Domain
package import Persistence

/// Finds workspaces for whoever asks: nobody learns of one that is not theirs.
package struct WorkspaceDirectory: Sendable {
    private let workspaces: WorkspaceStore

    package init(workspaces: WorkspaceStore) { self.workspaces = workspaces }

    package func all(for caller: Caller) async throws -> [Workspace] {
        try await workspaces.all().filter { caller.workspaces.includes($0.id) }
    }

    package func find(slug: String, for caller: Caller) async throws -> Workspace? {
        try await workspaces.find(slug: slug).flatMap { caller.workspaces.includes($0.id) ? $0 : nil }
    }

    package func find(id: Workspace.ID, for caller: Caller) async throws -> Workspace? {
        caller.workspaces.includes(id) ? try await workspaces.find(id: id) : nil
    }

    /// Those of `slugs` that exist for the caller, in the order in which they were made.
    package func find(slugs: [String], for caller: Caller) async throws -> [Workspace] {
        try await workspaces.find(slugs: slugs).filter { caller.workspaces.includes($0.id) }
    }
}
