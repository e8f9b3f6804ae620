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
        return try await documents.listed(document, embedder: embedding.model.fingerprint, for: caller)
    }

    /// The text of a document that was found for its caller; `nil` where it is gone.
    package func text(of document: Document) async throws -> String? {
        try await documents.content(id: document.contentID)?.parsed.text
    }

    /// The names of the folders, the default one first.
    package func folders(for caller: Caller) async throws -> [String] {
        let names = try await documents.folders(for: caller)
        return names.filter { $0 == FolderName.standard } + names.filter { $0 != FolderName.standard }
    }

    /// A folder's name as it is stored; `nil` where there is none for the caller.
    package func folder(_ name: String, for caller: Caller) async throws -> String? {
        guard let name = FolderName(name) else { return nil }
        return try await documents.folder(name, for: caller)
    }

    /// How many documents each folder holds, in the order of `folders`; those that hold none are left out.
    package func counts(
        _ search: DocumentStore.Search, for caller: Caller
    ) async throws -> [(folder: String, count: Int)] {
        let counts = try await documents.counts(search, for: caller)
        return counts.filter { $0.folder == FolderName.standard } + counts.filter { $0.folder != FolderName.standard }
    }

    package func count(
        folder: String, _ search: DocumentStore.Search, for caller: Caller
    ) async throws -> Int {
        try await documents.count(folder: folder, search, for: caller)
    }

    /// See `DocumentStore.list`.
    package func list(
        folder: String, _ search: DocumentStore.Search, after name: String?, offset: Int, limit: Int,
        for caller: Caller
    ) async throws -> [DocumentStore.Listed] {
        try await documents.list(
            folder: folder, search, after: name, offset: offset, limit: limit,
            embedder: embedding.model.fingerprint, for: caller)
    }

    /// Documents that were made of files of these digests (SHA-256 in lower-case hexadecimal); see `DocumentStore.uploaded`.
    package func known(
        sha256 digests: [String], offset: Int, limit: Int, for caller: Caller
    ) async throws -> [DocumentStore.Placed] {
        try await documents.uploaded(sha256: digests, offset: offset, limit: limit, for: caller)
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
