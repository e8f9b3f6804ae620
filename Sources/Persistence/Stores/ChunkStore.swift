package import Domain
import OrderedJSON

/// Chunks and their embeddings.
package struct ChunkStore: Sendable {
    let database: any Database

    package init(_ database: any Database) { self.database = database }

    // MARK: Sets

    /// One way of cutting and embedding a content.
    package struct ChunkSet: Sendable, Equatable {
        package let id: Int64
        /// Whether every chunk has its embedding.
        package let isComplete: Bool
        /// What stands before the text of each chunk on the wire.
        package let header: String
    }

    package func chunkSet(fingerprint: String) async throws -> ChunkSet? {
        try await database.read("SELECT id, is_complete, header FROM chunk_set WHERE fingerprint = \(fingerprint)") {
            row in
            ChunkSet(
                id: try row.get("id"), isComplete: try row.get("is_complete"), header: try row.get("header"))
        }.first
    }

    /// Stores the chunks of a set, without embeddings, all of them or none.
    package func insertSet(
        fingerprint: String, content: Content.ID, embedder: String, header: String, chunks: [Chunk], at time: Timestamp
    ) async throws {
        let set: SQL = """
            INSERT INTO chunk_set (fingerprint, content_id, embedder, header, is_complete, created_at)
            VALUES (\(fingerprint), \(content), \(embedder), \(header), FALSE, \(time))
            ON CONFLICT (fingerprint) DO NOTHING
            """
        let rows = chunks.map { chunk -> SQL in
            """
            INSERT INTO chunk (
                chunk_set_id, ordinal, text, range_start, range_end, locator_unit, first_number, last_number,
                heading_path
            ) SELECT id, \(chunk.ordinal), \(chunk.text), \(chunk.range.lowerBound), \(chunk.range.upperBound),
                \(chunk.locator?.unit.rawValue), \(chunk.locator?.numbers.lowerBound),
                \(chunk.locator?.numbers.upperBound),
                \(JSON.array(chunk.headingPath.map(JSON.string)))
            FROM chunk_set WHERE fingerprint = \(fingerprint)
            ON CONFLICT (chunk_set_id, ordinal) DO NOTHING
            """
        }
        try await database.write([set] + rows)
    }

    package func markComplete(_ set: Int64) async throws {
        try await database.write("UPDATE chunk_set SET is_complete = TRUE WHERE id = \(set)")
    }

    // MARK: Embeddings

    /// A chunk that has no embedding yet.
    package struct Pending: Sendable {
        package let id: Chunk.ID
        package let text: String
        package let headingPath: [String]
    }

    package func pending(in set: Int64) async throws -> [Pending] {
        try await database.read(
            """
            SELECT k.id AS id, k.text AS text, k.heading_path AS heading_path FROM chunk k
            LEFT JOIN chunk_embedding e ON e.chunk_id = k.id
            WHERE k.chunk_set_id = \(set) AND e.chunk_id IS NULL
            ORDER BY k.ordinal
            """
        ) { row in
            Pending(id: try row.get("id"), text: try row.get("text"), headingPath: try row.headingPath())
        }
    }

    package func count(in set: Int64) async throws -> Int {
        try await database.count("SELECT COUNT(*) FROM chunk WHERE chunk_set_id = \(set)")
    }

    package func store(_ embeddings: [(id: Chunk.ID, embedding: Embedding)], in set: Int64) async throws {
        try await database.write(
            embeddings.map { chunk -> SQL in
                """
                INSERT INTO chunk_embedding (chunk_id, chunk_set_id, embedding)
                VALUES (\(chunk.id), \(set), \(chunk.embedding.littleEndianBytes))
                ON CONFLICT (chunk_id) DO UPDATE SET embedding = excluded.embedding
                """
            })
    }

    /// The header that is embedded before the chunks of a set; `nil` where there is no such set.
    package func header(of set: Int64) async throws -> String? {
        try await database.read("SELECT header FROM chunk_set WHERE id = \(set)") {
            try $0.get("header", as: String.self)
        }.first
    }

    /// Gives the chunks of a set that have no embedding yet those of another one's whose text is the same.
    package func copyEmbeddings(from old: Int64, to set: Int64) async throws {
        try await database.write(
            """
            INSERT INTO chunk_embedding (chunk_id, chunk_set_id, embedding)
            SELECT k.id, k.chunk_set_id, e.embedding
            FROM (
                SELECT o.text AS text, o.heading_path AS heading_path, MIN(o.id) AS id FROM chunk o
                JOIN chunk_embedding f ON f.chunk_id = o.id
                WHERE o.chunk_set_id = \(old) GROUP BY o.text, o.heading_path
            ) p
            JOIN chunk k ON k.text = p.text AND k.heading_path = p.heading_path AND k.chunk_set_id = \(set)
            JOIN chunk_embedding e ON e.chunk_id = p.id
            WHERE TRUE
            ON CONFLICT (chunk_id) DO NOTHING
            """)
    }

    package func vectors(in set: Int64) async throws -> [(id: Chunk.ID, embedding: Embedding)] {
        try await database.read(
            "SELECT chunk_id, embedding FROM chunk_embedding WHERE chunk_set_id = \(set) ORDER BY chunk_id",
            decodeVector)
    }

    /// The chunks of a set that no other document of the workspace uses.
    package func chunks(of set: Int64, unusedIn workspace: Workspace.ID) async throws -> [Chunk.ID] {
        try await database.read(
            """
            SELECT id FROM chunk WHERE chunk_set_id = \(set) AND NOT EXISTS (
                SELECT 1 FROM workspace_document w
                WHERE w.workspace_id = \(workspace) AND w.chunk_set_id = \(set)
            )
            """
        ) { try $0.get("id") }
    }
}

