package import Domain
package import Persistence

/// Counts over all workspaces that a caller may know of.
package struct InstanceStatistics: Sendable {
    private let memberships: WorkspaceDocumentStore
    private let chunks: ChunkStore

    package init(memberships: WorkspaceDocumentStore, chunks: ChunkStore) {
        self.memberships = memberships
        self.chunks = chunks
    }

    /// Whether any workspace holds a document.
    package func hasDocuments() async throws -> Bool { try await memberships.count() > 0 }

    package func vectorCount(for caller: Caller) async throws -> Int {
        if caller.workspaces == .all { return try await chunks.vectorCount() }
        return try await vectorCounts(for: caller).values.reduce(0, +)
    }

    /// How many documents each workspace holds; those that hold none are left out.
    package func documentCounts(for caller: Caller) async throws -> [Workspace.ID: Int] {
        try await memberships.counts().filter { caller.workspaces.includes($0.key) }
    }

    /// How many vectors each workspace holds; those that hold none are left out.
    package func vectorCounts(for caller: Caller) async throws -> [Workspace.ID: Int] {
        try await chunks.vectorCounts().filter { caller.workspaces.includes($0.key) }
    }
}
