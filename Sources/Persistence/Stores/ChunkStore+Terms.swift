package import Domain
import OrderedJSON

/// The terms that chunks are found by, of one version of their analysis; those of another are made anew.
extension ChunkStore {
    /// A set with what its terms are made of.
    package struct Unanalyzed: Sendable {
        package struct Chunk: Sendable {
            package let id: Domain.Chunk.ID
            package let text: String
            package let headingPath: [String]
        }

        package let header: String
        package let chunks: [Chunk]
    }

    /// Sets of the namespace whose terms are not of this version.
    package func setsWithoutTerms(in namespace: Namespace, version: Int) async throws -> [Int64] {
        guard let (workspace, embedder) = namespace.workspaceAndEmbedder else { return [] }
        return try await database.read(
            """
            SELECT s.id FROM chunk_set s
            WHERE s.embedder = \(embedder) AND s.term_version <> \(version)
                AND s.id IN (SELECT w.chunk_set_id FROM workspace_document w WHERE w.workspace_id = \(workspace))
            ORDER BY s.id
            """
        ) { try $0.integer(0) }
    }

    /// `nil` where the set is gone, or its terms are of this version.
    package func unanalyzed(_ set: Int64, version: Int) async throws -> Unanalyzed? {
        let headers = try await database.read(
            "SELECT header FROM chunk_set WHERE id = \(set) AND term_version <> \(version)"
        ) { try $0.get("header", as: String.self) }
        guard let header = headers.first else { return nil }
        let chunks = try await database.read(
            "SELECT id, text, heading_path FROM chunk WHERE chunk_set_id = \(set) ORDER BY ordinal"
        ) { row in
            Unanalyzed.Chunk(id: try row.get("id"), text: try row.get("text"), headingPath: try row.headingPath())
        }
        return Unanalyzed(header: header, chunks: chunks)
    }

    /// All of them or none. Does nothing where the set is gone.
    package func store(_ terms: [ChunkTerms], of set: Int64, version: Int) async throws {
        let rows = terms.map { chunk -> SQL in
            """
            INSERT INTO chunk_terms (chunk_id, chunk_set_id, language, terms)
            SELECT id, chunk_set_id, \(chunk.language), \(chunk.terms)
            FROM chunk WHERE id = \(chunk.id)
            ON CONFLICT (chunk_id) DO UPDATE SET language = excluded.language, terms = excluded.terms
            """
        }
        try await database.write(rows + ["UPDATE chunk_set SET term_version = \(version) WHERE id = \(set)"])
    }

    package func terms(in set: Int64) async throws -> [ChunkTerms] {
        try await database.read(
            "SELECT chunk_id, language, terms FROM chunk_terms WHERE chunk_set_id = \(set) ORDER BY chunk_id",
            decodeTerms)
    }

    /// Calls `body` with the terms of every chunk of the namespace, in ascending order of id.
    package func forEachTerms(
        in namespace: Namespace, _ body: @escaping @Sendable (ChunkTerms) -> Void
    ) async throws {
        guard let (workspace, embedder) = namespace.workspaceAndEmbedder else { return }
        _ = try await database.read(
            """
            SELECT t.chunk_id AS chunk_id, t.language AS language, t.terms AS terms FROM chunk_terms t
            WHERE t.chunk_set_id IN (
                SELECT w.chunk_set_id FROM workspace_document w JOIN chunk_set s ON s.id = w.chunk_set_id
                WHERE w.workspace_id = \(workspace) AND s.embedder = \(embedder)
            )
            ORDER BY t.chunk_id
            """
        ) { body(try decodeTerms($0)) }
    }

    /// The exact vectors of chunks; those that have none are left out.
    package func vectors(of chunks: [Chunk.ID]) async throws -> [(id: Chunk.ID, embedding: Embedding)] {
        try await database.rows(
            of: chunks.count,
            "SELECT chunk_id, embedding FROM chunk_embedding WHERE chunk_id \(in: chunks)", decodeVector)
    }
}

private func decodeTerms(_ row: any SQLRow) throws -> ChunkTerms {
    ChunkTerms(
        id: try row.get("chunk_id"), language: try row.get("language"), terms: try row.get("terms"))
}
