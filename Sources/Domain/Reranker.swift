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

/// Judges candidates of a search more closely than their vectors can: a cross-encoder, or a comparison of words.
package protocol Reranker: Sendable {
    /// How well each candidate answers the question, 0...1, in the order of the candidates.
    func scores(_ question: String, candidates: [RerankCandidate]) async throws -> [Double]
}
