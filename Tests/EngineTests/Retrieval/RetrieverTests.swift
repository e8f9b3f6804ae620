import Domain
import Persistence
import Testing

@testable import Engine

@Suite struct RetrieverTests {
    @Test(arguments: [
        // Few match: all of theirs are compared. Many match: the store is asked. Many that are far away: both.
        (0..<1, Float(0)), (37..<40, 0), (0..<39, 0), (1..<40, 0), (8..<40, 0.9), (20..<40, 2),
    ])
    func `a filter applies before the limit, and what is found is exact`(matching: Range<Int>, skew: Float)
        async throws
    {
        let fixture = try await RetrievalFixture(documents: 40, chunksOfEach: 80, skew: skew)
        let filter = MetadataFilter.all([
            .compare(.attribute("number"), .greaterOrEqual, .number(Double(matching.lowerBound))),
            .compare(.attribute("number"), .less, .number(Double(matching.upperBound))),
        ])
        for limit in [1, 4, 60] {
            let hits = try await fixture.retriever().search(
                ["q"], in: fixture.workspace, limit: limit, threshold: 0, filter: filter
            ).hits
            #expect(hits.map(\.chunk.id) == fixture.nearest(limit) { matching.contains($0) })
        }
    }

    @Test func `documents that are excluded make room for others`() async throws {
        let fixture = try await RetrievalFixture(documents: 5, chunksOfEach: 4)
        let hits = try await fixture.retriever().search(
            ["q"], in: fixture.workspace, limit: 6, threshold: 0, excluding: ["m0", "m3"]
        ).hits
        #expect(hits.map(\.chunk.id) == fixture.nearest(6) { ![0, 3].contains($0) })
    }

    @Test(arguments: [nil, MetadataFilter.compare(.text(.title), .equal, .text("t1"))])
    func `pages continue each other and tell when there is more`(filter: MetadataFilter?) async throws {
        let fixture = try await RetrievalFixture(documents: 2, chunksOfEach: 7)
        var query = SearchQuery("q", limit: 3, threshold: 0)
        query.filter = filter
        var found: [Chunk.ID] = []
        while true {
            let page = try await fixture.retriever().page(query, in: fixture.workspace, for: .system)
            found += page.hits.map(\.chunk.id)
            #expect(page.hits.count == 3 || !page.hasMore)
            guard page.hasMore else { break }
            query.offset += 3
        }
        #expect(found == fixture.nearest(20) { filter == nil || $0 == 1 })
    }

    @Test func `the threshold is inclusive`() async throws {
        let fixture = try await RetrievalFixture(documents: 2, chunksOfEach: 7)
        for filter in [nil, MetadataFilter.oneOf(.text(.title), [.text("t0"), .text("t1")])] {
            let hits = try await fixture.retriever().search(
                ["q"], in: fixture.workspace, limit: 20, threshold: 0, filter: filter
            ).hits
            let middle = hits[6].score
            let above = try await fixture.retriever().search(
                ["q"], in: fixture.workspace, limit: 20, threshold: middle, filter: filter
            ).hits
            #expect(above.count == 7)
            #expect(above.last?.score == middle)
        }
    }

    @Test func `vectors whose chunks are gone hide nothing, however many they are`() async throws {
        let fixture = try await RetrievalFixture(documents: 1, chunksOfEach: 3)
        let gone = (0..<40_000).map { VectorMatch(id: Chunk.ID(rawValue: 1_000_000 + $0), score: 1) }
        let stored = fixture.nearest(3).enumerated().map { VectorMatch(id: $1, score: 0.9 - Float($0) / 10) }
        let retriever = fixture.retriever(vectors: ListedVectorStore(matches: gone + stored))
        let hits = try await retriever.search(["q"], in: fixture.workspace, limit: 2, threshold: 0).hits
        #expect(hits.map(\.chunk.id) == fixture.nearest(2))
    }

    // MARK: Reranking

    @Test(arguments: [(20, 3, 20), (250, 3, 50), (900, 3, 50), (250, 60, 60)])
    func `rerank looks at fifty chunks, and never at fewer than are wanted`(
        chunks: Int, limit: Int, candidates: Int
    ) async throws {
        let fixture = try await RetrievalFixture(documents: 1, chunksOfEach: chunks)
        let reranker = ScriptedReranker { $0.indices.map { Double($0) / 100 } }
        let hits = try await fixture.retriever(reranker).search(
            ["q"], in: fixture.workspace, limit: limit, threshold: 0, mode: .rerank
        ).hits
        #expect(hits.map(\.chunk.id) == fixture.nearest(candidates).suffix(limit).reversed())
        #expect(hits.first?.rerank == .init(candidate: candidates - 1, score: Double(candidates - 1) / 100))
        #expect(hits.allSatisfy { $0.score == $0.rerank?.score })
    }

