package import Domain
package import Persistence

/// Counts over the whole instance.
package struct InstanceStatistics: Sendable {
    private let memberships: WorkspaceDocumentStore
    private let chunks: ChunkStore

    package init(memberships: WorkspaceDocumentStore, chunks: ChunkStore) {
        self.memberships = memberships
        self.chunks = chunks
    }

    /// Whether any workspace holds a document.
    package func hasDocuments() async throws -> Bool { try await memberships.count() > 0 }

    package func vectorCount() async throws -> Int { try await chunks.vectorCount() }

    /// How many documents each workspace holds; those that hold none are left out.
    package func documentCounts() async throws -> [Workspace.ID: Int] { try await memberships.counts() }

    /// How many vectors each workspace holds; those that hold none are left out.
    package func vectorCounts() async throws -> [Workspace.ID: Int] { try await chunks.vectorCounts() }
}
