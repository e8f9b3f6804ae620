package import Domain
package import Persistence

/// Moves every workspace to the current embedder, after another one was chosen; whose vectors serve meanwhile is said at
/// ``WorkspaceEmbedders``.
///
/// What is embedded already is found again, so that a job which a crash cut off goes on where it was.
package struct ReembedHandler: JobHandler {
    private let store: EmbedderStore
    private let indexer: WorkspaceIndexer
    private let embedders: WorkspaceEmbedders

    package init(store: EmbedderStore, indexer: WorkspaceIndexer, embedders: WorkspaceEmbedders) {
        self.store = store
        self.indexer = indexer
        self.embedders = embedders
    }

    /// Throws where a workspace could not be moved, after it has tried the others; the old vectors serve on then.
    package func run(
        _ job: Job, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> Job.Outcome {
        let embedder = embedders.embedding.embedder
        if let problem = embedder.problem { throw problem }
        var failures: [String] = []
        let outdated = try await store.outdatedDocuments(embedder.model.fingerprint)
        var series = DocumentSeries(count: outdated.count, tokenCount: outdated.tokenCount)
        for workspace in try await store.outdatedWorkspaces(embedder.model.fingerprint) {
            let error = try await failure {
                let isMoved = try await indexer.move(workspace, to: embedder, in: &series, progress: progress)
                guard isMoved else {
                    throw ServiceError(
                        .conflict, "Another embedding model was chosen meanwhile, with a job of its own.")
                }
            }
            if let error { failures.append(error) }
        }
        if let first = failures.first {
            throw ServiceError(
                .unavailable,
                "\(failures.count) workspaces could not be embedded with the new model and are searched with the old one. "
                    + first)
        }
        try await embedders.removeUnused()
        return .embeddings(EmbeddingsOutcome(failures: []))
    }
}
