package import Domain

/// Removes documents for good. One transaction takes all that names them; the contents that nobody needs any more are
/// deleted behind it, a few at a time, for they may be gigabytes.
extension DocumentStore {
    /// Documents that are to go.
    package enum Selection: Sendable {
        /// By their ids.
        case documents([String])
        /// A folder with all that is in it, by its name as it is stored.
        case folder(String)

        /// On a document `d`.
        fileprivate var condition: SQL {
            switch self {
            case .documents(let ids): "d.id \(in: ids)"
            case .folder(let name): "d.folder = \(name)"
            }
        }
    }

    /// How many of the documents are in a workspace.
    package struct WorkspaceShare: Sendable, Equatable {
        package let workspace: Workspace.ID
        package let name: String
        package let slug: String
        package let count: Int
    }

    package func shares(of selection: Selection) async throws -> [WorkspaceShare] {
        try await database.read(
            """
            SELECT w.id AS id, w.name AS name, w.slug AS slug, COUNT(*) AS documents
            FROM document d
            JOIN workspace_document m ON m.document_id = d.id
            JOIN workspace w ON w.id = m.workspace_id
            WHERE \(selection.condition) GROUP BY w.id, w.name, w.slug ORDER BY w.id
            """
        ) { row in
            WorkspaceShare(
                workspace: try row.get("id"), name: try row.get("name"), slug: try row.get("slug"),
                count: try row.get("documents"))
        }
    }

    package func count(of selection: Selection) async throws -> Int {
        try await database.count("SELECT COUNT(*) FROM document d WHERE \(selection.condition)")
    }

    /// The chunks which a workspace has because of these documents alone, by embedder.
    package func chunks(
        of selection: Selection, onlyIn workspace: Workspace.ID
    ) async throws -> [(embedder: String, chunks: [Chunk.ID])] {
        let condition = selection.condition
        let embedders = try await database.read(
            """
            SELECT DISTINCT s.embedder AS embedder FROM document d
            JOIN workspace_document m ON m.document_id = d.id AND m.workspace_id = \(workspace)
            JOIN chunk_set s ON s.id = m.chunk_set_id
            WHERE \(condition)
            """
        ) { try $0.get("embedder", as: String.self) }
        var result: [(embedder: String, chunks: [Chunk.ID])] = []
        for embedder in embedders {
            let chunks = try await database.read(
                """
                SELECT k.id AS id FROM chunk k WHERE k.chunk_set_id IN (
                    SELECT s.id FROM document d
                    JOIN workspace_document m ON m.document_id = d.id AND m.workspace_id = \(workspace)
                    JOIN chunk_set s ON s.id = m.chunk_set_id AND s.embedder = \(embedder)
                    WHERE \(condition)
                ) AND NOT EXISTS (
                    SELECT 1 FROM workspace_document m JOIN document d ON d.id = m.document_id
                    WHERE m.chunk_set_id = k.chunk_set_id AND m.workspace_id = \(workspace) AND NOT (\(condition))
                )
                """
            ) { try $0.get("id", as: Chunk.ID.self) }
            result.append((embedder, chunks))
        }
        return result
    }

    /// Removes documents with their memberships and, with a folder, the folder.
    ///
    /// - Returns: the places of the documents that were removed by their ids, and none of those of a folder.
    /// - Throws: `DatabaseError.foreignKeyViolation` where something was put into the folder meanwhile.
    package func remove(
        _ selection: Selection, events: [Event], by caller: Caller, at time: Timestamp
    ) async throws -> [DocumentPath] {
        let condition = selection.condition
        var statements: [SQL] = [
            """
            INSERT INTO abandoned_content (content_id) SELECT DISTINCT d.content_id FROM document d WHERE \(condition)
            ON CONFLICT DO NOTHING
            """
        ]
        statements += events.map { EventStore.statement($0, by: caller, at: time) }
        let chosen: SQL = "SELECT d.id FROM document d WHERE \(condition)"
        statements.append("DELETE FROM workspace_document WHERE document_id IN (\(chosen))")
        switch selection {
        case .documents:
            statements.append("DELETE FROM document WHERE id IN (\(chosen)) RETURNING folder, name")
            return try await database.write(statements) { row in
                DocumentPath(folder: try row.get("folder"), name: try row.get("name"))
            }
        case .folder(let name):
            statements.append("DELETE FROM document WHERE id IN (\(chosen))")
            statements.append("DELETE FROM folder WHERE name = \(name)")
            try await database.write(statements)
            return []
        }
    }

    /// Has a content deleted some time, unless a document has it then.
    package func abandonContent(_ content: Content.ID) async throws {
        try await database.write(
            "INSERT INTO abandoned_content (content_id) VALUES (\(content)) ON CONFLICT DO NOTHING")
    }

    /// Contents that are deleted in one transaction.
    private static let batch = 64

    /// Deletes contents, with their chunks, that removals have left behind and that no document has. What a crash cuts off
    /// goes on at the next call.
    package func deleteAbandonedContents() async throws {
        while true {
            let ids = try await database.read(
                "SELECT content_id FROM abandoned_content ORDER BY content_id LIMIT \(Self.batch)"
            ) { try $0.integer(0) }
            guard !ids.isEmpty else { return }
            do {
                try await database.write([
                    """
                    DELETE FROM content WHERE id \(in: ids)
                        AND NOT EXISTS (SELECT 1 FROM document d WHERE d.content_id = content.id)
                    """,
                    "DELETE FROM abandoned_content WHERE content_id \(in: ids)",
                ])
            } catch DatabaseError.foreignKeyViolation {
                // Somebody has just uploaded the same again; the next call finds out.
                return
            }
        }
    }
}
