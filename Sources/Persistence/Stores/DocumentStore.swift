package import Domain
import OrderedJSON

/// Contents, the documents that name them, and the folders they lie in.
package struct DocumentStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    // MARK: Contents

    /// The content that was parsed from what `digest` stands for; `nil` where it is new.
    package func content(digest: String) async throws -> Content? {
        try await database.read("SELECT * FROM content WHERE digest = \(digest)", Content.init).first
    }

    package func content(id: Content.ID) async throws -> Content? {
        try await database.read("SELECT * FROM content WHERE id = \(id)", Content.init).first
    }

    /// The beginning of a content's text, up to `limit` UTF-16 code units, never half a character; `nil` where there is
    /// no such content. What is behind it is not decoded, so the price does not grow with the text much.
    package func beginning(of content: Content.ID, limit: Int) async throws -> TextBeginning? {
        let limit = max(0, limit)
        // Characters of SQL are code points, of which `limit` are at least as many code units: one more shows whether
        // anything was cut.
        return try await database.read(
            "SELECT page_starts, substr(text, 1, CAST(\(limit + 1) AS INTEGER)) AS beginning FROM content WHERE id = \(content)"
        ) { row in
            TextBeginning(
                cutting: try row.get("beginning"), to: limit,
                pageStarts: try row.get("page_starts", as: JSON.self).offsets)
        }.first
    }

    /// Stores a content, or finds the one that somebody stored meanwhile.
    package func insertContent(
        digest: String, parsed: ParsedDocument, wordCount: Int, tokenCount: Int, at time: Timestamp
    ) async throws -> Content {
        try await database.write(
            """
            INSERT INTO content (
                digest, text, page_starts, headings, title, author, description, published_at, word_count,
                token_count, created_at
            ) VALUES (
                \(digest), \(parsed.text), \(JSON(offsets: parsed.pageStarts)), \(JSON(headings: parsed.headings)),
                \(parsed.title), \(parsed.author), \(parsed.description), \(parsed.publishedMilliseconds),
                \(wordCount), \(tokenCount), \(time)
            ) ON CONFLICT (digest) DO NOTHING
            """)
        guard let content = try await content(digest: digest) else {
            throw DatabaseError.other("a content that was stored is gone")
        }
        return content
    }

    // MARK: Documents

    /// Stores documents and the event that says so, making their folders where they are missing. Ids that exist stay as they are, so that a job
    /// which runs again changes nothing.
    package func insert(
        _ documents: [Document], event: Event, by caller: Caller, at time: Timestamp
    ) async throws {
        let folders = Set(documents.map(\.path.folder)).sorted().map { folder -> SQL in
            "INSERT INTO folder (name, created_at) VALUES (\(folder), \(time)) ON CONFLICT (name) DO NOTHING"
        }
        let rows = documents.map { document -> SQL in
            """
            INSERT INTO document (
                id, folder, name, content_id, url, title, author, description, source, chunk_source, published,
                published_at, file_extension, attributes, \(raw: callerColumns), created_at
            ) VALUES (
                \(document.id), \(document.path.folder), \(document.path.name), \(document.contentID),
                \(document.url), \(document.title), \(document.author), \(document.description), \(document.source),
                \(document.chunkSource), \(document.published), \(document.publishedAt), \(document.fileExtension),
                \(JSON.object(JSONObject(document.attributes))), \(caller: caller), \(time)
            ) ON CONFLICT (id) DO NOTHING
            """
        }
        let log = EventStore.statement(event, by: caller, at: time)
        try await database.write(folders + rows + documents.flatMap(Self.attributes) + [log])
    }

    private static func attributes(of document: Document) -> [SQL] {
        document.attributes.map { attribute in
            let value = JSON(attribute.value)
            return """
                INSERT INTO document_attribute (document_id, name, text_value, number_value, bool_value) VALUES (
                    \(document.id), \(attribute.name), \(value.stringValue), \(value.doubleValue), \(value.boolValue)
                ) ON CONFLICT (document_id, name) DO NOTHING
                """
        }
    }

    package func find(_ path: DocumentPath, for caller: Caller) async throws -> Document? {
        try await database.read(
            """
            SELECT \(raw: documentColumns) FROM document d JOIN content c ON c.id = d.content_id
            WHERE d.folder = \(path.folder) AND d.name = \(path.name) AND \(documentVisibleTo: caller)
            """, Document.init
        ).first
    }

    /// Those of the documents that there are, in no particular order.
    package func find(_ paths: [DocumentPath], for caller: Caller) async throws -> [Document] {
        let wanted = Set(paths)
        return try await database.read(
            """
            SELECT \(raw: documentColumns) FROM document d JOIN content c ON c.id = d.content_id
            WHERE d.name \(in: Array(Set(paths.map(\.name)))) AND \(documentVisibleTo: caller)
            """, Document.init
        ).filter { wanted.contains($0.path) }
    }

    /// Whoever asks: ids of documents are known inside alone.
    package func find(id: String) async throws -> Document? {
        try await database.read(
            """
            SELECT \(raw: documentColumns) FROM document d JOIN content c ON c.id = d.content_id
            WHERE d.id = \(id)
            """, Document.init
        ).first
    }

    /// The first document of that name, in the order of the folders.
    package func find(name: String, for caller: Caller) async throws -> Document? {
        try await database.read(
            """
            SELECT \(raw: documentColumns) FROM document d JOIN content c ON c.id = d.content_id
            WHERE d.name = \(name) AND \(documentVisibleTo: caller) ORDER BY d.folder LIMIT 1
            """, Document.init
        ).first
    }

    /// A document with what a listing tells of it besides.
    package struct Listed: Sendable {
        package let document: Document
        /// Whether its chunks are embedded by `embedder`, for some workspace or for a past one.
        package let isEmbedded: Bool

        package init(document: Document, isEmbedded: Bool) {
            self.document = document
            self.isEmbedded = isEmbedded
        }
    }

    /// Documents by folder and name: all of them, or those of one folder, or a part of these (`nil` has no limit).
    package func list(
        embedder: String, folder: String? = nil, offset: Int = 0, limit: Int? = nil, for caller: Caller
    ) async throws -> [Listed] {
        let inFolder: SQL = folder.map { "d.folder = \($0)" } ?? "TRUE"
        return try await database.read(
            """
            SELECT \(raw: documentColumns), EXISTS (
                SELECT 1 FROM chunk_set s
                WHERE s.content_id = d.content_id AND s.embedder = \(embedder) AND s.is_complete
            ) AS is_embedded
            FROM document d JOIN content c ON c.id = d.content_id
            WHERE \(inFolder) AND \(documentVisibleTo: caller)
            ORDER BY d.folder, d.name LIMIT \(limit ?? Int(Int32.max)) OFFSET \(offset)
            """
        ) { row in Listed(document: try Document(row), isEmbedded: try row.get("is_embedded")) }
    }

    package func count(folder: String, for caller: Caller) async throws -> Int {
        try await database.count(
            "SELECT COUNT(*) FROM document d WHERE d.folder = \(folder) AND \(documentVisibleTo: caller)")
    }

    /// Deletes a document, with its content and chunks where no other one has them.
    package func delete(_ document: Document) async throws {
        try await database.write([
            "DELETE FROM document WHERE id = \(document.id)",
            """
            DELETE FROM content WHERE id = \(document.contentID)
                AND NOT EXISTS (SELECT 1 FROM document WHERE content_id = \(document.contentID))
            """,
        ])
    }

    package func isEmbedded(_ content: Content.ID, embedder: String) async throws -> Bool {
        try await database.count(
            """
            SELECT COUNT(*) FROM chunk_set
            WHERE content_id = \(content) AND embedder = \(embedder) AND is_complete
            """) > 0
    }

    /// Brings the names of folders that were stored in another form into the composed one; folders that become one by that
    /// are joined. To be called at the start.
    package func composeFolderNames() async throws {
        let names = try await database.read("SELECT name FROM folder") { try $0.get("name", as: String.self) }
        // Strings that look alike are equal; their bytes are not.
        for name in names where !name.utf8.elementsEqual(name.composed.utf8) {
            try await database.write([
                """
                INSERT INTO folder (name, created_at)
                SELECT \(name.composed), created_at FROM folder WHERE name = \(name)
                ON CONFLICT (name) DO NOTHING
                """,
                "UPDATE document SET folder = \(name.composed) WHERE folder = \(name)",
                "DELETE FROM folder WHERE name = \(name)",
            ])
        }
    }

    /// Empty ones only for those who see all documents.
    package func folders(for caller: Caller) async throws -> [String] {
        guard caller.workspaces != .all else {
            return try await database.read("SELECT name FROM folder ORDER BY name") { try $0.get("name") }
        }
        return try await database.read(
            "SELECT DISTINCT d.folder AS name FROM document d WHERE \(documentVisibleTo: caller) ORDER BY name"
        ) { try $0.get("name") }
    }

    /// Ids of the workspaces that pin a document, by document id, as far as the caller knows of them.
    package func pinningWorkspaces(for caller: Caller) async throws -> [String: [Workspace.ID]] {
        let pins = try await database.read(
            "SELECT document_id, workspace_id FROM workspace_document WHERE is_pinned ORDER BY id"
        ) { row in (try row.get("document_id", as: String.self), try row.get("workspace_id", as: Int64.self)) }
        let known = pins.filter { caller.workspaces.includes($0.1) }
        return Dictionary(grouping: known, by: \.0).mapValues { $0.map(\.1) }
    }
}

