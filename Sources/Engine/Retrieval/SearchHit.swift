package import Domain

/// A chunk that answers a question, and how near it is.
package struct SearchHit: Sendable, Equatable {
    /// What a reranker made of a candidate.
    package struct Rerank: Sendable, Equatable {
        /// Place among the candidates before, from 0.
        package var candidate: Int
        /// 0...1.
        package var score: Double

        package init(candidate: Int, score: Double) {
            self.candidate = candidate
            self.score = score
        }
    }

    package var chunk: StoredChunk
    /// Cosine similarity, 0...1.
    package var similarity: Double
    /// What the chunk holds of the question's words, as in `TextMatch`; `nil` where words did not count.
    package var words: Double?
    /// Where a reranker has judged it.
    package var rerank: Rerank?
    /// Whether the embedder was not asked, so that the words alone have found it and the similarity is unknown.
    package var isFoundByWordsAlone = false
    /// How the two scores become one.
    var weights = HybridScore.standard

    package init(chunk: StoredChunk, similarity: Double, words: Double? = nil, rerank: Rerank? = nil) {
        self.chunk = chunk
        self.similarity = similarity
        self.words = words
        self.rerank = rerank
    }

    /// 0...1: the reranker's score where there is one, else the similarity and what the words add to it.
    package var score: Double { min(1, rank) }

    /// 1 minus the score that it had before it was reranked.
    package var distance: Double { 1 - min(1, unranked) }

    /// What hits of one question are ordered by, but that those which a reranker has judged come before the others.
    var rank: Double { rerank?.score ?? unranked }

    private var unranked: Double {
        words.map { weights.score(similarity: similarity, words: $0) } ?? similarity
    }
}

/// A question to a workspace's chunks.
package struct SearchQuery: Sendable, Equatable {
    package var text: String
    /// Hits at most; 1...`Retriever.maximumLimit`.
    package var limit: Int
    /// Hits to pass over.
    package var offset = 0
    /// Chunks whose similarity is below it are left out; without vectors, those whose score is.
    package var threshold: Double
    package var mode = VectorSearchMode.default
    /// Only chunks of documents that match count.
    package var filter: MetadataFilter?

    package init(_ text: String, limit: Int, threshold: Double) {
        self.text = text
        self.limit = limit
        self.threshold = threshold
    }
}

/// A part of what a question finds, best first.
package struct SearchPage: Sendable, Equatable {
    package var hits: [SearchHit]
    /// Whether a larger offset finds more.
    package var hasMore: Bool
    /// What became of the reranking of all that was searched for it; `nil` in other modes, and where there was nothing to rerank.
    package var reranking: Reranking?

    package init(hits: [SearchHit], hasMore: Bool, reranking: Reranking? = nil) {
        self.hits = hits
        self.hasMore = hasMore
        self.reranking = reranking
    }
}
