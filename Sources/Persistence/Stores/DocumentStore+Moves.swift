package import Domain

/// Gives documents other places. All else hangs on their ids: embeddings, pins and memberships stay as they are.
extension DocumentStore {
    /// Those of the documents that the caller may move, by id.
    package func movable(_ documents: [String], by caller: Caller) async throws -> Set<String> {
        Set(
            try await database.read(
                "SELECT d.id AS id FROM document d WHERE d.id \(in: documents) AND \(documentMovableBy: caller)"
            ) { try $0.get("id", as: String.self) })
    }

    /// Moves documents, all of them or none, and makes folders that are missing.
    ///
    /// - Throws: `DatabaseError.uniqueViolation` where a document lies in one of the places already.
    package func move(
        _ moves: [(document: Document, target: DocumentPath)], event: Event, by caller: Caller, at time: Timestamp
    ) async throws {
        let folders = Set(moves.compactMap { FolderName($0.target.folder) }).map { Self.folder($0, at: time) }
        let updates = moves.map { document, target -> SQL in
            let text = Document.searchText(title: document.title, name: target.name)
            return """
                UPDATE document SET folder = \(folderLike: target.folder), name = \(target.name), search_text = \(text)
                WHERE id = \(document.id)
                """
        }
        try await database.write(folders + updates + [EventStore.statement(event, by: caller, at: time)])
    }
}
