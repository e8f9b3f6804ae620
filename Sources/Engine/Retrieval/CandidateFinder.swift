import Domain
import Persistence

/// Whose vectors a search looks at.
struct ServingEmbedder {
    let workspace: Workspace.ID
    let fingerprint: String
    /// Or why there is none.
    let embedder: Result<any Embedder, ServiceError>

    var namespace: Namespace { Namespace(workspace, embedder: fingerprint) }

    var weights: HybridScore { (try? embedder.get()).map { HybridScore.score(of: $0.model) } ?? .standard }

    func similarity(_ match: VectorMatch) -> Double {
        let cosine = Double(match.score)
        guard case .success(let embedder) = embedder else { return max(0, min(1, cosine)) }
        return embedder.model.similarity(ofCosine: cosine)
    }
}

/// A chunk that may answer a question, before it is read.
struct Candidate: Equatable {
    let id: Chunk.ID
    /// Of the vectors, 0...1; 0 where there is no vector of the question.
    let similarity: Double
    /// Of `TextMatch`; `nil` where words do not count.
    let words: Double?
    var isFoundByWordsAlone = false
    var weights = HybridScore.standard

    var score: Double { words.map { weights.score(similarity: similarity, words: $0) } ?? similarity }

    func reaches(_ threshold: Double) -> Bool {
        weights.reaches(threshold, similarity: similarity, words: words ?? 0)
    }
}

/// Asks the indexes for the chunks that may answer a question, those that are near to it and those that share its words, and gives
/// each of them both scores.
struct CandidateFinder: Sendable {
    struct Found {
        /// Best first, equal ones in the order of their ids.
        var candidates: [Candidate]
        /// Whether no other chunk reaches the threshold.
        var isComplete: Bool
    }

    /// Vectors that are compared one by one sooner than the store is asked for more than are wanted: a few milliseconds.
    private static let scanSize = 2048
    /// Chunks of either kind that are weighed against each other; what is further down in both lists is hardly ever among the best.
    private static let poolSize = 128
    /// As many as do in most cases: exact vectors are read for each.
    private static let firstPoolSize = 32
    /// The same for those who read on: near enough to everything that pages continue each other.
    private static let deepPoolSize = 16_384

    private let vectors: any VectorStore
    private let words: any TextIndex
    private let chunks: ChunkStore

    init(_ indexes: ChunkIndexes, _ chunks: ChunkStore) {
        vectors = indexes.vectors
        words = indexes.words
        self.chunks = chunks
    }

    /// - Parameters:
    ///   - vector: of the question; `nil` where words alone count.
    ///   - wanted: about how many are needed, of those that match the query's filter.
    func find(
        _ query: SearchQuery, _ vector: Embedding?, _ serving: ServingEmbedder, wanted: Int
    ) async throws -> Found {
        guard let vector else { return try await byWords(query, serving, wanted: wanted) }
        guard let filter = query.filter else {
            return try await fromIndexes(query, vector, serving, count: wanted)
        }
        let matching = try await chunks.vectorCount(
            in: serving.workspace, embedder: serving.fingerprint, matching: filter)
        guard matching > 0 else { return Found(candidates: [], isComplete: true) }
        if matching > Self.scanSize {
            // As many as hold the wanted ones if these lie evenly among all, and some more.
            let count = try await vectors.count(in: serving.namespace)
            let share = Double(count) / Double(matching)
            let first = Int((Double(wanted) * share * 1.5).rounded(.up)) + 16
            if first <= matching / 4 { return try await fromIndexes(query, vector, serving, count: first) }
        }
        return try await fromMatching(query, vector, serving)
    }

    private func byWords(_ query: SearchQuery, _ serving: ServingEmbedder, wanted: Int) async throws -> Found {
        let limit = query.filter == nil ? max(wanted, Self.poolSize) : Self.deepPoolSize
        let matches = try await matches(query, serving, limit: limit)
        return Found(
            candidates: matches.best.map {
                Candidate(
                    id: $0.id, similarity: 0, words: $0.score, isFoundByWordsAlone: true, weights: .wordsAlone)
            },
            isComplete: matches.best.count < limit || limit >= Self.deepPoolSize)
    }

