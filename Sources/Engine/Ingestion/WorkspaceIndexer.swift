import Concurrency
package import Domain
package import Persistence

/// Puts documents into workspaces and takes them out, in SQL first and then in the vector store.
///
/// Changes of one workspace are made one after the other, so that SQL and vectors cannot pass each other.
package struct WorkspaceIndexer: Sendable {
    private let builder: ChunkSetBuilder
    private let chunks: ChunkStore
    private let memberships: WorkspaceDocumentStore
    private let workspaces: WorkspaceStore
    private let vectors: any VectorStore
    private let embedding: EmbeddingService
    private let lock = KeyedLock<Workspace.ID>()

    package init(
        builder: ChunkSetBuilder, chunks: ChunkStore, memberships: WorkspaceDocumentStore,
        workspaces: WorkspaceStore, vectors: any VectorStore, embedding: EmbeddingService
    ) {
        self.builder = builder
        self.chunks = chunks
        self.memberships = memberships
        self.workspaces = workspaces
        self.vectors = vectors
        self.embedding = embedding
    }

    /// Embeds a document where that is not done yet and makes it findable in the workspace. A document that is in it
    /// already stays as it is.
    func add(
        _ document: Document, to workspace: Workspace.ID,
        progress: @escaping @Sendable (JobProgress) async -> Void = { _ in }
    ) async throws {
        while true {
            let embedder = embedding.embedder
            let set = try await builder.chunkSet(for: document, embedder: embedder, progress: progress)
            let isLinked = try await lock.withLock(workspace) {
                // Somebody may have changed the embedder meanwhile; then these chunks are of no use.
                guard embedding.model.fingerprint == embedder.model.fingerprint else { return false }
                try await link(document, to: workspace, chunkSet: set)
                return true
            }
            if isLinked { return }
        }
    }

    private func link(_ document: Document, to workspace: Workspace.ID, chunkSet set: Int64) async throws {
        do {
            try await memberships.link(document.id, to: workspace, chunkSet: set, docID: UUIDText.random(), at: .now)
        } catch DatabaseError.foreignKeyViolation {
            throw ServiceError.notFound("The workspace or the document was removed.")
        }
        try await vectors.upsert(try await chunks.vectors(in: set), in: Namespace(workspace))
    }

    /// Takes a document out of a workspace; its chunks stay stored, so that putting it back costs nothing. Does nothing
    /// where it is not in it.
    func remove(_ path: DocumentPath, from workspace: Workspace.ID) async throws {
        try await lock.withLock(workspace) {
            guard let set = try await memberships.unlink(path, from: workspace) else { return }
            let unused = try await chunks.chunks(of: set, unusedIn: workspace)
            try await vectors.delete(unused, in: Namespace(workspace))
        }
    }

    /// Deletes a workspace with everything that hangs on it; `nil` where it is gone already.
    func delete(_ workspace: Workspace) async throws -> Workspace? {
        try await lock.withLock(workspace.id) {
            let deleted = try await workspaces.delete(slug: workspace.slug)
            try await vectors.drop(Namespace(workspace.id))
            return deleted
        }
    }
}
