/// Documents, their chunks and vectors, and which embedder serves a workspace.
extension Schema {
    /// A document is a name for a content; a chunk set is one way of cutting and embedding a content under a header.
    /// Both are shared: the same bytes are parsed once, the same chunks embedded once, however many documents and
    /// workspaces use them.
    static func documentsAndChunks(_ dialect: Dialect) -> [String] {
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

    /// Few of many documents are pinned, and every chat asks which.
    static let pinnedDocuments = [
        "CREATE INDEX workspace_document_pinned ON workspace_document (workspace_id, id) WHERE is_pinned"
    ]

    /// Documents are cited by slides, rows and messages as well as by pages, and a file may hold several of them.
    static func documentParts(_ dialect: Dialect) -> [String] {
        [
            // Holds an array of offsets where it is of pages, as it was written before.
            "ALTER TABLE content RENAME COLUMN page_starts TO divisions",
            "ALTER TABLE content ADD COLUMN column_names \(dialect.text)",
            "ALTER TABLE content ADD COLUMN member \(dialect.text)",
            "ALTER TABLE content ADD COLUMN warnings \(dialect.text)",
            "ALTER TABLE chunk RENAME COLUMN first_page TO first_number",
            "ALTER TABLE chunk RENAME COLUMN last_page TO last_number",
            "ALTER TABLE chunk ADD COLUMN locator_unit \(dialect.text)",
            "UPDATE chunk SET locator_unit = 'page' WHERE first_number IS NOT NULL",
        ]
    }

    /// The words that chunks are found by, apart from them, so that filling a text index reads nothing else.
    static func chunkTerms(_ dialect: Dialect) -> [String] {
        [
            """
            CREATE TABLE chunk_terms (
                chunk_id \(dialect.keyColumn) REFERENCES chunk (id) ON DELETE CASCADE,
                chunk_set_id BIGINT NOT NULL,
                language \(dialect.text) NOT NULL,
                terms \(dialect.text) NOT NULL
            )
            """,
            "CREATE INDEX chunk_terms_of_set ON chunk_terms (chunk_set_id, chunk_id)",
            // 0 for a set that has none yet.
            "ALTER TABLE chunk_set ADD COLUMN term_version BIGINT NOT NULL DEFAULT 0",
        ]
    }

    /// What a document was made of, by which the same file is recognised when it comes again.
    static func uploads(_ dialect: Dialect) -> [String] {
        [
            "ALTER TABLE document ADD COLUMN upload_folder \(dialect.text)",
            "ALTER TABLE document ADD COLUMN upload_name \(dialect.text)",
            "ALTER TABLE document ADD COLUMN upload_sha256 \(dialect.text)",
            "ALTER TABLE document ADD COLUMN upload_member \(dialect.text)",
            "CREATE INDEX document_by_upload_name ON document (upload_name, upload_folder)",
            "CREATE INDEX document_by_upload_sha256 ON document (upload_sha256)",
        ]
    }

    /// What made an embedder, to make it again while its vectors serve; and whose vectors serve a workspace.
    static func servingEmbedders(_ dialect: Dialect) -> [String] {
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
}