/// Columns of a document; `d` is the document and `c` its content.
let documentColumns: StaticString = """
    d.id AS document_id, d.folder AS folder, d.name AS document_name, d.content_id AS content_id, d.url AS url,
    d.title AS title, d.author AS author, d.description AS description, d.source AS source,
    d.chunk_source AS chunk_source, d.published AS published, d.published_at AS published_at,
    d.attributes AS attributes, c.word_count AS word_count, c.token_count AS token_count
    """

extension Document {
    init(_ row: any SQLRow) throws {
        self.init(
            id: try row.get("document_id"),
            path: DocumentPath(folder: try row.get("folder"), name: try row.get("document_name")),
            contentID: try row.get("content_id"), url: try row.get("url"), title: try row.get("title"),
            author: try row.get("author"), description: try row.get("description"), source: try row.get("source"),
            chunkSource: try row.get("chunk_source"), published: try row.get("published"),
            publishedAt: try row.get("published_at"), wordCount: try row.get("word_count"),
            tokenCount: try row.get("token_count"),
            attributes: try row.get("attributes", as: JSON.self).objectValue?.attributes ?? [])
    }
}

extension Content {
    fileprivate init(_ row: any SQLRow) throws {
        let parsed = ParsedDocument(
            text: try row.get("text"), pageStarts: try row.get("page_starts", as: JSON.self).offsets,
            headings: try row.get("headings", as: JSON.self).headings, title: try row.get("title"),
            author: try row.get("author"), description: try row.get("description"),
            publishedMilliseconds: try row.get("published_at"))
        self.init(
            id: try row.get("id"), parsed: parsed, wordCount: try row.get("word_count"),
            tokenCount: try row.get("token_count"), createdAt: try row.get("created_at"))
    }
}

extension JSON {
    fileprivate init(offsets: [Int]) { self = .array(offsets.map { JSON($0) }) }

    fileprivate var offsets: [Int] { (arrayValue ?? []).compactMap { $0.integerValue.map(Int.init) } }

    fileprivate init(headings: [ParsedDocument.Heading]) {
        self = .array(headings.map { [JSON($0.offset), JSON($0.level), .string($0.title)] })
    }

    fileprivate var headings: [ParsedDocument.Heading] {
        (arrayValue ?? []).compactMap { heading in
            guard let parts = heading.arrayValue, parts.count == 3, let offset = parts[0].integerValue,
                let level = parts[1].integerValue, let title = parts[2].stringValue
            else { return nil }
            return ParsedDocument.Heading(offset: Int(offset), level: Int(level), title: title)
        }
    }
}
