package import Domain
import Synchronization
import Testing

/// What every `TextIndex` must do. A suite runs each rule as a test case, as with `VectorStoreContract`.
package struct TextIndexContract: Sendable {
    /// Called once for a rule. The index may read the terms from the source; a remote one will ignore it.
    package let makeIndex: @Sendable (FakeTermSource) async throws -> any TextIndex

    package init(makeIndex: @escaping @Sendable (FakeTermSource) async throws -> any TextIndex) {
        self.makeIndex = makeIndex
    }

    package struct Rule: Sendable, CustomTestStringConvertible {
        package let testDescription: String
        let body: @Sendable (IndexedTexts) async throws -> Void

        package func check(_ contract: TextIndexContract) async throws {
            let source = FakeTermSource()
            try await body(IndexedTexts(index: try await contract.makeIndex(source), source: source))
        }
    }

    package static let rules: [Rule] = [
        Rule(testDescription: "a chunk is found by its words, the rarer the better") { texts in
            try await texts.upsert([1: "pump valve", 2: "pump seal", 3: "pump pump rope"])
            #expect(try await texts.ids("pump valve").first == 1)
            #expect(try await texts.ids("rope") == [3])
            #expect(try await Set(texts.ids("pump")) == [1, 2, 3])
            #expect(try await texts.ids("nothing") == [])
            #expect(try await texts.ids("") == [])
        },
        Rule(testDescription: "scores are 0 to 2, and known of every chunk") { texts in
            try await texts.upsert([1: "a b c", 2: "a", 3: "d"])
            let found = try await texts.search("a b", limit: 1)
            #expect(found.best.map(\.id.rawValue) == [1])
            let scores = [1, 2, 3, 9].map { found.score(Chunk.ID(rawValue: $0)) }
            #expect(found.best[0].score == scores[0] && scores[0] > scores[1] && scores[1] > 0 && scores[0] <= 2)
            #expect(scores[2...] == [0, 0])
        },
        Rule(testDescription: "of those that hold all words, what holds them oftenest is best") { texts in
            try await texts.upsert([1: "a b c c c c", 2: "a a b b c c", 3: "a a a b b b"])
            let best = try await texts.search("a b").best
            #expect(best.map(\.id.rawValue) == [3, 2, 1])
            #expect(best.dropLast().allSatisfy { $0.score > 1 })
        },
        Rule(testDescription: "equal scores are in the order of their ids, and the limit holds") { texts in
            try await texts.upsert(Dictionary(uniqueKeysWithValues: (Int64(1)...300).map { ($0, "same words") }))
            #expect(try await texts.ids("words", limit: 5) == [1, 2, 3, 4, 5])
            #expect(try await texts.ids("words", limit: 0) == [])
        },
        Rule(testDescription: "the last terms of a chunk count, and removed ones are found no more") { texts in
            try await texts.upsert([1: "pump", 2: "pump"])
            try await texts.upsert([1: "valve"])
            #expect(try await texts.ids("pump") == [2])
            try await texts.delete([2, 7])
            #expect(try await texts.ids("pump") == [])
            #expect(try await texts.ids("valve") == [1])
        },
        Rule(testDescription: "namespaces know nothing of each other") { texts in
            let other = Namespace(rawValue: "other")
            try await texts.upsert([1: "pump"])
            try await texts.upsert([2: "pump"], in: other)
            #expect(try await texts.ids("pump") == [1])
            try await texts.index.drop(other)
            #expect(try await texts.ids("pump") == [1])
        },
        Rule(testDescription: "a dropped namespace is refilled, or empty, and never in between") { texts in
            try await texts.upsert([1: "pump"])
            try await texts.index.drop(texts.namespace)
            let ids = try await texts.ids("pump")
            #expect(ids == [1] || ids == [])
        },
        Rule(testDescription: "a chunk is scored by the query in its own language") { texts in
            let asked = Mutex<Set<String>>([])
            try await texts.upsert([3: "pumpe", 4: "pump"], language: "de")
            try await texts.upsert([1: "pump", 2: "valve", 5: "rope"], language: "en")
            let found = try await texts.index.search(
                { language, commonest in
                    asked.withLock { _ = $0.insert("\(language) among \(commonest)") }
                    return language == "en" ? ["pump": 1] : ["pumpe": 1, "ventil": 1]
                }, in: texts.namespace, limit: 9)
            #expect(asked.withLock { $0 } == ["en among en", "de among en"])
            // What another language would make of the query is nothing to this one.
            let scores = Dictionary(uniqueKeysWithValues: found.best.map { ($0.id.rawValue, $0.score) })
            #expect(Set(scores.keys) == [1, 3])
            #expect(try #require(scores[1]) > 0.9)
            #expect(try #require(scores[3]) < 0.6)
        },
    ]
}

/// An index and the rows behind it, changed as Engine changes them: SQL first, the index second.
package struct IndexedTexts: Sendable {
    let index: any TextIndex
    let source: FakeTermSource
    let namespace = Namespace(rawValue: "contract-\(UInt64.random(in: 0 ... .max))")

    func upsert(_ texts: [Int64: String], language: String = "en", in other: Namespace? = nil) async throws {
        let chunks = texts.sorted { $0.key < $1.key }.map { id, text in
            ChunkTerms(id: Chunk.ID(rawValue: id), language: language, terms: text)
        }
        source.put(chunks, in: other ?? namespace)
        try await index.upsert(chunks, in: other ?? namespace)
    }

    func delete(_ ids: [Int64]) async throws {
        let chunks = ids.map(Chunk.ID.init(rawValue:))
        source.remove(chunks, from: namespace)
        try await index.delete(chunks, in: namespace)
    }

    func search(_ query: String, limit: Int = 10) async throws -> TextMatches {
        let terms = Dictionary(query.split(separator: " ").map { (String($0), 1) }, uniquingKeysWith: +)
        return try await index.search({ _, _ in terms }, in: namespace, limit: limit)
    }

    func ids(_ query: String, limit: Int = 10) async throws -> [Int64] {
        try await search(query, limit: limit).best.map(\.id.rawValue)
    }
}

/// Rows of terms in memory.
package final class FakeTermSource: TermSource {
    private let rows = Mutex<[Namespace: [Chunk.ID: ChunkTerms]]>([:])
    private let count = Mutex(0)

    package init() {}

    /// How often a namespace was read.
    package var reads: Int { count.withLock { $0 } }

    package func put(_ chunks: [ChunkTerms], in namespace: Namespace) {
        rows.withLock { rows in for chunk in chunks { rows[namespace, default: [:]][chunk.id] = chunk } }
    }

    package func remove(_ chunks: [Chunk.ID], from namespace: Namespace) {
        rows.withLock { rows in for chunk in chunks { rows[namespace]?[chunk] = nil } }
    }

    package func forEachChunk(
        in namespace: Namespace, _ body: @escaping @Sendable (ChunkTerms) -> Void
    ) async throws {
        count.withLock { $0 += 1 }
        let chunks = rows.withLock { Array(($0[namespace] ?? [:]).values) }
        for chunk in chunks.sorted(by: { $0.id < $1.id }) { body(chunk) }
    }
}
