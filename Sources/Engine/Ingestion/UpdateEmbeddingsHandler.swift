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
        for path in update.removals.compactMap(DocumentPath.init) {
            try await indexer.remove(path, from: workspace.id)
        }
        var failures: [EmbeddingsOutcome.Failure] = []
        for path in update.additions {
            let error = try await failure { try await add(path, to: workspace, by: job.caller, progress: progress) }
            if let error { failures.append(.init(path: path, error: error)) }
        }
        try await log(update, added: update.additions.count - failures.count, workspace, by: job.caller)
        return .embeddings(EmbeddingsOutcome(failures: failures))
    }

    private func add(
        _ text: String, to workspace: Workspace, by caller: Caller,
        progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws {
        guard let path = DocumentPath(text) else { throw ServiceError.invalid("Invalid path.") }
        guard let document = try await documents.find(path, for: caller) else {
            throw ServiceError.notFound("There is no document of this name.")
        }
        try await indexer.add(document, to: workspace.id, progress: progress)
    }

    private func log(
        _ update: EmbeddingsUpdate, added: Int, _ workspace: Workspace, by caller: Caller
    ) async throws {
        if !update.removals.isEmpty {
            try await events.log(
                "workspace_documents_removed",
                ["workspaceName": .string(workspace.name), "numberOfDocuments": JSON(update.removals.count)],
                by: caller)
        }
        if added > 0 {
            try await events.log(
                "workspace_documents_added",
                ["workspaceName": .string(workspace.name), "numberOfDocumentsAdded": JSON(added)],
                by: caller)
        }
    }
}
