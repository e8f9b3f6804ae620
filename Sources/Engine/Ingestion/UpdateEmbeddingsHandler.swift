package import Domain
package import Persistence

/// Takes documents out of a workspace, then puts others in, each for itself.
package struct UpdateEmbeddingsHandler: JobHandler {
    private let documents: DocumentStore
    private let workspaces: WorkspaceDirectory
    private let indexer: WorkspaceIndexer
    private let events: EventStore

    package init(
        documents: DocumentStore, workspaces: WorkspaceDirectory, indexer: WorkspaceIndexer, events: EventStore
    ) {
        self.documents = documents
        self.workspaces = workspaces
        self.indexer = indexer
        self.events = events
    }

    package func run(
        _ job: Job, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> Job.Outcome {
        guard case .embeddingsUpdate(let update) = job.work else { throw ServiceError.unreadableJob }
        guard let workspace = try await workspaces.find(id: update.workspaceID, for: job.caller) else {
            throw ServiceError.notFound("The workspace was removed.")
        }
        let removed = try await indexer.remove(update.removals.compactMap(DocumentPath.init), from: workspace.id)
        if removed > 0 { try await events.log(.documentsRemoved(removed, workspace: workspace.name), by: job.caller) }
        let failures = try await add(update.additions, to: workspace, by: job.caller, progress: progress)
        try await events.log(
            added: update.additions.count - failures.count, failed: failures.map(\.path), to: workspace,
            by: job.caller)
        return .embeddings(EmbeddingsOutcome(failures: failures))
    }

    /// Those that could not be added.
    private func add(
        _ texts: [String], to workspace: Workspace, by caller: Caller,
        progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> [EmbeddingsOutcome.Failure] {
        let paths = Set(texts.compactMap(DocumentPath.init))
        let found = try await documents.find(Array(paths), for: caller)
        let byPath = Dictionary(found.map { ($0.path, $0) }) { first, _ in first }
        var failures: [EmbeddingsOutcome.Failure] = []
        var series = DocumentSeries(count: texts.count, tokenCount: found.reduce(0) { $0 + $1.tokenCount })
        for text in texts {
            let (path, place) = (DocumentPath(text), series)
            let document = path.flatMap { byPath[$0] }
            let error = try await failure {
                guard path != nil else { throw ServiceError.invalid("Invalid path.") }
                guard let document else { throw ServiceError.notFound("There is no document of this name.") }
                try await indexer.add(document, to: workspace.id) { state in
                    await progress(place.progress(state, of: document))
                }
            }
            if let error { failures.append(.init(path: text, error: error)) }
            series.finish(document)
        }
        return failures
    }
}
