package import Domain
package import Persistence

/// Puts new documents into the workspaces that a client named.
package struct WorkspaceDistributor: Sendable {
    private let workspaces: WorkspaceDirectory
    private let indexer: WorkspaceIndexer
    private let events: EventStore

    package init(workspaces: WorkspaceDirectory, indexer: WorkspaceIndexer, events: EventStore) {
        self.workspaces = workspaces
        self.indexer = indexer
        self.events = events
    }

    /// Tries every document in every workspace, whatever becomes of the others.
    ///
    /// - Returns: what became of each; unknown slugs are among them, with the error.
    package func distribute(
        _ documents: [Document], to slugs: [String], by caller: Caller,
        progress: @escaping @Sendable (JobProgress) async -> Void = { _ in }
    ) async throws -> [IngestionOutcome.Placement] {
        let found = try await workspaces.find(slugs: slugs, for: caller)
        var placements: [IngestionOutcome.Placement] = []
        for workspace in found {
            for document in documents {
                let error = try await failure {
                    try await indexer.add(document, to: workspace.id, progress: progress)
                }
                placements.append(.init(workspace: workspace.slug, location: document.path.text, error: error))
            }
            try await events.log(
                "workspace_documents_added",
                ["workspaceName": .string(workspace.name), "numberOfDocumentsAdded": JSON(documents.count)],
                by: caller)
        }
        let known = Set(found.map(\.slug))
        for slug in slugs where !known.contains(slug) {
            placements.append(
                .init(workspace: slug, location: nil, error: "Workspace \(slug) is not a valid workspace."))
        }
        return placements
    }
}

/// What went wrong with one of several things, for people; `nil` where nothing did. Being stopped is passed on.
func failure(_ work: () async throws -> Void) async throws -> String? {
    do {
        try await work()
        return nil
    } catch let error as ServiceError {
        return error.message
    } catch let error as CancellationError {
        throw error
    } catch DatabaseError.full {
        return "There is no space left in the storage directory."
    } catch {
        return "A processing error occurred."
    }
}
