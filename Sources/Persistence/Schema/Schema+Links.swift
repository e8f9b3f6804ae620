/// The addresses that documents were made of, and when they are looked at again.
extension Schema {
    static func links(_ dialect: Dialect) -> [String] {
        [
            // Watched where there is a next check. Without metadata the documents keep theirs.
            """
            CREATE TABLE link (
                id \(dialect.text) PRIMARY KEY,
                address \(dialect.text) NOT NULL,
                metadata \(dialect.text),
                sealed_headers \(dialect.text),
                obeys_robots BOOLEAN NOT NULL,
                validated_address \(dialect.text),
                entity_tag \(dialect.text),
                last_modified \(dialect.text),
                caller \(dialect.text) NOT NULL,
                created_at BIGINT NOT NULL,
                next_check_at BIGINT,
                last_checked_at BIGINT,
                last_changed_at BIGINT,
                last_error \(dialect.text),
                failure_count BIGINT NOT NULL
            )
            """,
            "CREATE INDEX link_by_next_check ON link (next_check_at) WHERE next_check_at IS NOT NULL",
            "ALTER TABLE document ADD COLUMN link_id \(dialect.text) REFERENCES link (id)",
            "CREATE INDEX document_of_link ON document (link_id) WHERE link_id IS NOT NULL",
            // What was fetched before tells its address by its origin alone.
            """
            INSERT INTO link (id, address, obeys_robots, caller, created_at, failure_count)
            SELECT id, substr(chunk_source, 8), FALSE, '{"kind":"system"}', created_at, 0
            FROM document WHERE chunk_source LIKE 'link://http%'
            """,
            "UPDATE document SET link_id = id WHERE chunk_source LIKE 'link://http%'",
            // Nothing ever set it.
            "ALTER TABLE workspace_document DROP COLUMN is_watched",
        ]
    }
}