    private func fromIndexes(
        _ query: SearchQuery, _ vector: Embedding, _ serving: ServingEmbedder, count: Int
    ) async throws -> Found {
        guard query.mode != .vector else {
            let near = try await vectors.nearest(to: vector, in: serving.namespace, limit: count)
            let isBelow = near.last.map { serving.similarity($0) < query.threshold } ?? true
            return Found(
                candidates: near.map { Candidate(id: $0.id, similarity: serving.similarity($0), words: nil) },
                isComplete: near.count < count || isBelow && query.threshold > 0)
        }
        let size = max(count, 2 * count > Self.poolSize ? Self.deepPoolSize : Self.poolSize)
        let matches = try await matches(query, serving, limit: size)
        if 2 * count <= Self.firstPoolSize {
            let (found, isCertain) = try await pool(
                query, vector, matches, serving, size: Self.firstPoolSize, count: count)
            if isCertain { return found }
        }
        return try await pool(query, vector, matches, serving, size: size, count: count).found
    }

    /// The best of the nearest chunks and of those that share most words.
    ///
    /// - Returns: and whether no larger pools would give others: a chunk in neither of the two is no nearer than the last of the one and
    ///   holds no more words than the last of the other (Fagin's threshold algorithm).
    private func pool(
        _ query: SearchQuery, _ vector: Embedding, _ matches: TextMatches, _ serving: ServingEmbedder, size: Int,
        count: Int
    ) async throws -> (found: Found, isCertain: Bool) {
        let near = try await vectors.nearest(to: vector, in: serving.namespace, limit: size)
        let best = matches.best.prefix(size)
        let known = Set(near.map(\.id))
        let others = best.filter { !known.contains($0.id) }
        let last = near.last.map(serving.similarity)
        let promising = Self.promising(
            others, beside: Self.fused(near, matches, serving), nearest: last, query, count: count)
        let scored = try await similarities(of: promising.map(\.id), to: vector)
        let candidates = Self.fused(near + scored, matches, serving)

        let isExhausted = near.count < size
        let lastWords = best.count < size ? 0 : best[size - 1].score
        let isBelow = (last ?? 0) < query.threshold && lastWords < serving.weights.leastWords && query.threshold > 0
        let found = Found(
            candidates: candidates, isComplete: (isExhausted || isBelow) && promising.count == others.count)
        let good = candidates.filter { $0.reaches(query.threshold) }
        let most = serving.weights.score(similarity: last ?? 0, words: lastWords)
        return (found, isExhausted || isBelow || good.count >= count && good[count - 1].score >= most)
    }

    /// Those of the matches that may be among the best `count`: what is not among the nearest is no nearer than the last of them, so its
    /// words say how good it can be, and the vectors of the others need not be read.
    private static func promising(
        _ matches: [TextMatch], beside near: [Candidate], nearest last: Double?, _ query: SearchQuery, count: Int
    ) -> [TextMatch] {
        let good = near.filter { $0.reaches(query.threshold) }
        guard let last, good.count >= count else { return matches }
        let least = good[count - 1].score
        return matches.filter { near[0].weights.score(similarity: last, words: $0.score) >= least }
    }

    /// All chunks of the documents that match the filter.
    private func fromMatching(
        _ query: SearchQuery, _ vector: Embedding, _ serving: ServingEmbedder
    ) async throws -> Found {
        let cosine = CosineSimilarity(to: vector)
        let near = try await chunks.mapVectors(
            in: serving.workspace, embedder: serving.fingerprint, matching: query.filter
        ) { id, stored in VectorMatch(id: id, score: cosine(stored)) }
        guard query.mode != .vector else {
            return Found(
                candidates: near.map { Candidate(id: $0.id, similarity: serving.similarity($0), words: nil) }
                    .sorted(by: Self.isBefore),
                isComplete: true)
        }
        let matches = try await matches(query, serving, limit: 0)
        return Found(candidates: Self.fused(near, matches, serving), isComplete: true)
    }

    private func matches(
        _ query: SearchQuery, _ serving: ServingEmbedder, limit: Int
    ) async throws -> TextMatches {
        try await words.search(QueryTerms(query.text).terms, in: serving.namespace, limit: limit)
    }

    private func similarities(of ids: [Chunk.ID], to vector: Embedding) async throws -> [VectorMatch] {
        guard !ids.isEmpty else { return [] }
        let cosine = CosineSimilarity(to: vector)
        return try await chunks.vectors(of: ids).map { id, embedding in
            VectorMatch(id: id, score: embedding.values.withUnsafeBufferPointer { cosine($0) })
        }
    }

    private static func fused(
        _ near: [VectorMatch], _ matches: TextMatches, _ serving: ServingEmbedder
    ) -> [Candidate] {
        near.map {
            Candidate(
                id: $0.id, similarity: serving.similarity($0), words: matches.score($0.id), weights: serving.weights)
        }
        .sorted(by: isBefore)
    }

    private static func isBefore(_ left: Candidate, _ right: Candidate) -> Bool {
        left.score == right.score ? left.id < right.id : left.score > right.score
    }
}
