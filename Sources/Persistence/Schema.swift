import Domain

/// The migrations, in order. One that has shipped is never edited; what differs between engines is in `Dialect`.
package struct Migration: Sendable {
    package let name: String
    package let statements: @Sendable (Dialect) -> [String]

    /// Tells one wording of the statements from another, white space aside: FNV-1a of 64 bits.
    fileprivate func digest(_ dialect: Dialect) -> String {
        let words = statements(dialect).joined(separator: ";").split(whereSeparator: \.isWhitespace)
        let hash = words.joined(separator: " ").utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        return String(hash, radix: 16)
    }
}

/// The few words in which the engines differ.
package struct Dialect: Sendable {
    /// A key column that counts up and never gives an id twice.
    package let identityColumn: String
    package let blob: String

    package static let sqlite = Dialect(identityColumn: "INTEGER PRIMARY KEY AUTOINCREMENT", blob: "BLOB")
}

/// Brings a database to the newest schema.
package struct Migrator: Sendable {
    private let database: any Database
    private let dialect: Dialect

    package init(_ database: any Database, dialect: Dialect) {
        self.database = database
        self.dialect = dialect
    }

    /// Runs each migration that this database has not seen, each in one transaction. Safe to call at every start.
    ///
    /// Throws, and changes nothing, where a migration that it has seen was another one then, as it may have been between
    /// two versions that were not released: every query on such tables could fail.
    package func migrate() async throws {
        try await database.write(
            "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, digest TEXT NOT NULL)")
        let rows = try await database.read("SELECT * FROM migration") { row in
            // The first of those versions kept no digests.
            (try row.get("name", as: String.self), (try? row.get("digest", as: String.self)) ?? "")
        }
        let done = Dictionary(rows) { first, _ in first }
        guard Schema.migrations.allSatisfy({ done[$0.name] == nil || done[$0.name] == $0.digest(dialect) }) else {
            throw ServiceError(
                .conflict,
                "The storage was made by a version of Lectern that was never released and kept its tables otherwise. "
                    + "Start with another --storage and upload the documents again, or go on with that version.")
        }
        for migration in Schema.migrations where done[migration.name] == nil {
            let statements = migration.statements(dialect).map { SQL(stringLiteral: $0) }
            let record: SQL =
                "INSERT INTO migration (name, digest) VALUES (\(migration.name), \(migration.digest(dialect)))"
            try await database.write(statements + [record])
        }
    }
}

package enum Schema {
    package static let migrations = [
        Migration(name: "0001-access-and-settings") { accessAndSettings($0) },
        Migration(name: "0002-workspaces-and-chats") { workspacesAndChats($0) },
        Migration(name: "0003-documents-and-chunks") { documentsAndChunks($0) },
        Migration(name: "0004-jobs") { _ in jobs },
        Migration(name: "0005-pinned-documents") { _ in pinnedDocuments },
    ]

    private static func accessAndSettings(_ dialect: Dialect) -> [String] {
        [
            """
            CREATE TABLE api_key (
                id \(dialect.identityColumn),
                name TEXT,
                hash TEXT NOT NULL UNIQUE,
                prefix TEXT NOT NULL,
                created_at BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE setting (
                variable TEXT PRIMARY KEY,
                value TEXT NOT NULL,
                is_secret BOOLEAN NOT NULL,
                updated_at BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE event (
                id \(dialect.identityColumn),
                name TEXT NOT NULL,
                metadata TEXT NOT NULL,
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
                name TEXT NOT NULL,
                slug TEXT NOT NULL UNIQUE,
                created_at BIGINT NOT NULL,
                last_updated_at BIGINT NOT NULL,
                temperature DOUBLE PRECISION,
                history_limit BIGINT NOT NULL,
                system_prompt TEXT,
                similarity_threshold DOUBLE PRECISION NOT NULL,
                result_limit BIGINT NOT NULL,
                chat_mode TEXT NOT NULL,
                chat_provider TEXT,
                chat_model TEXT,
                agent_provider TEXT,
                agent_model TEXT,
                query_refusal_response TEXT,
                vector_search_mode TEXT NOT NULL,
                router_id BIGINT
            )
            """,
            """
            CREATE TABLE thread (
                id \(dialect.identityColumn),
                workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                slug TEXT NOT NULL UNIQUE,
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
                session_id TEXT,
                is_included BOOLEAN NOT NULL,
                feedback_score BOOLEAN,
                created_at BIGINT NOT NULL,
                mode TEXT NOT NULL,
                metrics TEXT NOT NULL,
                prompt TEXT NOT NULL,
                answer TEXT NOT NULL,
                tool_uses TEXT NOT NULL,
                sources TEXT NOT NULL,
                attachments TEXT NOT NULL
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
                digest TEXT NOT NULL UNIQUE,
                word_count BIGINT NOT NULL,
                token_count BIGINT NOT NULL,
                title TEXT,
                author TEXT,
                description TEXT,
                published_at BIGINT,
                created_at BIGINT NOT NULL,
                page_starts TEXT NOT NULL,
                headings TEXT NOT NULL,
                text TEXT NOT NULL
            )
            """,
            "CREATE TABLE folder (name TEXT PRIMARY KEY, created_at BIGINT NOT NULL)",
            """
            CREATE TABLE document (
                id TEXT PRIMARY KEY,
                folder TEXT NOT NULL REFERENCES folder (name) ON UPDATE CASCADE,
                name TEXT NOT NULL,
                content_id BIGINT NOT NULL REFERENCES content (id),
                url TEXT NOT NULL,
                title TEXT NOT NULL,
                author TEXT NOT NULL,
                description TEXT NOT NULL,
                source TEXT NOT NULL,
                chunk_source TEXT NOT NULL,
                published TEXT NOT NULL,
                published_at BIGINT,
                file_extension TEXT NOT NULL,
                attributes TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                UNIQUE (folder, name)
            )
            """,
            // `document.attributes` once more, a row for each: searches compare them, and no two engines' JSON is alike.
            """
            CREATE TABLE document_attribute (
                document_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                text_value TEXT,
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
                fingerprint TEXT NOT NULL UNIQUE,
                content_id BIGINT NOT NULL REFERENCES content (id) ON DELETE CASCADE,
                embedder TEXT NOT NULL,
                header TEXT NOT NULL,
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
                text TEXT NOT NULL,
                range_start BIGINT NOT NULL,
                range_end BIGINT NOT NULL,
                first_page BIGINT,
                last_page BIGINT,
                heading_path TEXT NOT NULL,
                UNIQUE (chunk_set_id, ordinal)
            )
            """,
            // Apart from the chunk, so that filling a vector store reads vectors only.
            """
            CREATE TABLE chunk_embedding (
                chunk_id INTEGER PRIMARY KEY REFERENCES chunk (id) ON DELETE CASCADE,
                chunk_set_id BIGINT NOT NULL,
                embedding \(dialect.blob) NOT NULL
            )
            """,
            "CREATE INDEX chunk_embedding_of_set ON chunk_embedding (chunk_set_id, chunk_id)",
            """
            CREATE TABLE workspace_document (
                id \(dialect.identityColumn),
                doc_id TEXT NOT NULL UNIQUE,
                workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                document_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
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

    private static let jobs = [
        """
        CREATE TABLE job (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            payload TEXT NOT NULL,
            result TEXT,
            error TEXT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX job_by_state ON job (state, created_at)",
    ]

    /// Few of many documents are pinned, and every chat asks which.
    private static let pinnedDocuments = [
        "CREATE INDEX workspace_document_pinned ON workspace_document (workspace_id, id) WHERE is_pinned"
    ]
}
