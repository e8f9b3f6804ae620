package import Domain
import OrderedJSON

/// Documents that come again, and what is put in their place.
extension DocumentStore {
    /// Documents of the same bytes in the same folder, oldest first, as far as the caller may know of them.
    package func duplicates(of documents: [Document], for caller: Caller) async throws -> [Document] {
        try await database.read(
            """
            SELECT \(raw: documentColumns) FROM document d JOIN content c ON c.id = d.content_id
            WHERE \(alike(documents, for: caller)) ORDER BY d.created_at, d.id
            """, Document.init)
    }

    /// A condition on a document `d`: whether it was made of the same bytes in the same folder as these, which are all of one
    /// file, and is none of them.
    func alike(_ documents: [Document], for caller: Caller) -> SQL {
        guard let upload = documents.first?.upload else { return "FALSE" }
        return """
            d.upload_folder = \(upload.folder) AND d.upload_sha256 = \(upload.sha256)
            AND NOT d.id \(in: documents.map(\.id)) AND \(documentVisibleTo: caller)
            """
    }

    /// Documents that were made of a file of this name in the folder, the newest first, as far as the caller may know of them.
    package func uploaded(as name: String, to folder: String, for caller: Caller) async throws -> [Document] {
        try await database.read(
            """
            SELECT \(raw: documentColumns) FROM document d JOIN content c ON c.id = d.content_id
            WHERE d.upload_folder = \(folder) AND d.upload_name = \(name) AND \(documentVisibleTo: caller)
            ORDER BY d.created_at DESC, d.id
            """, Document.init)
    }

    /// A document, and where it serves.
    package struct Placed: Sendable {
        package let document: Document
        /// The slugs of its workspaces, as far as the caller may know of them, in the order in which it came into them.
        package let workspaces: [String]
    }

    /// Documents that were made of these files, by the SHA-256 of their bytes, as far as the caller may know of them: in the
    /// order of the digests, those of one file as they were made.
    package func uploaded(
        sha256 digests: [String], offset: Int = 0, limit: Int, for caller: Caller
    ) async throws -> [Placed] {
        let documents = try await database.read(
            """
            SELECT \(raw: documentColumns) FROM document d JOIN content c ON c.id = d.content_id
            WHERE d.upload_sha256 \(in: digests) AND \(documentVisibleTo: caller)
            ORDER BY d.upload_sha256, d.created_at, d.id LIMIT \(limit) OFFSET \(offset)
            """, Document.init)
        let places = try await database.read(
            """
            SELECT m.document_id AS document_id, m.workspace_id AS workspace_id, w.slug AS slug
            FROM workspace_document m JOIN workspace w ON w.id = m.workspace_id
            WHERE m.document_id \(in: documents.map(\.id)) ORDER BY m.id
            """
        ) { row in
            (
                document: try row.get("document_id", as: String.self),
                workspace: try row.get("workspace_id", as: Workspace.ID.self),
                slug: try row.get("slug", as: String.self)
            )
        }
        let known = places.filter { caller.workspaces.includes($0.workspace) }
        let slugs = Dictionary(grouping: known, by: \.document)
        return documents.map { Placed(document: $0, workspaces: slugs[$0.id]?.map(\.slug) ?? []) }
    }

    /// Gives a document another content, and its memberships the chunks of that, in one step: whoever searches meanwhile
    /// finds either the old or the new.
    ///
    /// - Parameters:
    ///   - document: the new one, under the id of the old.
    ///   - chunkSets: by workspace; those that are in force there are replaced.
    package func replace(
        with document: Document, chunkSets: [Workspace.ID: Int64], event: Event, by caller: Caller, at time: Timestamp
    ) async throws {
        let change: SQL = """
            UPDATE document SET
                content_id = \(document.contentID), url = \(document.url), title = \(document.title),
                author = \(document.author), description = \(document.description), source = \(document.source),
                chunk_source = \(document.chunkSource), published = \(document.published),
                published_at = \(document.publishedAt), attributes = \(JSON.object(JSONObject(document.attributes))),
                search_text = \(document.searchText), upload_sha256 = \(document.upload?.sha256),
                link_id = \(document.link)
            WHERE id = \(document.id)
            """
        let sets = chunkSets.sorted { $0.key < $1.key }.map { workspace, set -> SQL in
            """
            UPDATE workspace_document SET chunk_set_id = \(set), last_updated_at = \(time)
            WHERE workspace_id = \(workspace) AND document_id = \(document.id)
            """
        }
        try await database.write(
            [change, "DELETE FROM document_attribute WHERE document_id = \(document.id)"]
                + Self.attributes(of: document) + sets + [EventStore.statement(event, by: caller, at: time)])
    }

    /// Removes a content, with its chunks, that no document has any more.
    package func removeContent(_ content: Content.ID) async throws {
        try await database.write(
            """
            DELETE FROM content WHERE id = \(content)
                AND NOT EXISTS (SELECT 1 FROM document WHERE content_id = \(content))
            """)
    }
}

extension Document.Upload {
    init?(_ row: any SQLRow) throws {
        guard let folder: String = try row.get("upload_folder"), let name: String = try row.get("upload_name"),
            let sha256: String = try row.get("upload_sha256")
        else { return nil }
        self.init(
            folder: folder, name: name, sha256: sha256, member: try row.get("upload_member", as: String?.self) ?? "")
    }
}
