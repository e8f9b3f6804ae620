package import Domain
package import Persistence

/// Finds documents for whoever asks, in the library and in workspaces.
package struct DocumentDirectory: Sendable {
    private let documents: DocumentStore
    private let memberships: WorkspaceDocumentStore
    private let embedding: EmbeddingService
    private let events: EventStore

    package init(
        documents: DocumentStore, memberships: WorkspaceDocumentStore, embedding: EmbeddingService, events: EventStore
    ) {
        self.documents = documents
        self.memberships = memberships
        self.embedding = embedding
        self.events = events
    }

    // MARK: The library

    /// A document by its path, or by its bare name in the first folder that has it.
    package func find(_ name: String, for caller: Caller) async throws -> DocumentStore.Listed? {
        let found: Document? =
            if let path = DocumentPath(name) {
                try await documents.find(path, for: caller)
            } else {
                try await documents.find(name: name.composed, for: caller)
            }
        guard let document = found else { return nil }
        let isEmbedded = try await documents.isEmbedded(
            document.contentID, embedder: embedding.model.fingerprint)
        return DocumentStore.Listed(document: document, isEmbedded: isEmbedded)
    }

    /// The names of the folders, the default one first.
    package func folders(for caller: Caller) async throws -> [String] {
        try await documents.folders(for: caller).sorted { left, right in
            let isDefault = (left == DocumentLibrary.defaultFolder, right == DocumentLibrary.defaultFolder)
            return isDefault.0 != isDefault.1 ? isDefault.0 : left < right
        }
    }

    /// Documents by folder and name: all of them, or those of one folder, or a part of these.
    package func list(
        folder: String? = nil, offset: Int = 0, limit: Int? = nil, for caller: Caller
    ) async throws -> [DocumentStore.Listed] {
        try await documents.list(
            embedder: embedding.model.fingerprint, folder: folder, offset: offset, limit: limit, for: caller)
    }

    package func count(folder: String, for caller: Caller) async throws -> Int {
        try await documents.count(folder: folder, for: caller)
    }

    /// Ids of the workspaces that pin a document, by document id.
    package func pinningWorkspaces(for caller: Caller) async throws -> [String: [Workspace.ID]] {
        try await documents.pinningWorkspaces(for: caller)
    }

    // MARK: Workspaces

    package func documents(in workspace: Workspace, for caller: Caller) async throws -> [WorkspaceDocument] {
        caller.workspaces.includes(workspace.id) ? try await memberships.all(in: workspace.id) : []
    }

    /// Pins a document or takes its pin away; `false` where it is not in the workspace.
    package func setPinned(
        _ isPinned: Bool, _ path: DocumentPath, in workspace: Workspace, by caller: Caller
    ) async throws -> Bool {
        guard caller.workspaces.includes(workspace.id),
            try await memberships.setPinned(isPinned, path, in: workspace.id, at: .now)
        else { return false }
        try await events.log(.documentPinned(isPinned, path: path.text, workspace: workspace.name), by: caller)
        return true
    }
}
