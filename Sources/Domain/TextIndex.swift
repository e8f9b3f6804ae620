/// A chunk that shares words with a query.
package struct TextMatch: Sendable, Equatable {
    package var id: Chunk.ID
    /// What it holds of the query's words, weighed by how rare they are; 1 where it holds every one as often as a chunk of
    /// its length needs to, up to 2 where it holds them oftener.
    package var score: Double

    package init(id: Chunk.ID, score: Double) {
        self.id = id
        self.score = score
    }
}

/// What of a namespace shares words with a query.
package struct TextMatches: Sendable {
    /// Best first, equal ones in ascending order of id.
    package let best: [TextMatch]
    /// Of any chunk; 0 where it shares no word.
    package let score: @Sendable (Chunk.ID) -> Double

    package init(best: [TextMatch] = [], score: @escaping @Sendable (Chunk.ID) -> Double = { _ in 0 }) {
        self.best = best
        self.score = score
    }
}

/// The terms of a chunk, and the language that they were found by.
package struct ChunkTerms: Sendable, Equatable {
    package var id: Chunk.ID
    /// Of `TextLanguage`.
    package var language: String
    /// With repetitions, and a space between two.
    package var terms: String

    package init(id: Chunk.ID, language: String, terms: String) {
        self.id = id
        self.language = language
        self.terms = terms
    }
}

/// Finds chunks by their words. Like a vector store it holds what SQL holds as well, and can be dropped and refilled at any time.
package protocol TextIndex: Sendable {
    /// Where an id comes again, its last terms count.
    func upsert(_ chunks: [ChunkTerms], in namespace: Namespace) async throws
    /// A namespace that does not exist has no matches.
    ///
    /// - Parameters:
    ///   - query: makes the query's terms in a language, each with how often it comes; called for each that the namespace holds,
    ///     whose chunks are scored by them, together with the language of most chunks.
    ///   - limit: of the best ones.
    func search(
        _ query: @escaping @Sendable (_ language: String, _ commonest: String) -> [String: Int],
        in namespace: Namespace,
        limit: Int
    ) async throws -> TextMatches
    func delete(_ chunks: [Chunk.ID], in namespace: Namespace) async throws
    func drop(_ namespace: Namespace) async throws
}

/// Where the embedded text index finds the terms that SQL holds.
package protocol TermSource: Sendable {
    /// Calls `body` with the terms of every chunk of the namespace, in ascending order of id.
    func forEachChunk(in namespace: Namespace, _ body: @escaping @Sendable (ChunkTerms) -> Void) async throws
}
