import Domain

/// Orders hits anew by what the best of them are about: the question's vector is moved towards those of the best hits of different
/// documents, and the similarity of all to that counts in the place of theirs to the question alone (Rocchio's relevance feedback,
/// 1971, with the best hits taken for relevant).
///
/// Questions are short and the embedder knows them from one side; the passages that answer them share what they are about.
struct FeedbackRanking {
    /// Best first.
    let hits: [SearchHit]

    /// Hits that are taken for relevant, and how much they count beside the question: the best on average over the collections of
    /// docs/retrieval.md.
    private static let relevantCount = 3
    private static let feedbackWeight: Float = 0.4

    /// - Parameters:
    ///   - hits: best first.
    ///   - vectors: of the hits; one that has none keeps its similarity.
    init(of hits: [SearchHit], vectors: [(id: Chunk.ID, embedding: Embedding)], question: Embedding) {
        let vectors = Dictionary(vectors.map { ($0.id, $0.embedding) }) { first, _ in first }
        var documents: Set<String> = []
        var relevant: [Embedding] = []
        for hit in hits where relevant.count < Self.relevantCount && documents.insert(hit.chunk.document.id).inserted {
            guard let vector = vectors[hit.chunk.id], vector.values.count == question.values.count else { continue }
            relevant.append(vector)
        }
        var moved = question.values
        for vector in relevant {
            for place in moved.indices {
                moved[place] += Self.feedbackWeight * vector.values[place] / Float(relevant.count)
            }
        }
        let cosine = CosineSimilarity(to: Embedding(moved))
        let scores = hits.map { hit in
            let similarity = vectors[hit.chunk.id].map { embedding in
                Double(embedding.values.withUnsafeBufferPointer { cosine($0) })
            }
            return HybridScore.score(similarity: max(0, similarity ?? hit.similarity), words: hit.words ?? 0)
        }
        self.hits = hits.ordered(by: scores)
    }
}

extension [SearchHit] {
    /// By a reranker's scores, one for each, best first; equal ones as they were.
    func ordered(by scores: [Double]) -> [SearchHit] {
        zip(self, scores).enumerated().map { place, pair in
            var hit = pair.0
            hit.rerank = SearchHit.Rerank(candidate: place, score: Swift.max(0, Swift.min(1, pair.1)))
            return (hit: hit, rank: pair.1, place: place)
        }.sorted { ($0.rank, $1.place) > ($1.rank, $0.place) }.map(\.hit)
    }
}