    @Test func `in rerank mode the threshold is one of similarity`() async throws {
        let fixture = try await RetrievalFixture(documents: 1, chunksOfEach: 10)
        let plain = try await fixture.retriever().search(["q"], in: fixture.workspace, limit: 10, threshold: 0).hits
        let reranker = ScriptedReranker { $0.map { _ in 0.001 } }
        let hits = try await fixture.retriever(reranker).search(
            ["q"], in: fixture.workspace, limit: 10, threshold: plain[4].score, mode: .rerank
        ).hits
        // Equal scores leave the order to the similarity.
        #expect(hits.map(\.chunk.id) == plain.prefix(5).map(\.chunk.id))
    }

    @Test func `a reranker that fails leaves the order of similarity`() async throws {
        let fixture = try await RetrievalFixture(documents: 1, chunksOfEach: 10)
        let plain = try await fixture.retriever().search(["q"], in: fixture.workspace, limit: 4, threshold: 0).hits
        for reranker in [
            ScriptedReranker { _ in throw ServiceError(.unavailable, "no model") },
            ScriptedReranker { $0.map { _ in .nan } }, ScriptedReranker { $0.map { _ in 0.5 } + [1] },
        ] {
            let page = try await fixture.retriever(reranker).search(
                ["q"], in: fixture.workspace, limit: 4, threshold: 0, mode: .rerank)
            #expect(page.hits == plain)
            let reranking = try #require(page.reranking)
            #expect(reranking.candidates == 10 && reranking.judged == 0 && reranking.reason?.isEmpty == false)
        }
        await #expect(throws: CancellationError.self) {
            try await fixture.retriever(ScriptedReranker { _ in throw CancellationError() }).search(
                ["q"], in: fixture.workspace, limit: 4, threshold: 0, mode: .rerank
            ).hits
        }
    }

    @Test func `what a reranker has no time for stands behind what it has judged, as it was`() async throws {
        let fixture = try await RetrievalFixture(documents: 1, chunksOfEach: 10)
        let plain = try await fixture.retriever().search(["q"], in: fixture.workspace, limit: 10, threshold: 0).hits
        let slow = ScriptedReranker { _ in [0.001, 0.003, 0.002] }
        let page = try await fixture.retriever(slow).search(
            ["q"], in: fixture.workspace, limit: 10, threshold: 0, mode: .rerank)
        let hits = page.hits
        #expect(hits.map(\.chunk.id) == [1, 2, 0, 3, 4, 5, 6, 7, 8, 9].map { plain[$0].chunk.id })
        #expect(hits.map { $0.rerank?.candidate } == [1, 2, 0] + Array(repeating: nil, count: 7))
        #expect(page.reranking?.judged == 3 && page.reranking?.candidates == 10)
        // Of two questions, too.
        let merged = try await fixture.retriever(slow).search(
            ["q", "q"], in: fixture.workspace, limit: 10, threshold: 0, mode: .rerank)
        #expect(merged.hits.map(\.chunk.id) == hits.map(\.chunk.id))
        #expect(merged.reranking?.judged == 6 && merged.reranking?.candidates == 20)
    }

    @Test func `without a reranker the order stays, and each result tells its place`() async throws {
        let fixture = try await RetrievalFixture(documents: 1, chunksOfEach: 20)
        let plain = try await fixture.retriever().search(["q"], in: fixture.workspace, limit: 20, threshold: 0).hits
        let page = try await fixture.retriever().search(
            ["q"], in: fixture.workspace, limit: 20, threshold: 0, mode: .rerank)
        let hits = page.hits
        #expect(hits.map(\.chunk.id) == plain.map(\.chunk.id))
        #expect(hits.map(\.score) == plain.map(\.score))
        #expect(hits.map { $0.rerank?.candidate } == Array(0..<20))
        #expect(page.reranking?.judged == 0 && page.reranking?.reason?.isEmpty == false)
    }

    // MARK: Words

    @Test func `a name that no vector knows finds its chunk, in every mode but that of vectors alone`() async throws {
        let fixture = try await RetrievalFixture(documents: 30, chunksOfEach: 30)
        // Chunks read `chunk 17 of 12`; the numbers of the document are in no other.
        let question = "What does chunk 17 of 12 say?"
        for mode in [VectorSearchMode.default, .rerank] {
            let hits = try await fixture.retriever().search(
                [question], in: fixture.workspace, limit: 3, threshold: 0.25, mode: mode
            ).hits
            #expect(hits.first?.chunk.chunk.text == "chunk 17 of 12", "\(mode)")
            #expect(hits.allSatisfy { (0...1).contains($0.score) && $0.score >= $0.similarity || mode == .rerank })
        }
        let nearest = try await fixture.retriever().search(
            [question], in: fixture.workspace, limit: 3, threshold: 0, mode: .vector
        ).hits
        #expect(nearest.map(\.chunk.id) == fixture.nearest(3))
        #expect(nearest.allSatisfy { $0.words == nil && $0.score == $0.similarity })
    }

    @Test func `by words alone, no vector counts, and a chunk must hold most of the question's words`() async throws {
        let fixture = try await RetrievalFixture(documents: 30, chunksOfEach: 30)
        for (question, threshold, expected) in [
            ("chunk 17 of 12", 0.25, ["chunk 17 of 12"]), ("chunk 17 of 12", 0, ["chunk 17 of 12", "chunk 17 of 0"]),
            ("zebras", 0, []),
        ] {
            var query = SearchQuery(question, limit: 40, threshold: threshold)
            query.mode = .words
            let page = try await fixture.retriever().page(query, in: fixture.workspace, for: .system)
            let texts = page.hits.map(\.chunk.chunk.text)
            #expect(texts.first == expected.first && Set(texts).isSuperset(of: expected), "\(question) \(threshold)")
            #expect(page.hits.allSatisfy { $0.score == $0.words.map { min(1, $0) } && $0.similarity == 0 })
        }
    }

    @Test func `a filter holds for what is found by words as well`() async throws {
        let fixture = try await RetrievalFixture(documents: 30, chunksOfEach: 100)
        for documents in [0..<30, 0..<12, 25..<30] {
            let filter = MetadataFilter.all([
                .compare(.attribute("number"), .greaterOrEqual, .number(Double(documents.lowerBound))),
                .compare(.attribute("number"), .less, .number(Double(documents.upperBound))),
            ])
            let hits = try await fixture.retriever().search(
                ["chunk 57"], in: fixture.workspace, limit: 5, threshold: 0, filter: filter
            ).hits
            #expect(hits.map(\.chunk.chunk.text).allSatisfy { $0.hasPrefix("chunk 57 of ") }, "\(documents)")
            #expect(hits.allSatisfy { documents.contains(Int($0.chunk.document.title.dropFirst()) ?? -1) })
        }
    }

    @Test func `one word of several does not lift what is far away over the threshold`() {
        #expect(!HybridScore.standard.reaches(0.25, similarity: 0.1, words: 0.5))
        #expect(HybridScore.standard.reaches(0.25, similarity: 0.1, words: 0.9))
        #expect(HybridScore.standard.reaches(0.25, similarity: 0.25, words: 0))
        #expect(HybridScore.standard.reaches(0, similarity: 0, words: 0))
        #expect(!HybridScore.standard.reaches(0.9, similarity: 0.1, words: 1))
    }
}

/// Finds the same matches for every question.
struct ListedVectorStore: VectorStore {
    let matches: [VectorMatch]

    func nearest(to query: Embedding, in namespace: Namespace, limit: Int) async throws -> [VectorMatch] {
        Array(matches.prefix(limit))
    }

    func upsert(_ vectors: [(id: Chunk.ID, embedding: Embedding)], in namespace: Namespace) async throws {}
    func delete(_ chunks: [Chunk.ID], in namespace: Namespace) async throws {}
    func drop(_ namespace: Namespace) async throws {}
    func count(in namespace: Namespace) async throws -> Int { matches.count }
}

/// Says what it was told to say.
struct ScriptedReranker: Reranker {
    let body: @Sendable ([RerankCandidate]) throws -> [Double]

    init(_ body: @escaping @Sendable ([RerankCandidate]) throws -> [Double]) { self.body = body }

    func scores(
        _ question: String, candidates: [RerankCandidate], until deadline: ContinuousClock.Instant
    ) async throws -> [Double] { try body(candidates) }
}
