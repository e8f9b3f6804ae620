package import Domain

/// Orders candidates by their similarity and by the words they share with the question, weighed by how few of the
/// candidates have them. Needs no model.
///
/// Vectors know what a text is about, words know names, numbers and error messages; each finds what the other misses.
package struct LexicalReranker: Reranker {
    /// How much of the score the words make up. Of 0.1 to 0.5 the best on Cranfield's questions: nDCG@10 is 0.395, and
    /// 0.351 by similarity alone (Benchmarks/rerank).
    private static let lexicalWeight = 0.3
    /// A word in a title or heading counts as much as one in the text, which does a little better than half as much.
    private static let contextWeight = 1.0

    package init() {}

    package func scores(_ question: String, candidates: [RerankCandidate]) async throws -> [Double] {
        let lexical = LexicalScore(
            question: question, documents: candidates.map { (text: $0.text, context: $0.context) },
            contextWeight: Self.contextWeight
        ).scores
        return zip(candidates, lexical).map { candidate, lexical in
            (1 - Self.lexicalWeight) * candidate.similarity + Self.lexicalWeight * lexical
        }
    }
}
