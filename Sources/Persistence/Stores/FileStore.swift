package import Domain

/// Documents as the files that they were uploaded as.
package struct FileStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    /// Records that the documents, of which the first has the file's id, were one upload.
    ///
    /// - Throws: `DatabaseError.foreignKeyViolation` where one of them is gone.
    package func insert(_ file: LibraryFile, documents: [String]) async throws {
        let row: SQL = """
            INSERT INTO uploaded_file (id, name, purpose, byte_count)
            VALUES (\(file.id), \(file.name), \(file.purpose), \(file.byteCount)) ON CONFLICT (id) DO NOTHING
            """
        let members = documents.enumerated().map { place, document -> SQL in
            """
            INSERT INTO uploaded_file_document (document_id, file_id, place)
            VALUES (\(document), \(file.id), \(place)) ON CONFLICT (document_id) DO NOTHING
            """
        }
        try await database.write([row] + members)
    }

    /// Those of the files that there are for the caller, in no particular order. Every document is a file by itself, also where
    /// it is part of one.
    package func find(ids: [String], for caller: Caller) async throws -> [LibraryFile] {
        try await database.read(
            """
            SELECT \(raw: fileColumns) FROM document d JOIN content c ON c.id = d.content_id
            LEFT JOIN uploaded_file f ON f.id = d.id
            WHERE d.id \(in: ids) AND \(documentVisibleTo: caller)
            """, LibraryFile.init)
    }

    /// Files in the order in which they came, as far as the caller may know of them.
    ///
    /// - Parameters:
    ///   - purpose: `nil` for any.
    ///   - id: of the file behind which the list begins.
    package func list(
        purpose: String? = nil, after id: String? = nil, isDescending: Bool, limit: Int, for caller: Caller
    ) async throws -> [LibraryFile] {
        let behind: SQL =
            switch (id, isDescending) {
            case (nil, _): "TRUE"
            case (let id?, false):
                "(d.created_at, d.id) > (SELECT o.created_at, o.id FROM document o WHERE o.id = \(id))"
            case (let id?, true):
                "(d.created_at, d.id) < (SELECT o.created_at, o.id FROM document o WHERE o.id = \(id))"
            }
        let wanted: SQL = purpose.map { "COALESCE(f.purpose, \(LibraryFile.standardPurpose)) = \($0)" } ?? "TRUE"
        let order: StaticString = isDescending ? "d.created_at DESC, d.id DESC" : "d.created_at, d.id"
        // The lengths of texts are looked at for what is listed alone.
        return try await database.read(
            """
            SELECT \(raw: fileColumns) FROM (
                SELECT d.id AS id FROM document d LEFT JOIN uploaded_file f ON f.id = d.id
                WHERE \(behind) AND \(wanted) AND \(documentVisibleTo: caller) AND NOT EXISTS (
                    SELECT 1 FROM uploaded_file_document m WHERE m.document_id = d.id AND m.file_id <> d.id
                )
                ORDER BY \(raw: order) LIMIT \(limit)
            ) p
            JOIN document d ON d.id = p.id
            JOIN content c ON c.id = d.content_id
            LEFT JOIN uploaded_file f ON f.id = d.id
            ORDER BY \(raw: order)
            """, LibraryFile.init)
    }

    /// The documents of files, by the ids of the files, each in the order of the file.
    package func documents(of files: [String]) async throws -> [String: [Document]] {
        let rows = try await database.read(
            """
            SELECT COALESCE(m.file_id, d.id) AS file_id, COALESCE(m.place, 0) AS place, \(raw: documentColumns)
            FROM document d JOIN content c ON c.id = d.content_id
            LEFT JOIN uploaded_file_document m ON m.document_id = d.id
            WHERE d.id \(in: files) OR m.file_id \(in: files)
            """
        ) { row in
            (
                file: try row.get("file_id", as: String.self), place: try row.get("place", as: Int.self),
                document: try Document(row)
            )
        }
        var documents = Dictionary(grouping: rows, by: \.file).mapValues { members in
            members.sorted { $0.place < $1.place }.map(\.document)
        }
        // What is part of a file may be asked for by itself.
        for row in rows where row.file != row.document.id && files.contains(row.document.id) {
            documents[row.document.id] = [row.document]
        }
        return documents.filter { files.contains($0.key) }
    }

    /// Those of the documents that are part of a file which has another one's id.
    package func furtherParts(among documents: [String]) async throws -> Set<String> {
        Set(
            try await database.read(
                """
                SELECT document_id FROM uploaded_file_document
                WHERE document_id \(in: documents) AND file_id <> document_id
                """
            ) { try $0.get("document_id", as: String.self) })
    }

    /// How many documents of each workspace are part of a file which has another one's id.
    package func furtherPartCounts(in workspaces: [Workspace.ID]) async throws -> [Workspace.ID: Int] {
        let rows = try await database.read(
            """
            SELECT m.workspace_id AS workspace_id, COUNT(*) AS parts
            FROM workspace_document m JOIN uploaded_file_document u ON u.document_id = m.document_id
            WHERE m.workspace_id \(in: workspaces) AND u.file_id <> u.document_id GROUP BY m.workspace_id
            """
        ) { row in (try row.get("workspace_id", as: Int64.self), try row.get("parts", as: Int.self)) }
        return Dictionary(rows) { first, _ in first }
    }

    /// Those of the documents that the caller may remove: who is confined to some workspaces removes what it has brought in.
    package func removable(_ documents: [String], by caller: Caller) async throws -> Set<String> {
        Set(
            try await database.read(
                "SELECT d.id AS id FROM document d WHERE d.id \(in: documents) AND \(documentMovableBy: caller)"
            ) { try $0.get("id", as: String.self) })
    }
}

/// Columns of a file; `d` is the document, `c` its content and `f` what is known of its upload.
private let fileColumns: StaticString = """
    d.id AS id, d.created_at AS created_at, COALESCE(f.name, d.title) AS name, f.purpose AS purpose,
    COALESCE(f.byte_count, LENGTH(c.text)) AS byte_count
    """

extension LibraryFile {
    fileprivate init(_ row: any SQLRow) throws {
        self.init(
            id: try row.get("id"), name: try row.get("name"),
            purpose: try row.get("purpose", as: String?.self) ?? Self.standardPurpose,
            byteCount: try row.get("byte_count"), createdAt: try row.get("created_at"))
    }
}