/// The vectors of workspaces, which the embedded vector store keeps a copy of.
package struct ChunkVectorSource: VectorSource {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func forEachVector(
        in namespace: Namespace, _ body: @escaping @Sendable (Chunk.ID, UnsafeBufferPointer<Float>) -> Void
    ) async throws {
        guard let (workspace, embedder) = namespace.workspaceAndEmbedder else { return }
        _ = try await database.read(
            """
            SELECT e.chunk_id, e.embedding FROM chunk_embedding e
            WHERE e.chunk_set_id IN (
                SELECT w.chunk_set_id FROM workspace_document w JOIN chunk_set s ON s.id = w.chunk_set_id
                WHERE w.workspace_id = \(workspace) AND s.embedder = \(embedder)
            )
            ORDER BY e.chunk_id
            """
        ) { row in
            let id = Chunk.ID(rawValue: try row.integer(0))
            try row.withBlob(1) { bytes in
                guard let bytes else { return }
                withFloats(bytes) { body(id, $0) }
            }
        }
    }

    package func vectors(of chunks: [Chunk.ID]) async throws -> [(id: Chunk.ID, embedding: Embedding)] {
        try await ChunkStore(database).vectors(of: chunks)
    }
}

extension Namespace {
    /// The vectors of a workspace that one embedder made. Two embedders never share a namespace.
    package init(_ workspace: Workspace.ID, embedder: String) { self.init(rawValue: "\(workspace)/\(embedder)") }

    var workspaceAndEmbedder: (Workspace.ID, String)? {
        let parts = rawValue.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let workspace = Workspace.ID(parts[0]) else { return nil }
        return (workspace, String(parts[1]))
    }
}

func decodeVector(_ row: any SQLRow) throws -> (id: Chunk.ID, embedding: Embedding) {
    let id = Chunk.ID(rawValue: try row.integer(0))
    let values = try row.withBlob(1) { bytes in bytes.map { withFloats($0) { Array($0) } } ?? [] }
    return (id, Embedding(values))
}

/// Reads little-endian float32 in place; copies only where the bytes are not aligned.
func withFloats<Result>(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeBufferPointer<Float>) -> Result)
    -> Result
{
    let count = bytes.count / MemoryLayout<Float>.stride
    if let base = bytes.baseAddress, Int(bitPattern: base) % MemoryLayout<Float>.alignment == 0 {
        return bytes.withMemoryRebound(to: Float.self) { body($0) }
    }
    let copy = (0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    return copy.withUnsafeBufferPointer(body)
}

extension Embedding {
    /// How a vector is stored; every machine that Lectern runs on is little-endian.
    var littleEndianBytes: [UInt8] { values.withUnsafeBytes { Array($0) } }
}
