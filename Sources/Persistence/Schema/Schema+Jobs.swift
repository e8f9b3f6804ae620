/// Jobs and their leases.
extension Schema {
    static func jobs(_ dialect: Dialect) -> [String] {
        [
            """
            CREATE TABLE job (
                id \(dialect.text) PRIMARY KEY,
                kind \(dialect.text) NOT NULL,
                state \(dialect.text) NOT NULL,
                payload \(dialect.text) NOT NULL,
                result \(dialect.text),
                error \(dialect.text),
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL
            )
            """,
            "CREATE INDEX job_by_state ON job (state, created_at)",
        ]
    }

    /// What was unfinished before there were leases is taken up one job at a time.
    static func jobLeases(_ dialect: Dialect) -> [String] {
        [
            "ALTER TABLE job ADD COLUMN lane \(dialect.text) NOT NULL DEFAULT 'resumed'",
            "ALTER TABLE job ADD COLUMN owner \(dialect.text)",
            "ALTER TABLE job ADD COLUMN lease_until BIGINT",
            "ALTER TABLE job ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0",
            "UPDATE job SET state = 'waiting' WHERE state = 'running'",
            "DROP INDEX job_by_state",
            "CREATE INDEX job_by_turn ON job (state, lane, created_at, id)",
        ]
    }

    /// Who began a job, so that it can be listed for them. Jobs are forgotten in time, older ones need no such columns.
    static func jobCallers(_ dialect: Dialect) -> [String] {
        [
            "ALTER TABLE job ADD COLUMN caller_kind \(dialect.text)",
            "ALTER TABLE job ADD COLUMN caller_id BIGINT",
            "ALTER TABLE job ADD COLUMN caller_name \(dialect.text)",
            "CREATE INDEX job_by_age ON job (created_at, id)",
        ]
    }
}
