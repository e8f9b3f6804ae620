/// Chat widgets and what their visitors asked.
extension Schema {
    static func embeds(_ dialect: Dialect) -> [String] {
        [
            """
            CREATE TABLE embed (
                id \(dialect.identityColumn),
                uuid \(dialect.text) NOT NULL UNIQUE,
                workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                is_enabled BOOLEAN NOT NULL,
                mode \(dialect.text) NOT NULL,
                allowed_origins \(dialect.text),
                allowed_models \(dialect.text),
                allows_model_override BOOLEAN NOT NULL,
                allows_temperature_override BOOLEAN NOT NULL,
                allows_prompt_override BOOLEAN NOT NULL,
                shows_sources BOOLEAN NOT NULL,
                maximum_chats_per_day BIGINT,
                maximum_chats_per_session BIGINT,
                history_limit BIGINT,
                caller_kind \(dialect.text),
                caller_id BIGINT,
                caller_name \(dialect.text),
                created_at BIGINT NOT NULL
            )
            """,
            "CREATE INDEX embed_of_workspace ON embed (workspace_id)",
            // A row is there from before the model is asked, so that limits hold for questions that come at once.
            """
            CREATE TABLE embed_chat (
                id \(dialect.identityColumn),
                embed_id BIGINT NOT NULL REFERENCES embed (id) ON DELETE CASCADE,
                session_id \(dialect.text) NOT NULL,
                is_included BOOLEAN NOT NULL,
                is_reset BOOLEAN NOT NULL,
                created_at BIGINT NOT NULL,
                origin \(dialect.text),
                address \(dialect.text),
                visitor_name \(dialect.text),
                mode \(dialect.text) NOT NULL,
                metrics \(dialect.text) NOT NULL,
                prompt \(dialect.text) NOT NULL,
                answer \(dialect.text) NOT NULL,
                sources \(dialect.text) NOT NULL
            )
            """,
            "CREATE INDEX embed_chat_by_time ON embed_chat (embed_id, created_at)",
            "CREATE INDEX embed_chat_of_session ON embed_chat (embed_id, session_id, created_at)",
        ]
    }
}
