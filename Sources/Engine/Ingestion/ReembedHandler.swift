package import Domain
package import Persistence

/// Embeds everything that workspaces hold with the embedder in use, after another one was chosen.
///
/// Until a document's turn comes it cannot be found, for its old vectors mean nothing to the new model; they are kept
/// until the end, so that going back to the old embedder costs nothing.
package struct ReembedHandler: JobHandler {
    private let memberships: WorkspaceDocumentStore
    private let chunks: ChunkStore
    private let indexer: WorkspaceIndexer
    private let embedding: EmbeddingService

    package init(
        memberships: WorkspaceDocumentStore, chunks: ChunkStore, indexer: WorkspaceIndexer,
        embedding: EmbeddingService
    ) {
        self.memberships = memberships
        self.chunks = chunks
        self.indexer = indexer
        self.embedding = embedding
    }

    package func run(
        _ job: Job, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> Job.Outcome {
        var failures: [EmbeddingsOutcome.Failure] = []
        for membership in try await memberships.outdated(embedder: embedding.model.fingerprint) {
            let error = try await failure {
                try await indexer.add(membership.document, to: membership.workspaceID, progress: progress)
            }
            if let error { failures.append(.init(path: membership.document.path.text, error: error)) }
        }
        if failures.isEmpty { try await chunks.deleteUnusedSets(except: embedding.model.fingerprint) }
        return .embeddings(EmbeddingsOutcome(failures: failures))
    }
}
