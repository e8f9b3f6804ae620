/// Keys, settings and who called.
extension Schema {
    static func accessAndSettings(_ dialect: Dialect) -> [String] {
        [
            """
            CREATE TABLE api_key (
                id \(dialect.identityColumn),
                name \(dialect.text),
                hash \(dialect.text) NOT NULL UNIQUE,
                prefix \(dialect.text) NOT NULL,
                created_at BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE setting (
                variable \(dialect.text) PRIMARY KEY,
                value \(dialect.text) NOT NULL,
                is_secret BOOLEAN NOT NULL,
                updated_at BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE event (
                id \(dialect.identityColumn),
                name \(dialect.text) NOT NULL,
                metadata \(dialect.text) NOT NULL,
                user_id BIGINT,
                occurred_at BIGINT NOT NULL
            )
            """,
        ]
    }

    /// Counts up with every change of a setting, for nodes that look whether theirs are the newest.
    static let settingsRevision = [
        "CREATE TABLE setting_revision (revision BIGINT NOT NULL)",
        "INSERT INTO setting_revision (revision) VALUES (0)",
    ]

    /// Who did it, and what a key may do. What is older has no caller; a job without one is the server's own.
    static func callers(_ dialect: Dialect) -> [String] {
        [
            "ALTER TABLE api_key ADD COLUMN scopes \(dialect.text) NOT NULL DEFAULT ''",
            "ALTER TABLE api_key ADD COLUMN is_confined BOOLEAN NOT NULL DEFAULT FALSE",
            """
            CREATE TABLE api_key_workspace (
                api_key_id BIGINT NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
                workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                PRIMARY KEY (api_key_id, workspace_id)
            )
            """,
            "CREATE INDEX api_key_of_workspace ON api_key_workspace (workspace_id)",
            "ALTER TABLE job ADD COLUMN caller \(dialect.text)",
        ]
            + ["event", "chat", "document"].flatMap { table in
                [
                    "ALTER TABLE \(table) ADD COLUMN caller_kind \(dialect.text)",
                    "ALTER TABLE \(table) ADD COLUMN caller_id BIGINT",
                    "ALTER TABLE \(table) ADD COLUMN caller_name \(dialect.text)",
                ]
            }
    }
}
