package import Domain

/// Listings of documents, a page at a time: there may be hundreds of thousands in one folder.
extension DocumentStore {
    /// A document with what a listing tells of it besides.
    package struct Listed: Sendable {
        package let document: Document
        /// Whether its chunks are embedded by the embedder in use, for some workspace or for a past one.
        package let isEmbedded: Bool
        /// Those workspaces that pin the document and that the caller knows of, in the order of pinning.
        package fileprivate(set) var pinningWorkspaces: [Workspace.ID] = []
        /// What it was fetched from; `nil` where it was sent.
        package fileprivate(set) var link: StoredLink?
    }

    /// What is looked for among documents.
    package struct Search: Sendable {
        /// Parts of a title or a name, in any case and any order; `nil` for all documents.
        package var words: String?

        /// More than anybody types.
        private static let mostWords = 32

        package init(words: String? = nil) { self.words = words }

        fileprivate var condition: SQL {
            let patterns = (words ?? "").split(whereSeparator: \.isWhitespace).prefix(Self.mostWords).map(Self.pattern)
            return patterns.reduce("TRUE") { #"\#($0) AND d.search_text LIKE \#($1) ESCAPE '\'"# }
        }

        /// Characters that mean something in a pattern stand for themselves.
        private static func pattern(for word: Substring) -> String {
            var pattern = "%"
            for character in String(word).caseFolded.unicodeScalars {
                if ["%", "_", "\\"].contains(character) { pattern.unicodeScalars.append("\\") }
                pattern.unicodeScalars.append(character)
            }
            return pattern + "%"
        }
    }

    /// Documents of one folder by name, in the order of code points: those behind `name`, of which `offset` are passed
    /// over.
    ///
    /// - Parameter folder: its name as it is stored.
    package func list(
        folder: String, _ search: Search = Search(), after name: String? = nil, offset: Int = 0, limit: Int,
        embedder: String, for caller: Caller
    ) async throws -> [Listed] {
        let query = Self.listQuery(
            folder: folder, search, after: name, offset: offset, limit: limit, embedder: embedder, for: caller)
        var listed = try await database.read(query) { row in
            Listed(document: try Document(row), isEmbedded: try row.get("is_embedded"))
        }
        let pins = try await pins(of: listed.map(\.document.id), for: caller)
        if !pins.isEmpty {
            for index in listed.indices { listed[index].pinningWorkspaces = pins[listed[index].document.id] ?? [] }
        }
        let links = try await links(of: listed.map(\.document))
        if !links.isEmpty {
            for index in listed.indices { listed[index].link = listed[index].document.link.flatMap { links[$0] } }
        }
        return listed
    }

    /// The places are found in an index alone, so that documents which are passed over are not read.
    package static func listQuery(
        folder: String, _ search: Search, after name: String?, offset: Int, limit: Int, embedder: String,
        for caller: Caller
    ) -> SQL {
        let behind: SQL = name.map { "d.name > \($0)" } ?? "TRUE"
        return """
            SELECT \(raw: documentColumns), EXISTS (
                SELECT 1 FROM chunk_set s
                WHERE s.content_id = d.content_id AND s.embedder = \(embedder) AND s.is_complete
            ) AS is_embedded
            FROM (
                SELECT d.folder, d.name FROM document d
                WHERE d.folder = \(folder) AND \(behind) AND \(search.condition) AND \(documentVisibleTo: caller)
                ORDER BY d.name LIMIT \(limit) OFFSET \(offset)
            ) p
            JOIN document d ON d.folder = p.folder AND d.name = p.name
            JOIN content c ON c.id = d.content_id
            ORDER BY d.name
            """
    }

    /// How many documents each folder holds, in the order of the folders; those that hold none are left out.
    package func counts(
        _ search: Search, for caller: Caller
    ) async throws -> [(folder: String, count: Int)] {
        try await database.read(
            """
            SELECT d.folder AS folder, COUNT(*) AS documents FROM document d
            WHERE \(search.condition) AND \(documentVisibleTo: caller) GROUP BY d.folder ORDER BY d.folder
            """
        ) { row in (try row.get("folder", as: String.self), try row.get("documents", as: Int.self)) }
    }

    package func count(folder: String, _ search: Search = Search(), for caller: Caller) async throws -> Int {
        try await database.count(
            """
            SELECT COUNT(*) FROM document d
            WHERE d.folder = \(folder) AND \(search.condition) AND \(documentVisibleTo: caller)
            """)
    }

    /// One document as listings show it.
    package func listed(_ document: Document, embedder: String, for caller: Caller) async throws -> Listed {
        var listed = Listed(
            document: document, isEmbedded: try await isEmbedded(document.contentID, embedder: embedder))
        listed.pinningWorkspaces = try await pins(of: [document.id], for: caller)[document.id] ?? []
        listed.link = try await links(of: [document]).values.first
        return listed
    }

    /// What the documents were fetched from, by id.
    private func links(of documents: [Document]) async throws -> [String: StoredLink] {
        let links = try await LinkStore(database).find(ids: documents.compactMap(\.link).unique)
        return Dictionary(links.map { ($0.id, $0) }) { first, _ in first }
    }

    /// Ids of the workspaces that pin documents, by document id, as far as the caller knows of them.
    private func pins(of documents: [String], for caller: Caller) async throws -> [String: [Workspace.ID]] {
        let pins = try await database.read(
            """
            SELECT document_id, workspace_id FROM workspace_document
            WHERE is_pinned AND document_id \(in: documents) ORDER BY id
            """
        ) { row in (try row.get("document_id", as: String.self), try row.get("workspace_id", as: Int64.self)) }
        let known = pins.filter { caller.workspaces.includes($0.1) }
        return Dictionary(grouping: known, by: \.0).mapValues { $0.map(\.1) }
    }
}
