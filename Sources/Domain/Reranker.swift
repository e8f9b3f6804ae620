/// A chunk that a search has found, as a reranker looks at it.
package struct RerankCandidate: Sendable, Equatable {
    /// The chunk itself, without the metadata header.
    package var text: String
    /// What the chunk stands under: the document's title and its headings.
    package var context: String
    /// Cosine similarity to the question, 0...1.
    package var similarity: Double

    package init(text: String, context: String, similarity: Double) {
        self.text = text
        self.context = context
        self.similarity = similarity
    }
}

/// Judges candidates of a search more closely than their vectors can.
package protocol Reranker: Sendable {
    /// How well the first of the candidates answer the question, 0...1, in their order: as many as can be judged before the
    /// deadline.
    func scores(
        _ question: String, candidates: [RerankCandidate], until deadline: ContinuousClock.Instant
    ) async throws -> [Double]
}

/// What became of the reranking of a search.
package struct Reranking: Sendable, Equatable {
    /// Results that were to be judged.
    package var candidates: Int
    /// Of them, the first that were; they stand before the others.
    package var judged: Int
    package var milliseconds: Double
    /// Why not all were.
    package var reason: String?

    package init(candidates: Int, judged: Int, milliseconds: Double, reason: String? = nil) {
        self.candidates = candidates
        self.judged = judged
        self.milliseconds = milliseconds
        self.reason = reason
    }
}

extension [Reranking] {
    /// Of all searches together, with the first reason; `nil` where there are none.
    package var total: Reranking? {
        isEmpty
            ? nil
            : Reranking(
                candidates: reduce(0) { $0 + $1.candidates }, judged: reduce(0) { $0 + $1.judged },
                milliseconds: reduce(0) { $0 + $1.milliseconds }, reason: lazy.compactMap(\.reason).first)
    }
}
