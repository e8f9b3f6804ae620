import Concurrency
import Domain
import Persistence

extension WorkspaceIndexer {
    /// Removes documents for good, from all workspaces: in SQL in one transaction, and then in the indexes. What a crash in
    /// between leaves there is found by nobody, and gone at the next start.
    ///
    /// - Parameter events: what is to be logged in the same transaction, given in which workspaces the documents are.
    func removeForGood(
        _ selection: DocumentStore.Selection, from documents: DocumentStore, by caller: Caller,
        events: ([DocumentStore.WorkspaceShare]) async throws -> [Event]
    ) async throws -> (paths: [DocumentPath], shares: [DocumentStore.WorkspaceShare]) {
        let workspaces = try await documents.shares(of: selection).map(\.workspace)
        return try await withLocks(workspaces[...]) {
            // Nobody puts documents into these workspaces now, or takes them out.
            let shares = try await documents.shares(of: selection)
            var obsolete: [(namespace: Namespace, chunks: [Chunk.ID])] = []
            for share in shares {
                for (embedder, chunks) in try await documents.chunks(of: selection, onlyIn: share.workspace) {
                    obsolete.append((Namespace(share.workspace, embedder: embedder), chunks))
                }
            }
            let paths = try await documents.remove(
                selection, events: try await events(shares), by: caller, at: .now)
            for (namespace, chunks) in obsolete { try await indexes.delete(chunks, from: namespace) }
            return (paths, shares)
        }
    }
}
