package import Domain
import OrderedJSON

extension ChunkStore {
    /// The chunks of `ids` that the workspace still holds and whose document matches, in no particular order; where two
    /// such documents share a chunk, the one that came first stands for both.
    package func chunks(
        _ ids: [Chunk.ID], in workspace: Workspace.ID, matching filter: MetadataFilter? = nil
    ) async throws -> [StoredChunk] {
        try await database.rows(
            of: ids.count,
            """
            SELECT \(raw: chunkColumns), s.header AS header, m.doc_id AS doc_id, \(raw: documentColumns)
            FROM chunk k
            JOIN chunk_set s ON s.id = k.chunk_set_id
            JOIN workspace_document m ON m.id = (
                SELECT MIN(w.id) \(membershipsIn: workspace, matching: filter) AND w.chunk_set_id = k.chunk_set_id
            )
            JOIN document d ON d.id = m.document_id
            JOIN content c ON c.id = d.content_id
            WHERE k.id \(in: ids)
            """, StoredChunk.init)
    }

    /// What `body` makes of each exact vector of the embedder among the documents that match, in no particular order;
    /// the buffer is only valid inside.
    package func mapVectors<Value: Sendable>(
        in workspace: Workspace.ID, embedder: String, matching filter: MetadataFilter?,
        _ body: @escaping @Sendable (Chunk.ID, UnsafeBufferPointer<Float>) -> Value
    ) async throws -> [Value] {
        try await database.read(
            """
            SELECT e.chunk_id, e.embedding FROM chunk_embedding e
            WHERE e.chunk_set_id IN (
                SELECT s.id FROM chunk_set s WHERE s.embedder = \(embedder) AND s.id IN (
                    SELECT w.chunk_set_id \(membershipsIn: workspace, matching: filter)
                )
            )
            """
        ) { row in
            let id = Chunk.ID(rawValue: try row.integer(0))
            return try row.withBlob(1) { bytes in
                withFloats(bytes ?? UnsafeRawBufferPointer(start: nil, count: 0)) { body(id, $0) }
            }
        }
    }

    /// How many vectors of the embedder belong to documents that match.
    package func vectorCount(
        in workspace: Workspace.ID, embedder: String, matching filter: MetadataFilter?
    ) async throws -> Int {
        try await database.count(
            """
            SELECT COUNT(*) FROM chunk_embedding e
            WHERE e.chunk_set_id IN (
                SELECT s.id FROM chunk_set s WHERE s.embedder = \(embedder) AND s.id IN (
                    SELECT w.chunk_set_id \(membershipsIn: workspace, matching: filter)
                )
            )
            """)
    }

    /// A chunk that stands near another one in the same document.
    package struct Neighbor: Sendable, Equatable {
        /// The chunk it stands near.
        package let center: Chunk.ID
        package let id: Chunk.ID
        package let chunk: Chunk

        package init(center: Chunk.ID, id: Chunk.ID, chunk: Chunk) {
            self.center = center
            self.id = id
            self.chunk = chunk
        }
    }

    /// The chunks at most `distance` places before and after each of `ids`, in the order of the text.
    package func neighbors(of ids: [Chunk.ID], distance: Int) async throws -> [Neighbor] {
        try await database.read(
            """
            SELECT o.id AS center, \(raw: chunkColumns)
            FROM chunk o
            JOIN chunk k ON k.chunk_set_id = o.chunk_set_id
                AND k.ordinal BETWEEN o.ordinal - \(distance) AND o.ordinal + \(distance) AND k.id <> o.id
            WHERE o.id \(in: ids)
            ORDER BY o.id, k.ordinal
            """
        ) { row in Neighbor(center: try row.get("center"), id: try row.get("chunk_id"), chunk: try Chunk(row)) }
    }

    /// How many vectors all workspaces hold together; a chunk that two workspaces share counts twice.
    package func vectorCount() async throws -> Int {
        try await database.count(
            """
            SELECT COUNT(*) FROM (
                SELECT DISTINCT workspace_id, chunk_set_id FROM workspace_document
            ) w JOIN chunk_embedding e ON e.chunk_set_id = w.chunk_set_id
            """)
    }

    /// How many vectors each workspace holds; those that hold none are left out.
    package func vectorCounts() async throws -> [Workspace.ID: Int] {
        let rows = try await database.read(
            """
            SELECT w.workspace_id AS workspace_id, COUNT(*) AS vectors FROM (
                SELECT DISTINCT workspace_id, chunk_set_id FROM workspace_document
            ) w JOIN chunk_embedding e ON e.chunk_set_id = w.chunk_set_id
            GROUP BY w.workspace_id
            """
        ) { row in (try row.get("workspace_id", as: Int64.self), try row.get("vectors", as: Int.self)) }
        return Dictionary(rows) { first, _ in first }
    }

    /// Whether the workspace holds anything that this embedder made findable, or any embedder where it is `nil`.
    package func hasVectors(in workspace: Workspace.ID, embedder: String?) async throws -> Bool {
        let ofEmbedder: SQL = embedder.map { "s.embedder = \($0)" } ?? "TRUE"
        return try await !database.readInline(
            """
            SELECT w.id FROM workspace_document w JOIN chunk_set s ON s.id = w.chunk_set_id
            WHERE w.workspace_id = \(workspace) AND \(ofEmbedder)
            LIMIT 1
            """
        ) { try $0.integer(0) }.isEmpty
    }
}

/// Columns of a chunk, `k`.
private let chunkColumns: StaticString = """
    k.id AS chunk_id, k.ordinal AS ordinal, k.text AS text, k.range_start AS range_start, k.range_end AS range_end,
    k.locator_unit AS locator_unit, k.first_number AS first_number, k.last_number AS last_number,
    k.heading_path AS heading_path
    """

extension Chunk {
    fileprivate init(_ row: any SQLRow) throws {
        let start: Int = try row.get("range_start")
        let end: Int = try row.get("range_end")
        self.init(
            ordinal: try row.get("ordinal"), text: try row.get("text"), range: start..<max(start, end),
            locator: try Locator(row), headingPath: try row.headingPath())
    }
}

extension SQLRow {
    /// Of a chunk.
    func headingPath() throws -> [String] {
        (try get("heading_path", as: JSON.self).arrayValue ?? []).compactMap(\.stringValue)
    }
}

extension Locator {
    fileprivate init?(_ row: any SQLRow) throws {
        let unit: String? = try row.get("locator_unit")
        let first: Int? = try row.get("first_number")
        let last: Int? = try row.get("last_number")
        guard let unit = unit.flatMap(Divisions.Unit.init), let first, let last else { return nil }
        self.init(unit, first...max(first, last))
    }
}

extension StoredChunk {
    fileprivate init(_ row: any SQLRow) throws {
        self.init(
            id: try row.get("chunk_id"), chunk: try Chunk(row), header: try row.get("header"),
            docID: try row.get("doc_id"), document: try Document(row))
    }
}
