import Domain

/// The migrations, in order. One that has shipped is never edited; what differs between engines is in `Dialect`.
package struct Migration: Sendable {
    package let name: String
    package let statements: @Sendable (Dialect) -> [String]

    /// Tells one wording of the statements from another, white space aside.
    func digest(_ dialect: Dialect) -> String {
        // Bytes and not characters: this is done at every start.
        let words = statements(dialect).joined(separator: ";").utf8.split {
            $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n")
        }
        return FNV1a(Array(words.joined(separator: [UInt8(ascii: " ")]))).hexadecimal
    }
}

package enum Schema {
    package static let migrations = [
        Migration(name: "0001-access-and-settings") { accessAndSettings($0) },
        Migration(name: "0002-workspaces-and-chats") { workspacesAndChats($0) },
        Migration(name: "0003-documents-and-chunks") { documentsAndChunks($0) },
        Migration(name: "0004-jobs") { jobs($0) },
        Migration(name: "0005-pinned-documents") { _ in pinnedDocuments },
        Migration(name: "0006-conversations") { conversations($0) },
        Migration(name: "0007-settings-revision") { _ in settingsRevision },
        Migration(name: "0008-serving-embedders") { servingEmbedders($0) },
        Migration(name: "0009-callers") { callers($0) },
        Migration(name: "0011-job-leases") { jobLeases($0) },
    ]

    private static func accessAndSettings(_ dialect: Dialect) -> [String] {
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

    private static func workspacesAndChats(_ dialect: Dialect) -> [String] {
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

    /// A document is a name for a content; a chunk set is one way of cutting and embedding a content under a header.
    /// Both are shared: the same bytes are parsed once, the same chunks embedded once, however many documents and
    /// workspaces use them.
    private static func documentsAndChunks(_ dialect: Dialect) -> [String] {
        [
            // The text comes last: SQLite reads through a long value to reach what is behind it, and listings need none.
            """
            CREATE TABLE content (
                id \(dialect.identityColumn),
                digest \(dialect.text) NOT NULL UNIQUE,
                word_count BIGINT NOT NULL,
                token_count BIGINT NOT NULL,
                title \(dialect.text),
                author \(dialect.text),
                description \(dialect.text),
                published_at BIGINT,
                created_at BIGINT NOT NULL,
                page_starts \(dialect.text) NOT NULL,
                headings \(dialect.text) NOT NULL,
                text \(dialect.text) NOT NULL
            )
            """,
            "CREATE TABLE folder (name \(dialect.text) PRIMARY KEY, created_at BIGINT NOT NULL)",
            """
            CREATE TABLE document (
                id \(dialect.text) PRIMARY KEY,
                folder \(dialect.text) NOT NULL REFERENCES folder (name) ON UPDATE CASCADE,
                name \(dialect.text) NOT NULL,
                content_id BIGINT NOT NULL REFERENCES content (id),
                url \(dialect.text) NOT NULL,
                title \(dialect.text) NOT NULL,
                author \(dialect.text) NOT NULL,
                description \(dialect.text) NOT NULL,
                source \(dialect.text) NOT NULL,
                chunk_source \(dialect.text) NOT NULL,
                published \(dialect.text) NOT NULL,
                published_at BIGINT,
                file_extension \(dialect.text) NOT NULL,
                attributes \(dialect.text) NOT NULL,
                created_at BIGINT NOT NULL,
                UNIQUE (folder, name)
            )
            """,
            // `document.attributes` once more, a row for each: searches compare them, and no two engines' JSON is alike.
            """
            CREATE TABLE document_attribute (
                document_id \(dialect.text) NOT NULL REFERENCES document (id) ON DELETE CASCADE,
                name \(dialect.text) NOT NULL,
                text_value \(dialect.text),
                number_value DOUBLE PRECISION,
                bool_value BOOLEAN,
                PRIMARY KEY (document_id, name)
            )
            """,
            "CREATE INDEX document_by_name ON document (name)",
            "CREATE INDEX document_of_content ON document (content_id)",
            """
            CREATE TABLE chunk_set (
                id \(dialect.identityColumn),
                fingerprint \(dialect.text) NOT NULL UNIQUE,
                content_id BIGINT NOT NULL REFERENCES content (id) ON DELETE CASCADE,
                embedder \(dialect.text) NOT NULL,
                header \(dialect.text) NOT NULL,
                is_complete BOOLEAN NOT NULL,
                created_at BIGINT NOT NULL
            )
            """,
            "CREATE INDEX chunk_set_of_content ON chunk_set (content_id)",
            """
            CREATE TABLE chunk (
                id \(dialect.identityColumn),
                chunk_set_id BIGINT NOT NULL REFERENCES chunk_set (id) ON DELETE CASCADE,
                ordinal BIGINT NOT NULL,
                text \(dialect.text) NOT NULL,
                range_start BIGINT NOT NULL,
                range_end BIGINT NOT NULL,
                first_page BIGINT,
                last_page BIGINT,
                heading_path \(dialect.text) NOT NULL,
                UNIQUE (chunk_set_id, ordinal)
            )
            """,
            // Apart from the chunk, so that filling a vector store reads vectors only.
            """
            CREATE TABLE chunk_embedding (
                chunk_id \(dialect.keyColumn) REFERENCES chunk (id) ON DELETE CASCADE,
                chunk_set_id BIGINT NOT NULL,
                embedding \(dialect.blob) NOT NULL
            )
            """,
            "CREATE INDEX chunk_embedding_of_set ON chunk_embedding (chunk_set_id, chunk_id)",
            """
            CREATE TABLE workspace_document (
                id \(dialect.identityColumn),
                doc_id \(dialect.text) NOT NULL UNIQUE,
                workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                document_id \(dialect.text) NOT NULL REFERENCES document (id) ON DELETE CASCADE,
                chunk_set_id BIGINT NOT NULL REFERENCES chunk_set (id),
                is_pinned BOOLEAN NOT NULL,
                is_watched BOOLEAN NOT NULL,
                created_at BIGINT NOT NULL,
                last_updated_at BIGINT NOT NULL,
                UNIQUE (workspace_id, document_id)
            )
            """,
            "CREATE INDEX workspace_document_of_document ON workspace_document (document_id)",
            "CREATE INDEX workspace_document_of_chunk_set ON workspace_document (chunk_set_id)",
        ]
    }

    private static func jobs(_ dialect: Dialect) -> [String] {
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
    private static func jobLeases(_ dialect: Dialect) -> [String] {
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

    /// Few of many documents are pinned, and every chat asks which.
    private static let pinnedDocuments = [
        "CREATE INDEX workspace_document_pinned ON workspace_document (workspace_id, id) WHERE is_pinned"
    ]

    /// One key that is never NULL stands for a chat's thread and session, so that a plain comparison finds a conversation
    /// by an index on either engine; another one for its user. `Conversation.key` and `userKey` say the same in Swift.
    private static func conversations(_ dialect: Dialect) -> [String] {
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

    /// Counts up with every change of a setting, for nodes that look whether theirs are the newest.
    /// What made an embedder, to make it again while its vectors serve; and whose vectors serve a workspace.
    private static func servingEmbedders(_ dialect: Dialect) -> [String] {
        [
            """
            CREATE TABLE embedder (
                fingerprint \(dialect.text) PRIMARY KEY,
                settings \(dialect.text) NOT NULL,
                is_current BOOLEAN NOT NULL,
                created_at BIGINT NOT NULL
            )
            """,
            "ALTER TABLE workspace ADD COLUMN embedder \(dialect.text)",
            """
            UPDATE workspace SET embedder = (
                SELECT MIN(s.embedder) FROM workspace_document m JOIN chunk_set s ON s.id = m.chunk_set_id
                WHERE m.workspace_id = workspace.id
            )
            """,
        ]
    }

    private static let settingsRevision = [
        "CREATE TABLE setting_revision (revision BIGINT NOT NULL)",
        "INSERT INTO setting_revision (revision) VALUES (0)",
    ]

    /// Who did it, and what a key may do. What is older has no caller; a job without one is the server's own.
    private static func callers(_ dialect: Dialect) -> [String] {
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
