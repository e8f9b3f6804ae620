/// Folders as things of their own, the search among documents, and their removal in steps.
extension Schema {
    static func folders(_ dialect: Dialect) -> [String] {
        [
            // `FolderName.key`. What is older has none until the next start, which alone can compute it.
            "ALTER TABLE folder ADD COLUMN lookalike_key \(dialect.text)",
            "CREATE UNIQUE INDEX folder_by_key ON folder (lookalike_key)",
            // Callers who see some documents only see a folder without documents where they have made it themselves.
            """
            CREATE TABLE folder_maker (
                folder \(dialect.text) NOT NULL REFERENCES folder (name) ON UPDATE CASCADE ON DELETE CASCADE,
                caller_kind \(dialect.text) NOT NULL,
                caller_id BIGINT NOT NULL,
                PRIMARY KEY (folder, caller_kind, caller_id)
            )
            """,
            // Title and name, case-folded: no two engines fold alike.
            "ALTER TABLE document ADD COLUMN search_text \(dialect.text) NOT NULL DEFAULT ''",
            "CREATE INDEX document_without_search_text ON document (id) WHERE search_text = ''",
            // Contents that a removal left behind, until they are deleted, a few at a time.
            "CREATE TABLE abandoned_content (content_id \(dialect.keyColumn))",
        ] + searchIndex(dialect)
    }

    /// Lets SQLite search without reading the documents. PostgreSQL takes no entry that long, and reads tables at a time.
    private static func searchIndex(_ dialect: Dialect) -> [String] {
        switch dialect {
        case .sqlite: ["CREATE INDEX document_search ON document (folder, name, search_text)"]
        case .postgres: []
        }
    }
}
