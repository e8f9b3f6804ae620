package import Domain
package import Logging
package import Persistence

/// What a search in a workspace can come to.
package enum Searchability: Sendable {
    case ready
    /// The workspace holds no text.
    case empty
    /// There is text, but none that the embedder in use has made findable, and why.
    case blocked(ServiceError)
}

/// Finds the chunks of a workspace that are nearest to a question.
package struct Retriever: Sendable {
    /// Results that one search gives at most, whatever is asked for.
    package static let maximumLimit = 1000
    /// How far down the list a page may lie: offset and limit together.
    package static let maximumDepth = 5000

    /// Vectors that are compared one by one sooner than the store is asked for more than are wanted: a few milliseconds.
    private static let scanSize = 2048
    /// How often a search begins anew because what it found was exchanged for a newer version meanwhile.
    private static let attempts = 3
    /// Chunks that are read at once.
    private static let batchSize = 1000

    private let embedders: WorkspaceEmbedders
    private let vectors: any VectorStore
    private let chunks: ChunkStore
    private let reranker: any Reranker
    private let logger: Logger?

    package init(
        embedders: WorkspaceEmbedders, vectors: any VectorStore, chunks: ChunkStore,
        reranker: any Reranker = LexicalReranker(), logger: Logger? = nil
    ) {
        self.embedders = embedders
        self.vectors = vectors
        self.chunks = chunks
        self.reranker = reranker
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
        do {
            _ = try await embedders.embedder(serving)
            return .ready
        } catch let error as ServiceError {
            return .blocked(error)
        }
    }

    /// Whose vectors a search looks at.
    private struct Serving {
        let workspace: Workspace.ID
        let embedder: any Embedder

        var fingerprint: String { embedder.model.fingerprint }
        var namespace: Namespace { Namespace(workspace, embedder: fingerprint) }
    }

    /// Runs a search with the embedder that serves the workspace, and once more where the workspace has moved to another
    /// one meanwhile, which takes away the vectors that were searched; `nil` where nothing was put into it yet.
    private func search<Found: Sendable>(
        _ workspace: Workspace.ID, _ body: (Serving) async throws -> Found
    ) async throws -> Found? {
        while let fingerprint = try await embedders.serving(workspace) {
            let result: Result<Found, any Error>
            do {
                let serving = Serving(workspace: workspace, embedder: try await embedders.embedder(fingerprint))
                result = .success(try await body(serving))
            } catch {
                result = .failure(error)
            }
            if try await embedders.serving(workspace) == fingerprint { return try result.get() }
        }
        return nil
    }

    /// The best chunks, best first.
    ///
    /// - Parameters:
    ///   - questions: of what several of them find, each chunk comes once, with the better of its scores.
    ///   - threshold: chunks below this similarity are left out.
    ///   - excluded: ids of workspace documents whose chunks are left out, before the limit applies.
    ///   - mode: `rerank` looks more closely at the nearest chunks and orders them by that.
    ///   - filter: only chunks of documents that match count, before the limit applies.
    package func search(
        _ questions: [String], in workspace: Workspace.ID, limit: Int, threshold: Double,
        excluding excluded: Set<String> = [], mode: VectorSearchMode = .default, filter: MetadataFilter? = nil
    ) async throws -> [SearchHit] {
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
            let vectors = try await embedders.embedding.embed(queries: questions, with: serving.embedder)
            var found: [[SearchHit]] = []
            for (query, vector) in zip(queries, vectors) { found.append(try await page(query, vector, serving).hits) }
            return found
        }
        guard let found else { return [] }
        return found.count == 1 ? found[0] : Array(Self.merged(found).prefix(limit))
    }

    /// Each chunk once, with the better of its scores; best first.
    private static func merged(_ found: [[SearchHit]]) -> [SearchHit] {
        let best = Dictionary(found.joined().map { ($0.chunk.id, $0) }) { $0.score >= $1.score ? $0 : $1 }
        return best.values.sorted { ($0.score, $1.chunk.id) > ($1.score, $0.chunk.id) }
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
            let vectors = try await embedders.embedding.embed(queries: [query.text], with: serving.embedder)
            return try await self.page(query, vectors[0], serving)
        }
        return page ?? SearchPage(hits: [], hasMore: false)
    }

    private func page(
        _ query: SearchQuery, _ vector: Embedding, _ serving: Serving
    ) async throws -> SearchPage {
        let limit = min(max(query.limit, 1), Self.maximumLimit)
        let offset = min(max(query.offset, 0), Self.maximumDepth - limit)
        var hits: [SearchHit]
        switch query.mode {
        case .default: hits = try await nearest(to: vector, query, serving, limit: offset + limit + 1)
        case .rerank:
            let count = try await vectors.count(in: serving.namespace)
            let candidates = max(10, min(50, (count + 9) / 10), limit)
            hits = try await nearest(to: vector, query, serving, limit: candidates)
            hits = try await reranked(hits, for: query.text)
        }
        let rest = hits.dropFirst(offset)
        return SearchPage(hits: Array(rest.prefix(limit)), hasMore: rest.count > limit)
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

    /// The hits by the reranker's scores; as they were where it fails.
    private func reranked(_ hits: [SearchHit], for question: String) async throws -> [SearchHit] {
        guard !hits.isEmpty else { return [] }
        let scores: [Double]
        do {
            scores = try await reranker.scores(question, candidates: hits.map(\.candidate))
        } catch let error as CancellationError {
            throw error
        } catch {
            logger?.warning("Reranking failed; results are in order of similarity", metadata: ["error": "\(error)"])
            return hits
        }
        guard scores.count == hits.count, scores.allSatisfy(\.isFinite) else {
            logger?.warning("The reranker gave no score for some results; they are in order of similarity")
            return hits
        }
        return zip(hits, scores).enumerated().map { place, pair in
            let score = max(0, min(1, pair.1))
            return SearchHit(
                chunk: pair.0.chunk, score: pair.0.similarity, rerank: .init(candidate: place, score: score))
        }.sorted { left, right in
            left.score == right.score
                ? (left.rerank?.candidate ?? 0) < (right.rerank?.candidate ?? 0) : left.score > right.score
        }
    }

    // MARK: Nearest chunks

    private func nearest(
        to vector: Embedding, _ query: SearchQuery, _ serving: Serving, limit: Int
    ) async throws -> [SearchHit] {
        guard let filter = query.filter else {
            return try await stored(vector, query, serving, limit: limit, first: limit, most: .max) ?? []
        }
        let matching = try await chunks.vectorCount(
            in: serving.workspace, embedder: serving.fingerprint, matching: filter)
        guard matching > 0 else { return [] }
        if matching > Self.scanSize {
            // As many as hold `limit` that match if these lie evenly among all, and some more.
            let count = try await vectors.count(in: serving.namespace)
            let share = Double(count) / Double(matching)
            let first = Int((Double(limit) * share * 1.5).rounded(.up)) + 16
            let found = try await stored(vector, query, serving, limit: limit, first: first, most: matching / 4)
            if let found { return found }
        }
        return try await scanned(vector, query, serving, limit: limit)
    }

    /// The nearest chunks by the vector store, which is asked for ever more until `limit` of them remain; `nil` where
    /// more than `most` would be needed.
    private func stored(
        _ vector: Embedding, _ query: SearchQuery, _ serving: Serving, limit: Int, first: Int, most: Int
    ) async throws -> [SearchHit]? {
        var wanted = first
        var attempts = 1
        while wanted <= most {
            let matches = try await vectors.nearest(to: vector, in: serving.namespace, limit: wanted)
            let near = matches.filter { Double($0.score) >= query.threshold || query.threshold <= 0 }
            let hits = try await self.hits(near, query, in: serving.workspace, limit: limit)
            if query.filter == nil, hits.count < min(limit, near.count), attempts < Self.attempts {
                attempts += 1
                continue
            }
            // Chunks that do not match, or have just been removed, made room for others further down.
            if hits.count >= limit || matches.count < wanted || near.count < matches.count {
                return hits
            }
            wanted *= 4
        }
        return nil
    }

    /// The nearest chunks by comparing the question with every vector of a document that matches.
    private func scanned(
        _ vector: Embedding, _ query: SearchQuery, _ serving: Serving, limit: Int
    ) async throws -> [SearchHit] {
        let cosine = CosineSimilarity(to: vector)
        var attempts = 1
        while true {
            let matches = try await chunks.mapVectors(
                in: serving.workspace, embedder: serving.fingerprint, matching: query.filter
            ) { id, stored in VectorMatch(id: id, score: cosine(stored)) }
            let near = matches.filter { Double($0.score) >= query.threshold || query.threshold <= 0 }
                .sorted { $0.score == $1.score ? $0.id < $1.id : $0.score > $1.score }
            let hits = try await hits(near, query, in: serving.workspace, limit: limit)
            if hits.count >= min(limit, near.count) || attempts == Self.attempts { return hits }
            attempts += 1
        }
    }

    /// The first of the matches whose chunk is stored and matches the filter, in their order.
    private func hits(
        _ matches: [VectorMatch], _ query: SearchQuery, in workspace: Workspace.ID, limit: Int
    ) async throws -> [SearchHit] {
        var hits: [SearchHit] = []
        var rest = matches[...]
        while hits.count < limit, !rest.isEmpty {
            // The first batch nearly always holds enough; the rest is read only where a filter leaves many out.
            let batch = rest.prefix(Self.batchSize)
            rest = rest.dropFirst(Self.batchSize)
            let rows = try await chunks.chunks(batch.map(\.id), in: workspace, matching: query.filter)
            let byID = Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
            hits += batch.compactMap { match in
                byID[match.id].map { SearchHit(chunk: $0, score: Double(max(0, min(1, match.score)))) }
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
