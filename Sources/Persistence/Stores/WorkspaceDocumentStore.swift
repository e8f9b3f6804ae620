package import Domain

/// Which documents are in which workspaces.
package struct WorkspaceDocumentStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func all(in workspace: Workspace.ID) async throws -> [WorkspaceDocument] {
        try await database.read(
            """
            SELECT \(raw: membershipColumns), \(raw: documentColumns)
            FROM workspace_document w
            JOIN document d ON d.id = w.document_id
            JOIN content c ON c.id = d.content_id
            WHERE w.workspace_id = \(workspace)
            ORDER BY w.id
            """, WorkspaceDocument.init)
    }

    /// Puts a document into a workspace with the chunks that serve it there; a document that is in it already gets
    /// these chunks and keeps everything else.
    ///
    /// - Parameter embedder: the one that made the chunks. The first document settles whose vectors serve the workspace.
    /// - Returns: `false`, and nothing has changed, where that embedder neither serves the workspace nor is the current
    ///   one, or where the workspace is gone.
    package func link(
        _ document: String, to workspace: Workspace.ID, chunkSet: Int64, embedder: String, docID: String,
        at time: Timestamp
    ) async throws -> Bool {
        try await !database.write(
            [
                """
                UPDATE workspace SET embedder = \(embedder)
                WHERE id = \(workspace) AND embedder IS NULL AND \(isCurrent(embedder))
                """,
                """
                INSERT INTO workspace_document (
                    doc_id, workspace_id, document_id, chunk_set_id, is_pinned, created_at, last_updated_at
                ) SELECT \(docID), id, \(document), \(chunkSet), FALSE, \(time), \(time)
                FROM workspace WHERE id = \(workspace) AND (embedder = \(embedder) OR \(isCurrent(embedder)))
                ON CONFLICT (workspace_id, document_id) DO UPDATE SET chunk_set_id = excluded.chunk_set_id
                RETURNING id
                """,
            ]
        ) { try $0.integer(0) }.isEmpty
    }

    /// Takes a document out of a workspace; `nil` where it was not in it.
    package func unlink(
        _ path: DocumentPath, from workspace: Workspace.ID
    ) async throws -> (chunkSet: Int64, embedder: String)? {
        try await database.write(
            """
            DELETE FROM workspace_document
            WHERE workspace_id = \(workspace) AND document_id = (
                SELECT d.id FROM document d WHERE \(documentAt: path)
            )
            RETURNING chunk_set_id, (SELECT embedder FROM chunk_set WHERE id = chunk_set_id) AS embedder
            """
        ) { row in
            (
                chunkSet: try row.get("chunk_set_id", as: Int64.self),
                embedder: try row.get("embedder", as: String.self)
            )
        }.first
    }

    /// Pins a document or takes its pin away; `false` where the document is not in the workspace.
    package func setPinned(
        _ isPinned: Bool, _ path: DocumentPath, in workspace: Workspace.ID, at time: Timestamp
    ) async throws -> Bool {
        try await !database.write(
            """
            UPDATE workspace_document SET is_pinned = \(isPinned), last_updated_at = \(time)
            WHERE workspace_id = \(workspace) AND document_id = (
                SELECT d.id FROM document d WHERE \(documentAt: path)
            )
            RETURNING id
            """
        ) { try $0.integer(0) }.isEmpty
    }

    /// The documents that every question in the workspace is to be answered with, in the order in which they came in.
    package func pinned(in workspace: Workspace.ID) async throws -> [WorkspaceDocument] {
        try await database.readInline(Self.pinnedQuery(workspace), WorkspaceDocument.init)
    }

    /// Its plan must be a search of the index of pinned documents: each chat asks it.
    package static func pinnedQuery(_ workspace: Workspace.ID) -> SQL {
        """
        SELECT \(raw: membershipColumns), \(raw: documentColumns)
        FROM workspace_document w
        JOIN document d ON d.id = w.document_id
        JOIN content c ON c.id = d.content_id
        WHERE w.workspace_id = \(workspace) AND w.is_pinned
        ORDER BY w.id
        """
    }

    /// Workspaces that a document is in.
    package func workspaces(of document: String) async throws -> [Workspace.ID] {
        try await database.read(
            "SELECT workspace_id FROM workspace_document WHERE document_id = \(document) ORDER BY workspace_id"
        ) { try $0.integer(0) }
    }

    /// The chunks that a document is found by, by workspace, and what embedded them.
    package func chunkSets(
        of document: String
    ) async throws -> [(workspace: Workspace.ID, chunkSet: Int64, embedder: String)] {
        try await database.read(
            """
            SELECT w.workspace_id AS workspace_id, w.chunk_set_id AS chunk_set_id, s.embedder AS embedder
            FROM workspace_document w JOIN chunk_set s ON s.id = w.chunk_set_id
            WHERE w.document_id = \(document) ORDER BY w.workspace_id
            """
        ) { row in (try row.get("workspace_id"), try row.get("chunk_set_id"), try row.get("embedder")) }
    }

    package func count() async throws -> Int {
        try await database.count("SELECT COUNT(*) FROM workspace_document")
    }

    /// How many documents each workspace holds; those that hold none are left out.
    package func counts() async throws -> [Workspace.ID: Int] {
        let rows = try await database.read(
            "SELECT workspace_id, COUNT(*) AS documents FROM workspace_document GROUP BY workspace_id"
        ) { row in (try row.get("workspace_id", as: Int64.self), try row.get("documents", as: Int.self)) }
        return Dictionary(rows) { first, _ in first }
    }

    /// Memberships of the workspace whose chunks another embedder made, with their documents, oldest first.
    package func outdated(in workspace: Workspace.ID, embedder: String) async throws -> [WorkspaceDocument] {
        try await database.read(
            """
            SELECT \(raw: membershipColumns), \(raw: documentColumns)
            FROM workspace_document w
            JOIN chunk_set s ON s.id = w.chunk_set_id
            JOIN document d ON d.id = w.document_id
            JOIN content c ON c.id = d.content_id
            WHERE w.workspace_id = \(workspace) AND s.embedder <> \(embedder)
            ORDER BY w.id
            """, WorkspaceDocument.init)
    }

    /// Gives documents of the workspace the chunks that `embedder` made, and makes it the one that serves the workspace,
    /// in one step.
    ///
    /// - Parameter sets: chunk sets by membership; all that another embedder made.
    /// - Returns: `false`, and nothing has changed, where that is not the current embedder any more or the workspace is
    ///   gone.
    package func move(
        _ sets: [Int64: Int64], in workspace: Workspace.ID, to embedder: String
    ) async throws -> Bool {
        let updates = sets.sorted { $0.key < $1.key }.map { membership, set -> SQL in
            """
            UPDATE workspace_document SET chunk_set_id = \(set)
            WHERE id = \(membership) AND workspace_id = \(workspace) AND \(isCurrent(embedder))
            """
        }
        let serving: SQL = """
            UPDATE workspace SET embedder = \(embedder) WHERE id = \(workspace) AND \(isCurrent(embedder))
            RETURNING id
            """
        return try await !database.write(updates + [serving]) { try $0.integer(0) }.isEmpty
    }

    private func isCurrent(_ embedder: String) -> SQL {
        "EXISTS (SELECT 1 FROM embedder e WHERE e.fingerprint = \(embedder) AND e.is_current)"
    }
}

/// Columns of a membership, `w`, of a document, `d`.
private let membershipColumns: StaticString = """
    w.id AS id, w.doc_id AS doc_id, w.workspace_id AS workspace_id, w.is_pinned AS is_pinned,
    EXISTS (SELECT 1 FROM link l WHERE l.id = d.link_id AND l.next_check_at IS NOT NULL) AS is_watched,
    w.created_at AS created_at, w.last_updated_at AS last_updated_at
    """

extension WorkspaceDocument {
    fileprivate init(_ row: any SQLRow) throws {
        self.init(
            id: try row.get("id"), docID: try row.get("doc_id"), workspaceID: try row.get("workspace_id"),
            document: try Document(row), isPinned: try row.get("is_pinned"), isWatched: try row.get("is_watched"),
            createdAt: try row.get("created_at"), lastUpdatedAt: try row.get("last_updated_at"))
    }
}
