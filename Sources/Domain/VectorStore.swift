/// One workspace's partition of a vector store.
package struct Namespace: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// A chunk that is near to a query.
package struct VectorMatch: Sendable, Equatable {
    package var id: Chunk.ID
    /// Cosine similarity, -1...1; higher is closer.
    package var score: Float
    package init(id: Chunk.ID, score: Float) {
        self.id = id
        self.score = score
    }
}

/// Holds chunk ids and their vectors, nothing else, and can be dropped and refilled from SQL at any time.
///
/// Vectors have length 1 and, within a namespace, one number of dimensions.
package protocol VectorStore: Sendable {
    func upsert(_ vectors: [(id: Chunk.ID, embedding: Embedding)], in namespace: Namespace) async throws
    /// The nearest vectors, nearest first, at most `limit`. A namespace that does not exist has none.
    func nearest(to query: Embedding, in namespace: Namespace, limit: Int) async throws -> [VectorMatch]
    func delete(_ chunks: [Chunk.ID], in namespace: Namespace) async throws
    func drop(_ namespace: Namespace) async throws
    func count(in namespace: Namespace) async throws -> Int
}

/// Where the embedded vector store finds the vectors that SQL holds: it keeps a compact copy and reads the exact
/// numbers of the few best candidates from here.
package protocol VectorSource: Sendable {
    /// Calls `body` with every vector of the namespace, in ascending order of id; the buffer is only valid inside.
    func forEachVector(
        in namespace: Namespace, _ body: @escaping @Sendable (Chunk.ID, UnsafeBufferPointer<Float>) -> Void
    ) async throws
    /// The exact vectors of `chunks`; those without a row are left out.
    func vectors(of chunks: [Chunk.ID]) async throws -> [(id: Chunk.ID, embedding: Embedding)]
}
