package import Domain
package import Logging
package import Persistence
import TextAnalysis

/// What a search in a workspace can come to.
package enum Searchability: Sendable {
    case ready
    /// The workspace holds no text.
    case empty
    /// There is text, but none that the embedder in use has made findable, and why.
    case blocked(ServiceError)
}

/// Finds the chunks of a workspace that answer a question best, by their vectors and by their words.
package struct Retriever: Sendable {
    /// Results that one search gives at most, whatever is asked for.
    package static let maximumLimit = 1000
    /// How far down the list a page may lie: offset and limit together.
    package static let maximumDepth = 5000

    /// Chunks that a reranker looks at.
    private static let rerankedCount = 50
    /// What a search may take for that, where nothing else is set.
    package static let rerankingTime = Duration.seconds(3)
    /// How often a search begins anew because what it found was exchanged for a newer version meanwhile.
    private static let attempts = 3
    /// Chunks that are read at once.
    private static let batchSize = 1000

    private let embedders: WorkspaceEmbedders
    private let candidates: CandidateFinder
    private let chunks: ChunkStore
    private let reranker: (any Reranker)?
    private let rerankingTime: Duration
    private let metrics = RetrievalMetrics()
    private let logger: Logger?

    /// - Parameters:
    ///   - reranker: what judges the best hits again in rerank mode; `nil` leaves them as they are.
    ///   - rerankingTime: what a search may take for that; what is not judged by then keeps its order.
    package init(
        embedders: WorkspaceEmbedders, indexes: ChunkIndexes, chunks: ChunkStore,
        reranker: (any Reranker)? = nil, rerankingTime: Duration = Self.rerankingTime, logger: Logger? = nil
    ) {
        self.embedders = embedders
        candidates = CandidateFinder(indexes, chunks)
        self.chunks = chunks
        self.reranker = reranker
        self.rerankingTime = rerankingTime
        self.logger = logger
    }

    /// What a search in the workspace can come to.
    package func searchability(of workspace: Workspace.ID) async throws -> Searchability {
        guard let serving = try await embedders.serving(workspace) else { return .empty }
        guard try await chunks.hasVectors(in: workspace, embedder: serving) else {
            guard try await chunks.hasVectors(in: workspace, embedder: nil) else { return .empty }
            return .blocked(
                ServiceError(
                    .unavailable,
                    "The documents of this workspace are being embedded anew. They can be searched when that is done."))
        }
        // Without its embedder a workspace is searched by words.
        return .ready
    }

    /// The same of several workspaces, of which one that is ready suffices.
    package func searchability(of workspaces: [Workspace.ID]) async throws -> Searchability {
        var result = Searchability.empty
        for workspace in workspaces {
            switch try await searchability(of: workspace) {
            case .ready: return .ready
            case .blocked(let problem): result = .blocked(problem)
            case .empty: break
            }
        }
        return result
    }

    /// What whoever reads the results should know: what kept the question from being found by its meaning.
    package func warnings(
        for question: String, finding hits: [SearchHit], mode: VectorSearchMode, in workspace: Workspace.ID
    ) async throws -> [String] {
        guard mode != .words, let serving = try await embedders.serving(workspace) else { return [] }
        if hits.contains(where: \.isFoundByWordsAlone) {
            return [
                "The embedding model cannot be asked at the moment; the search went by the words of the question alone."
            ]
        }
        guard let model = try? await embedders.embedder(serving).model, model.knowsEnglishAlone,
            TextLanguage.isClearlyForeign(question)
        else { return [] }
        let consequence =
            mode == .vector
            ? "it may have missed what this question means"
            : "this question was searched by its words more than by its meaning"
        return ["The embedding model \(model.id) knows English alone; \(consequence)."]
    }

    /// Runs a search with the embedder that serves the workspace, and once more where the workspace has moved to another
    /// one meanwhile, which takes away the vectors that were searched; `nil` where nothing was put into it yet.
    private func search<Found: Sendable>(
        _ workspace: Workspace.ID, _ body: (ServingEmbedder) async throws -> Found
    ) async throws -> Found? {
        while let fingerprint = try await embedders.serving(workspace) {
            let result: Result<Found, any Error>
            do {
                result = .success(try await body(try await embedder(of: fingerprint, serving: workspace)))
            } catch {
                result = .failure(error)
            }
            if try await embedders.serving(workspace) == fingerprint { return try result.get() }
        }
        return nil
    }

    private func embedder(of fingerprint: String, serving workspace: Workspace.ID) async throws -> ServingEmbedder {
        let embedder: Result<any Embedder, ServiceError>
        do { embedder = .success(try await embedders.embedder(fingerprint)) } catch let error as ServiceError {
            embedder = .failure(error)
        }
        return ServingEmbedder(workspace: workspace, fingerprint: fingerprint, embedder: embedder)
    }

    /// The vectors of questions, or why there are none; `nil` where the words alone count.
    ///
    /// - Throws: what has nothing to do with the embedder.
    private func vectors(
        of questions: [String], _ mode: VectorSearchMode, _ serving: ServingEmbedder
    ) async throws -> Result<[Embedding?], ServiceError> {
        guard mode != .words else { return .success(questions.map { _ in nil }) }
        do {
            return .success(try await embedders.embedding.embed(queries: questions, with: serving.embedder.get()))
        } catch let error as ServiceError where error.code == .unavailable || error.code == .upstream {
            logger?.warning("A question could not be embedded", metadata: ["error": "\(error.message)"])
            return .failure(error)
        }
    }

    /// A page of what the vector finds; of what the words find where there is no vector.
    ///
    /// - Throws: why there is no vector, where the words find nothing or do not count.
    private func page(
        _ query: SearchQuery, _ vector: Result<Embedding?, ServiceError>, _ serving: ServingEmbedder
    ) async throws -> SearchPage {
        guard case .failure(let problem) = vector else { return try await page(query, try vector.get(), serving) }
        guard query.mode != .vector else { throw problem }
        let page = try await page(query, nil, serving)
        guard !page.hits.isEmpty || query.offset > 0 else { throw problem }
        return page
    }

    /// The best chunks, best first.
    ///
    /// - Parameters:
    ///   - questions: of what several of them find, each chunk comes once, with the better of its scores.
    ///   - threshold: chunks that do not reach this similarity are left out.
    ///   - excluded: ids of workspace documents whose chunks are left out, before the limit applies.
    ///   - mode: `rerank` looks more closely at the best chunks and orders them by that; `vector` passes the words over, `words`
    ///     the vectors.
    ///   - filter: only chunks of documents that match count, before the limit applies.
    package func search(
        _ questions: [String], in workspace: Workspace.ID, limit: Int, threshold: Double,
        excluding excluded: Set<String> = [], mode: VectorSearchMode = .default, filter: MetadataFilter? = nil
    ) async throws -> SearchPage {
        var filter = filter
        if !excluded.isEmpty {
            let isExcluded = MetadataFilter.oneOf(
                .text(.docID), excluded.sorted().map(MetadataFilter.Value.text))
            filter = .both(filter, .not(isExcluded))
        }
        let queries = questions.map { question in
            var query = SearchQuery(question, limit: limit, threshold: threshold)
            query.mode = mode
            query.filter = filter
            return query
        }
        let found = try await search(workspace) { serving in
            let vectors = try await vectors(of: questions, mode, serving)
            var found: [SearchPage] = []
            for (place, query) in queries.enumerated() {
                found.append(try await page(query, vectors.map { $0[place] }, serving))
            }
            return found
        }
        return Self.merged(found ?? [], limit: limit)
    }

    /// The best chunks of all workspaces of the scope, best first; see above.
    ///
    /// - Parameter limit: in place of the scope's.
    func search(
        _ questions: [String], in scope: SearchScope, limit: Int, excluding excluded: Set<String>
    ) async throws -> SearchPage {
        var pages: [SearchPage] = []
        for workspace in scope.workspaces {
            pages.append(
                try await search(
                    questions, in: workspace, limit: limit, threshold: scope.threshold, excluding: excluded,
                    mode: scope.mode, filter: scope.filter))
        }
        return Self.merged(pages, limit: limit)
    }

    /// Each chunk once, with the better of its scores; best first.
    private static func merged(_ pages: [SearchPage], limit: Int) -> SearchPage {
        guard pages.count != 1 else { return pages[0] }
        let best = Dictionary(pages.flatMap(\.hits).map { ($0.chunk.id, $0) }) { $0.rank >= $1.rank ? $0 : $1 }
        let hits = best.values.sorted { left, right in
            let judged = (left.rerank == nil ? 0 : 1, right.rerank == nil ? 0 : 1)
            return (judged.0, left.rank, right.chunk.id) > (judged.1, right.rank, left.chunk.id)
        }
        return SearchPage(
            hits: Array(hits.prefix(limit)), hasMore: hits.count > limit || pages.contains(where: \.hasMore),
            reranking: pages.compactMap(\.reranking).total)
    }

    /// A page of the chunks, best first, equal ones in the order of their ids.
    ///
    /// Pages of one question continue each other for as long as nothing is stored in between and the limit stays the
    /// same. In rerank mode they end with the candidates that the reranker has looked at.
    package func page(
        _ query: SearchQuery, in workspace: Workspace.ID, for caller: Caller
    ) async throws -> SearchPage {
        guard caller.workspaces.includes(workspace) else { return SearchPage(hits: [], hasMore: false) }
        let page = try await search(workspace) { serving in
            let vectors = try await vectors(of: [query.text], query.mode, serving)
            return try await self.page(query, vectors.map { $0[0] }, serving)
        }
        return page ?? SearchPage(hits: [], hasMore: false)
    }

    private func page(
        _ query: SearchQuery, _ vector: Embedding?, _ serving: ServingEmbedder
    ) async throws -> SearchPage {
        let limit = min(max(query.limit, 1), Self.maximumLimit)
        let offset = min(max(query.offset, 0), Self.maximumDepth - limit)
        var hits: [SearchHit]
        var reranking: Reranking?
        switch query.mode {
        case .default, .vector, .words: hits = try await best(query, vector, serving, limit: offset + limit + 1)
        case .rerank:
            hits = try await best(query, vector, serving, limit: max(Self.rerankedCount, limit))
            (hits, reranking) = try await reranked(hits, query.text)
        }
        let rest = hits.dropFirst(offset)
        return SearchPage(hits: Array(rest.prefix(limit)), hasMore: rest.count > limit, reranking: reranking)
    }

    /// The chunks at most `distance` places before and after each hit in its document, in the order of the text.
    package func neighbors(
        of hits: [SearchHit], distance: Int
    ) async throws -> [Chunk.ID: [ChunkStore.Neighbor]] {
        guard distance > 0 else { return [:] }
        return Dictionary(
            grouping: try await chunks.neighbors(of: hits.map(\.chunk.id), distance: distance), by: \.center)
    }

    // MARK: Reranking

    /// The hits by the reranker's scores, behind them those that it had no time for; as they were where there is none, or it
    /// fails.
    private func reranked(
        _ hits: [SearchHit], _ question: String
    ) async throws -> (hits: [SearchHit], reranking: Reranking?) {
        guard !hits.isEmpty else { return ([], nil) }
        guard let reranker else {
            let reranking = Reranking(
                candidates: hits.count, judged: 0, milliseconds: 0, reason: "No reranking model is set.")
            return (hits.ordered(by: hits.map(\.rank)), reranking)
        }
        let start = ContinuousClock.now
        var scores: [Double] = []
        var reason: String?
        do {
            scores = try await reranker.scores(
                question, candidates: hits.map(\.candidate), until: start.advanced(by: rerankingTime))
            if scores.count > hits.count || !scores.allSatisfy(\.isFinite) {
                scores = []
                reason = "The reranking model gave scores that are none."
            } else if scores.count < hits.count {
                reason = "The time for reranking was up."
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            reason = (error as? ServiceError)?.message ?? "\(error)"
        }
        let reranking = Reranking(
            candidates: hits.count, judged: scores.count,
            milliseconds: start.duration(to: .now) / .milliseconds(1), reason: reason)
        metrics.reranked(reranking)
        if let reason, scores.isEmpty {
            logger?.warning("Results are in the order from before reranking", metadata: ["reason": "\(reason)"])
        }
        return (hits.ordered(by: scores), reranking)
    }

    // MARK: Chunks of candidates

    /// The best chunks that reach the threshold, best first.
    private func best(
        _ query: SearchQuery, _ vector: Embedding?, _ serving: ServingEmbedder, limit: Int
    ) async throws -> [SearchHit] {
        var attempts = 1
        var wanted = limit
        while true {
            let found = try await candidates.find(query, vector, serving, wanted: wanted)
            let near = found.candidates.filter { $0.reaches(query.threshold) }
            let hits = try await hits(near, query, in: serving.workspace, limit: limit)
            if hits.count >= limit { return hits }
            if hits.count < near.count, attempts < Self.attempts {
                // What was found has just been exchanged or removed, or does not match the filter.
                attempts += 1
            } else if found.isComplete {
                return hits
            }
            wanted *= 4
        }
    }

    /// The first of the candidates whose chunk is stored and matches the filter, in their order.
    private func hits(
        _ candidates: [Candidate], _ query: SearchQuery, in workspace: Workspace.ID, limit: Int
    ) async throws -> [SearchHit] {
        var hits: [SearchHit] = []
        var rest = candidates[...]
        while hits.count < limit, !rest.isEmpty {
            // The first batch nearly always holds enough; the rest is read only where a filter leaves many out.
            let batch = rest.prefix(min(Self.batchSize, max(2 * limit, 32)))
            rest = rest.dropFirst(batch.count)
            let rows = try await chunks.chunks(batch.map(\.id), in: workspace, matching: query.filter)
            let byID = Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
            hits += batch.compactMap { candidate in
                byID[candidate.id].map {
                    var hit = SearchHit(chunk: $0, similarity: candidate.similarity, words: candidate.words)
                    hit.isFoundByWordsAlone = candidate.isFoundByWordsAlone
                    hit.weights = candidate.weights
                    return hit
                }
            }
        }
        return Array(hits.prefix(limit))
    }
}

extension SearchHit {
    fileprivate var candidate: RerankCandidate {
        RerankCandidate(
            text: chunk.chunk.text,
            context: ([chunk.document.title] + chunk.chunk.headingPath).joined(separator: "\n"),
            similarity: similarity)
    }
}

extension [SearchHit] {
    /// By a reranker's scores, best first, equal ones as they were; behind them those that have none.
    fileprivate func ordered(by scores: [Double]) -> [SearchHit] {
        zip(self, scores).enumerated().map { place, pair in
            var hit = pair.0
            hit.rerank = SearchHit.Rerank(candidate: place, score: Swift.max(0, Swift.min(1, pair.1)))
            return (hit: hit, rank: pair.1, place: place)
        }.sorted { ($0.rank, $1.place) > ($1.rank, $0.place) }.map(\.hit) + dropFirst(scores.count)
    }
}
