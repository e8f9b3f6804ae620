/// Workspaces, threads and chats.
extension Schema {
    static func workspacesAndChats(_ dialect: Dialect) -> [String] {
        [
            """
            CREATE TABLE workspace (
                id \(dialect.identityColumn),
                name \(dialect.text) NOT NULL,
                slug \(dialect.text) NOT NULL UNIQUE,
                created_at BIGINT NOT NULL,
                last_updated_at BIGINT NOT NULL,
                temperature DOUBLE PRECISION,
                history_limit BIGINT NOT NULL,
                system_prompt \(dialect.text),
                similarity_threshold DOUBLE PRECISION NOT NULL,
                result_limit BIGINT NOT NULL,
                chat_mode \(dialect.text) NOT NULL,
                chat_provider \(dialect.text),
                chat_model \(dialect.text),
                agent_provider \(dialect.text),
                agent_model \(dialect.text),
                query_refusal_response \(dialect.text),
                vector_search_mode \(dialect.text) NOT NULL,
                router_id BIGINT
            )
            """,
            """
            CREATE TABLE thread (
                id \(dialect.identityColumn),
                workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                name \(dialect.text) NOT NULL,
                slug \(dialect.text) NOT NULL UNIQUE,
                user_id BIGINT,
                created_at BIGINT NOT NULL,
                last_updated_at BIGINT NOT NULL
            )
            """,
            "CREATE INDEX thread_of_workspace ON thread (workspace_id)",
            // Long texts come last, the longest at the end: SQLite reads through them to reach what is behind.
            """
            CREATE TABLE chat (
                id \(dialect.identityColumn),
                workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                thread_id BIGINT REFERENCES thread (id) ON DELETE CASCADE,
                user_id BIGINT,
                session_id \(dialect.text),
                is_included BOOLEAN NOT NULL,
                feedback_score BOOLEAN,
                created_at BIGINT NOT NULL,
                mode \(dialect.text) NOT NULL,
                metrics \(dialect.text) NOT NULL,
                prompt \(dialect.text) NOT NULL,
                answer \(dialect.text) NOT NULL,
                tool_uses \(dialect.text) NOT NULL,
                sources \(dialect.text) NOT NULL,
                attachments \(dialect.text) NOT NULL
            )
            """,
            // What a chat looks back at: behind what was reset, however much that is, it need not search.
            """
            CREATE INDEX chat_of_conversation ON chat (
                workspace_id, thread_id, session_id, user_id, is_included, id
            )
            """,
            // Of all users together, in their order.
            "CREATE INDEX chat_in_order ON chat (workspace_id, thread_id, session_id, id)",
            // For the deletion of a thread, which looks for what refers to it.
            "CREATE INDEX chat_of_thread ON chat (thread_id)",
        ]
    }

    /// One key that is never NULL stands for a chat's thread and session, so that a plain comparison finds a conversation
    /// by an index on either engine; another one for its user. `Conversation.key` and `userKey` say the same in Swift.
    static func conversations(_ dialect: Dialect) -> [String] {
        [
            """
            ALTER TABLE chat ADD COLUMN conversation_key \(dialect.text) NOT NULL GENERATED ALWAYS AS (
                CAST(COALESCE(thread_id, 0) AS TEXT) || COALESCE('/' || session_id, '')
            ) \(dialect.generatedColumn)
            """,
            """
            ALTER TABLE chat ADD COLUMN user_key BIGINT NOT NULL GENERATED ALWAYS AS (
                COALESCE(user_id, 0)
            ) \(dialect.generatedColumn)
            """,
            "DROP INDEX chat_of_conversation",
            "DROP INDEX chat_in_order",
            // What a chat looks back at: behind what was reset, however much that is, it need not search.
            """
            CREATE INDEX chat_of_conversation ON chat (workspace_id, conversation_key, user_key, is_included, id)
            """,
            // Of all users together, in their order.
            "CREATE INDEX chat_in_order ON chat (workspace_id, conversation_key, id)",
        ]
    }
}
