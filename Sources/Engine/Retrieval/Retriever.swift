package import Domain
package import Persistence

/// A chunk that answers a question, and how near it is.
package struct SearchHit: Sendable, Equatable {
    package var chunk: StoredChunk
    /// Cosine similarity, 0...1.
    package var score: Double

    package init(chunk: StoredChunk, score: Double) {
        self.chunk = chunk
        self.score = score
    }
}

/// Finds the chunks of a workspace that are nearest to a question.
package struct Retriever: Sendable {
    /// Results that one search gives at most, whatever is asked for.
    package static let maximumLimit = 1000

    private let embedding: EmbeddingService
    private let vectors: any VectorStore
    private let chunks: ChunkStore

    package init(embedding: EmbeddingService, vectors: any VectorStore, chunks: ChunkStore) {
        self.embedding = embedding
        self.vectors = vectors
        self.chunks = chunks
    }

    /// The nearest chunks, nearest first.
    ///
    /// - Parameters:
    ///   - threshold: hits below this score are left out.
    ///   - excluded: ids of workspace documents whose chunks are left out, before the limit applies.
    package func search(
        _ question: String, in workspace: Workspace.ID, limit: Int, threshold: Double,
        excluding excluded: Set<String> = []
    ) async throws -> [SearchHit] {
        let limit = min(max(limit, 1), Self.maximumLimit)
        let query = try await embedding.embed(query: question)
        var wanted = limit
        while true {
            let matches = try await vectors.nearest(to: query, in: Namespace(workspace), limit: wanted)
            let rows = try await chunks.chunks(matches.map(\.id), in: workspace)
            let byID = Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
            let hits = matches.compactMap { match -> SearchHit? in
                let score = Double(max(0, min(1, match.score)))
                guard score >= threshold, let chunk = byID[match.id], !excluded.contains(chunk.docID) else {
                    return nil
                }
                return SearchHit(chunk: chunk, score: score)
            }
            // Chunks that are excluded, or have just been removed, made room for others further down.
            let isExhausted = matches.count < wanted || (matches.last.map { Double($0.score) < threshold } ?? true)
            if hits.count >= limit || isExhausted || wanted >= 4 * Self.maximumLimit {
                return Array(hits.prefix(limit))
            }
            wanted *= 4
        }
    }
}
