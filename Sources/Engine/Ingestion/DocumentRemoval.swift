package import Domain
package import Persistence

/// Removes documents for good: from every workspace, with their vectors, and then from the library.
package struct DocumentRemoval: Sendable {
    private let documents: DocumentStore
    private let memberships: WorkspaceDocumentStore
    private let workspaces: WorkspaceStore
    private let indexer: WorkspaceIndexer
    private let events: EventStore

    package init(
        documents: DocumentStore, memberships: WorkspaceDocumentStore, workspaces: WorkspaceStore,
        indexer: WorkspaceIndexer, events: EventStore
    ) {
        self.documents = documents
        self.memberships = memberships
        self.workspaces = workspaces
        self.indexer = indexer
        self.events = events
    }

    /// - Returns: the paths that name no document.
    package func remove(_ paths: [DocumentPath], by caller: Caller) async throws -> [DocumentPath] {
        var missing: [DocumentPath] = []
        var counts: [Workspace.ID: Int] = [:]
        for path in paths {
            guard let document = try await documents.find(path, for: caller) else {
                missing.append(path)
                continue
            }
            for workspace in try await memberships.workspaces(of: document.id) {
                counts[workspace, default: 0] += try await indexer.remove([path], from: workspace)
            }
            try await documents.delete(document)
        }
        for (id, count) in counts.sorted(by: { $0.key < $1.key }) {
            guard let workspace = try await workspaces.find(id: id) else { continue }
            try await events.log(.documentsRemoved(count, workspace: workspace.name), by: caller)
        }
        return missing
    }
}
