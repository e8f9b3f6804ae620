import Domain

/// What a chunk is worth by its vector and by its words together.
///
/// A similarity of vectors is right about what a text means and knows no names, numbers and rare words; BM25 the other way round.
/// The words add to the similarity, so a score is never below it, and a threshold means what it means without them.
struct HybridScore: Sendable, Equatable {
    /// What all words of a question add.
    let wordWeight: Double
    /// The share of a question's words, by their weights, from which a chunk counts as found by them, however its vector lies: a
    /// name that the embedder does not know.
    var leastWords = 0.6

    /// The best on average over the collections of docs/retrieval.md, where from 0.5 to 0.8 the average hardly changes and beyond Medline loses by them.
    static let standard = HybridScore(wordWeight: 0.7)
    /// Of models whose similarities lie close together, however they are counted, so that words would drown them out.
    static let narrow = HybridScore(wordWeight: 0.3)

    /// Without vectors.
    static let wordsAlone = HybridScore(wordWeight: 1, leastWords: 0)

    static func score(of model: EmbeddingModel) -> HybridScore { model.cosineOfStrangers > 0 ? .narrow : .standard }

    /// - Parameters:
    ///   - similarity: of the vectors, 0...1.
    ///   - words: of `TextMatch`, 0...1.
    /// - Returns: what to order by; more than 1 where both are high.
    func score(similarity: Double, words: Double) -> Double { similarity + wordWeight * words }

    /// Whether a chunk is near enough to the question for a threshold on similarity.
    func reaches(_ threshold: Double, similarity: Double, words: Double) -> Bool {
        threshold <= 0 || similarity >= threshold
            || words >= leastWords && score(similarity: similarity, words: words) >= threshold
    }
}
