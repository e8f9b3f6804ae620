package import Domain
package import Persistence

/// The indexes that chunks are found by, which are changed together.
package struct ChunkIndexes: Sendable {
    package let vectors: any VectorStore
    package let words: any TextIndex
    private let chunks: ChunkStore

    package init(vectors: any VectorStore, words: any TextIndex, chunks: ChunkStore) {
        self.vectors = vectors
        self.words = words
        self.chunks = chunks
    }

    /// Makes the chunks of a set findable.
    func add(_ set: Int64, to namespace: Namespace) async throws {
        try await words.upsert(try await chunks.terms(in: set), in: namespace)
        try await vectors.upsert(try await chunks.vectors(in: set), in: namespace)
    }

    func delete(_ chunks: [Chunk.ID], from namespace: Namespace) async throws {
        try await vectors.delete(chunks, in: namespace)
        try await words.delete(chunks, in: namespace)
    }

    func drop(_ namespace: Namespace) async throws {
        try await vectors.drop(namespace)
        try await words.drop(namespace)
    }
}
