package import Domain
import OrderedJSON

/// Contents, the documents that name them, and the folders they lie in. Listings, folders, moves and removals have files of
/// their own.
package struct DocumentStore: Sendable {
    let database: any Database

    package init(_ database: any Database) { self.database = database }

    // MARK: Contents

    /// What was parsed from a file that `digest` stands for, in the order of the file; empty where one of its documents is
    /// missing.
    package func contents(digest: String) async throws -> [Content] {
        let found = try await database.read(
            """
            SELECT * FROM content
            WHERE digest = \(digest) OR (digest > \(digest + "/") AND digest < \(digest + "0"))
            """
        ) { row in (place: MemberDigest(try row.get("digest")), content: try Content(row)) }
        guard let count = found.first?.place.count, found.count == count else { return [] }
        return found.sorted { $0.place.index < $1.place.index }.map(\.content)
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
            "SELECT divisions, substr(text, 1, CAST(\(limit + 1) AS INTEGER)) AS beginning FROM content WHERE id = \(content)"
        ) { row in
            TextBeginning(
                cutting: try row.get("beginning"), to: limit,
                divisions: Divisions(stored: try row.get("divisions", as: JSON.self)))
        }.first
    }

    /// A parsed text that is to be stored, with its counts.
    package struct NewContent: Sendable {
        let parsed: ParsedDocument
        let wordCount: Int
        let tokenCount: Int

        package init(_ parsed: ParsedDocument, wordCount: Int, tokenCount: Int) {
            self.parsed = parsed
            self.wordCount = wordCount
            self.tokenCount = tokenCount
        }
    }

    /// Stores all that was parsed from one file, or finds what somebody stored meanwhile.
    package func insertContents(
        digest: String, _ contents: [NewContent], at time: Timestamp
    ) async throws -> [Content] {
        try await database.write(
            contents.enumerated().map { index, content in
                Self.statement(
                    content, digest: MemberDigest(index: index, count: contents.count).text(digest), at: time)
            })
        let stored = try await self.contents(digest: digest)
        guard stored.count == contents.count else {
            throw DatabaseError.other("a content that was stored is gone")
        }
        return stored
    }

    private static func statement(_ content: NewContent, digest: String, at time: Timestamp) -> SQL {
        let parsed = content.parsed
        return """
            INSERT INTO content (
                digest, text, divisions, column_names, headings, title, author, description, published_at, member,
                warnings, word_count, token_count, created_at
            ) VALUES (
                \(digest), \(parsed.text), \(parsed.divisions?.stored ?? []), \(parsed.columnNames),
                \(JSON(headings: parsed.headings)), \(parsed.title), \(parsed.author), \(parsed.description),
                \(parsed.publishedMilliseconds), \(parsed.member?.stored),
                \(parsed.warnings.isEmpty ? nil : JSON.array(parsed.warnings.map(JSON.string))),
                \(content.wordCount), \(content.tokenCount), \(time)
            ) ON CONFLICT (digest) DO NOTHING
            """
    }

    // MARK: Documents

    /// Stores documents and the event that says so, making their folders where they are missing. Ids that exist stay as they
    /// are, so that a job which runs again changes nothing.
    ///
    /// - Parameter onlyNew: whether nothing is stored where the caller sees others that were made of the same bytes in the
    ///   same folder.
    /// - Returns: the documents as they are stored: a folder of a name that looks alike is the same folder.
    @discardableResult package func insert(
        _ documents: [Document], event: Event, by caller: Caller, at time: Timestamp, onlyNew: Bool = false
    ) async throws -> [Document] {
        let condition: SQL =
            onlyNew ? "NOT EXISTS (SELECT 1 FROM document d WHERE \(alike(documents, for: caller)))" : "TRUE"
        let folders = Set(documents.compactMap { FolderName($0.path.folder) }).map { Self.folder($0, at: time) }
        let rows = documents.map { document -> SQL in
            """
            INSERT INTO document (
                id, folder, name, content_id, url, title, author, description, source, chunk_source, published,
                published_at, file_extension, attributes, search_text, upload_folder, upload_name, upload_sha256,
                upload_member, link_id, \(raw: callerColumns), created_at
            ) SELECT
                \(document.id), \(folderLike: document.path.folder), \(document.path.name), \(document.contentID),
                \(document.url), \(document.title), \(document.author), \(document.description), \(document.source),
                \(document.chunkSource), \(document.published), \(document.publishedAt), \(document.fileExtension),
                \(JSON.object(JSONObject(document.attributes))), \(document.searchText), \(document.upload?.folder),
                \(document.upload?.name), \(document.upload?.sha256), \(document.upload?.member), \(document.link),
                \(caller: caller), \(time)
            WHERE \(condition)
            ON CONFLICT (id) DO NOTHING
            """
        }
        let log = EventStore.statement(event, by: caller, at: time, where: condition)
        try await database.write(folders + rows + documents.flatMap(Self.attributes) + [log])
        return try await find(ids: documents.map(\.id))
    }

    static func attributes(of document: Document) -> [SQL] {
        document.attributes.map { attribute in
            let value = JSON(attribute.value)
            return """
                INSERT INTO document_attribute (document_id, name, text_value, number_value, bool_value)
                SELECT
                    id, \(attribute.name), \(value.stringValue), \(value.doubleValue), \(value.boolValue)
                FROM document WHERE id = \(document.id)
                ON CONFLICT (document_id, name) DO NOTHING
                """
        }
    }

    package func find(_ path: DocumentPath, for caller: Caller) async throws -> Document? {
        try await database.read(
            """
            SELECT \(raw: documentColumns) FROM document d JOIN content c ON c.id = d.content_id
            WHERE \(documentAt: path) AND \(documentVisibleTo: caller)
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
    package func find(id: String) async throws -> Document? { try await find(ids: [id]).first }

    /// Those of the documents that there are, in the order of `ids`.
    package func find(ids: [String]) async throws -> [Document] {
        let found = try await database.read(
            """
            SELECT \(raw: documentColumns) FROM document d JOIN content c ON c.id = d.content_id
            WHERE d.id \(in: ids)
            """, Document.init)
        let byID = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
        return ids.compactMap { byID[$0] }
    }

    /// Documents that were made of a link, in the order in which they were made.
    package func find(ofLink link: String) async throws -> [Document] {
        try await database.read(
            """
            SELECT \(raw: documentColumns) FROM document d JOIN content c ON c.id = d.content_id
            WHERE d.link_id = \(link) ORDER BY d.created_at, d.id
            """, Document.init)
    }

    /// The first document of that name, in the order of the folders, the default one first.
    package func find(name: String, for caller: Caller) async throws -> Document? {
        try await database.read(
            """
            SELECT \(raw: documentColumns) FROM document d JOIN content c ON c.id = d.content_id
            WHERE d.name = \(name) AND \(documentVisibleTo: caller)
            ORDER BY CASE WHEN d.folder = \(FolderName.standard) THEN 0 ELSE 1 END, d.folder LIMIT 1
            """, Document.init
        ).first
    }

    package func isEmbedded(_ content: Content.ID, embedder: String) async throws -> Bool {
        try await database.count(
            """
            SELECT COUNT(*) FROM chunk_set
            WHERE content_id = \(content) AND embedder = \(embedder) AND is_complete
            """) > 0
    }
}

/// Columns of a document; `d` is the document and `c` its content.
let documentColumns: StaticString = """
    d.id AS document_id, d.folder AS folder, d.name AS document_name, d.content_id AS content_id, d.url AS url,
    d.title AS title, d.author AS author, d.description AS description, d.source AS source,
    d.chunk_source AS chunk_source, d.published AS published, d.published_at AS published_at,
    d.attributes AS attributes, d.upload_folder AS upload_folder, d.upload_name AS upload_name,
    d.upload_sha256 AS upload_sha256, d.upload_member AS upload_member, d.link_id AS link_id,
    c.word_count AS word_count, c.token_count AS token_count
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
            attributes: try row.get("attributes", as: JSON.self).objectValue?.attributes ?? [],
            upload: try Upload(row), link: try row.get("link_id"))
    }
}

/// Which of the documents in its file a content is, as its digest tells: that of the file alone where it is the only one.
private struct MemberDigest {
    let index: Int
    let count: Int

    init(index: Int, count: Int) {
        self.index = index
        self.count = count
    }

    init(_ digest: String) {
        let parts = digest.split(separator: "/").dropFirst().compactMap { Int($0) }
        (index, count) = parts.count == 2 ? (parts[0], parts[1]) : (0, 1)
    }

    func text(_ digest: String) -> String { count == 1 ? digest : "\(digest)/\(index)/\(count)" }
}
