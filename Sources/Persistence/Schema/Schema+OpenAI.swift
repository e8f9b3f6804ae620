/// What clients of OpenAI's API leave with the server.
extension Schema {
    static func responses(_ dialect: Dialect) -> [String] {
        [
            // Long texts come last: SQLite reads through them to reach what is behind.
            """
            CREATE TABLE model_response (
                id \(dialect.text) PRIMARY KEY,
                workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                previous_id \(dialect.text),
                caller_kind \(dialect.text) NOT NULL,
                caller_id BIGINT,
                caller_name \(dialect.text),
                created_at BIGINT NOT NULL,
                body \(dialect.text) NOT NULL,
                input \(dialect.text) NOT NULL
            )
            """,
            "CREATE INDEX model_response_of_workspace ON model_response (workspace_id)",
            "CREATE INDEX model_response_by_time ON model_response (created_at)",
        ]
    }

    static func files(_ dialect: Dialect) -> [String] {
        [
            // What is known of an upload besides its documents, of which the first gives it its id.
            """
            CREATE TABLE uploaded_file (
                id \(dialect.text) PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
                name \(dialect.text) NOT NULL,
                purpose \(dialect.text) NOT NULL,
                byte_count BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE uploaded_file_document (
                document_id \(dialect.text) PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
                file_id \(dialect.text) NOT NULL REFERENCES uploaded_file (id) ON DELETE CASCADE,
                place BIGINT NOT NULL
            )
            """,
            "CREATE INDEX document_of_uploaded_file ON uploaded_file_document (file_id, place)",
            // For listings of all files, a page at a time.
            "CREATE INDEX document_by_time ON document (created_at, id)",
            // A file on its way into a workspace, and the job that brings it there.
            """
            CREATE TABLE workspace_file (
                workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                file_id \(dialect.text) NOT NULL REFERENCES document (id) ON DELETE CASCADE,
                job_id \(dialect.text) NOT NULL,
                created_at BIGINT NOT NULL,
                PRIMARY KEY (workspace_id, file_id)
            )
            """,
            "CREATE INDEX workspace_file_of_document ON workspace_file (file_id)",
            """
            CREATE TABLE file_batch (
                id \(dialect.text) PRIMARY KEY,
                workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                job_id \(dialect.text) NOT NULL,
                file_ids \(dialect.text) NOT NULL,
                created_at BIGINT NOT NULL
            )
            """,
            "CREATE INDEX file_batch_of_workspace ON file_batch (workspace_id)",
            // What clients of OpenAI's API keep with a vector store, in words of their own.
            """
            CREATE TABLE vector_store_metadata (
                workspace_id \(dialect.keyColumn) REFERENCES workspace (id) ON DELETE CASCADE,
                metadata \(dialect.text) NOT NULL
            )
            """,
        ]
    }
}
