package import Domain
package import Persistence

/// Documents as the files that they were uploaded as.
package struct FileLibrary: Sendable {
    private let files: FileStore
    private let documents: DocumentStore
    private let removal: DocumentRemoval

    package init(files: FileStore, documents: DocumentStore, removal: DocumentRemoval) {
        self.files = files
        self.documents = documents
        self.removal = removal
    }

    /// The file that an upload has become.
    ///
    /// - Parameter byteCount: of what arrived.
    /// - Throws: `notFound` where somebody has removed it already.
    package func record(
        _ outcome: IngestionOutcome, named name: String, purpose: String, byteCount: Int, for caller: Caller
    ) async throws -> LibraryFile {
        let gone = ServiceError.notFound("The file was removed.")
        guard let first = outcome.documents.first else { throw gone }
        let file = LibraryFile(id: first, name: name, purpose: purpose, byteCount: byteCount, createdAt: .now)
        do {
            try await files.insert(file, documents: outcome.documents)
        } catch DatabaseError.foreignKeyViolation {
            throw gone
        }
        guard let stored = try await find(id: first, for: caller) else { throw gone }
        return stored
    }

    /// `nil` where there is none for the caller.
    package func find(id: String, for caller: Caller) async throws -> LibraryFile? {
        try await files.find(ids: [id], for: caller).first
    }

    /// Those of the files that there are for the caller, in the order of `ids`.
    package func find(ids: [String], for caller: Caller) async throws -> [LibraryFile] {
        let found = try await files.find(ids: ids, for: caller)
        let byID = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
        return ids.compactMap { byID[$0] }
    }

    /// See `FileStore.list`.
    package func list(
        purpose: String?, after id: String?, isDescending: Bool, limit: Int, for caller: Caller
    ) async throws -> [LibraryFile] {
        try await files.list(purpose: purpose, after: id, isDescending: isDescending, limit: limit, for: caller)
    }

    /// The texts that were read in the file, in its order.
    package func texts(of file: LibraryFile) async throws -> [String] {
        var texts: [String] = []
        for document in try await files.documents(of: [file.id])[file.id] ?? [] {
            texts.append(try await documents.content(id: document.contentID)?.parsed.text ?? "")
        }
        return texts
    }

    /// Those of the documents that are part of a file which has another one's id.
    package func furtherParts(among documents: [String]) async throws -> Set<String> {
        try await files.furtherParts(among: documents)
    }

    /// How many of these each workspace holds; those that hold none are left out.
    package func furtherPartCounts(in workspaces: [Workspace]) async throws -> [Workspace.ID: Int] {
        try await files.furtherPartCounts(in: workspaces.map(\.id))
    }

    /// Removes the documents of a file for good, from all workspaces.
    ///
    /// - Throws: `forbidden` where they are not the caller's to remove.
    package func remove(_ file: LibraryFile, by caller: Caller) async throws {
        let members = try await files.documents(of: [file.id])[file.id] ?? []
        let removable = try await files.removable(members.map(\.id), by: caller)
        guard members.allSatisfy({ removable.contains($0.id) }) else {
            throw ServiceError(.forbidden, "This API key may only remove files that it has uploaded.")
        }
        _ = try await removal.remove(members.map(\.path), by: caller)
    }
}
