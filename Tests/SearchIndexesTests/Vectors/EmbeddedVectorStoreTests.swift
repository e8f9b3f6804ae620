import Concurrency
import Domain
import TestSupport
import Testing

@testable import SearchIndexes

@Suite struct EmbeddedVectorStoreTests {
    let namespace = Namespace(rawValue: "workspace")

    @Test(arguments: VectorStoreContract.rules)
    func `keeps the contract of vector stores`(rule: VectorStoreContract.Rule) async throws {
        try await rule.check(VectorStoreContract { EmbeddedVectorStore(source: $0) })
    }

    @Test(arguments: [384, 100], [500, 4_000])
    func `finds what an exact search finds, on data without structure`(dimensions: Int, count: Int) async throws {
        let source = FakeVectorSource()
        var random = SplitMix64(seed: 1)
        let vectors = (0..<count).map { (id: Chunk.ID(rawValue: Int64($0)), embedding: random.unitVector(dimensions)) }
        source.put(vectors, in: namespace)
        let store = EmbeddedVectorStore(source: source, compute: ComputePool(width: 2, label: "test"))
        var (found, wanted) = (0, 0)
        for _ in 0..<5 {
            let query = random.unitVector(dimensions)
            let exact = exactNearest(query, in: vectors).prefix(20)
            for limit in [4, 20] {
                let matches = try await store.nearest(to: query, in: namespace, limit: limit)
                #expect(matches.count == limit)
                wanted += limit
                found += Set(matches.map(\.id)).intersection(exact.prefix(limit).map(\.id)).count
                for match in matches {
                    #expect(abs(match.score - query.cosine(to: vectors[Int(match.id.rawValue)].embedding)) < 1e-5)
                }
            }
        }
        #expect(Double(found) / Double(wanted) >= 0.995)
    }

    @Test func `a scan in parts finds what one in a whole finds`() async throws {
        let source = FakeVectorSource()
        var random = SplitMix64(seed: 2)
        let zeros = [Float](repeating: 0, count: 3040)
        let vectors = (0..<6_000).map {
            (id: Chunk.ID(rawValue: $0), embedding: Embedding(random.unitVector(32).values + zeros))
        }
        source.put(vectors, in: namespace)
        let (whole, parts) = (
            EmbeddedVectorStore(source: source, compute: ComputePool(width: 1, label: "test")),
            EmbeddedVectorStore(source: source, compute: ComputePool(width: 2, label: "test"))
        )
        let bytes = vectors.count * 3072 / 2
        #expect(bytes >= 2 * MatrixScan.bytesPerThread)
        for limit in [1, 20, 500] {
            let query = Embedding(random.unitVector(32).values + zeros)
            let expected = try await whole.nearest(to: query, in: namespace, limit: limit)
            #expect(expected.count == limit)
            #expect(try await parts.nearest(to: query, in: namespace, limit: limit) == expected)
        }
    }

    @Test func `a match whose row is gone is ignored, and others take its place`() async throws {
        let source = FakeVectorSource()
        var random = SplitMix64(seed: 3)
        let vectors = (0..<2_000).map { (id: Chunk.ID(rawValue: Int64($0)), embedding: random.unitVector(32)) }
        source.put(vectors, in: namespace)
        let store = EmbeddedVectorStore(source: source)
        #expect(try await store.count(in: namespace) == 2_000)
        let query = random.unitVector(32)
        let ranked = exactNearest(query, in: vectors).map(\.id)
        source.remove(Array(ranked.prefix(900)), from: namespace)
        let matches = try await store.nearest(to: query, in: namespace, limit: 5)
        #expect(matches.map(\.id) == Array(ranked[900..<905]))
    }

    @Test func `a row whose vector now has other dimensions is ignored`() async throws {
        let source = FakeVectorSource()
        source.put(
            [(Chunk.ID(rawValue: 1), Embedding([1, 0])), (Chunk.ID(rawValue: 2), Embedding([0, 1]))], in: namespace)
        let store = EmbeddedVectorStore(source: source)
        #expect(try await store.count(in: namespace) == 2)
        source.put([(Chunk.ID(rawValue: 1), Embedding([1, 0, 0]))], in: namespace)
        #expect(try await store.nearest(to: Embedding([1, 0]), in: namespace, limit: 2).map(\.id.rawValue) == [2])
    }

    @Test func `a refused upsert adds none of its vectors`() async throws {
        let store = EmbeddedVectorStore(source: FakeVectorSource())
        let vectors = [(Chunk.ID(rawValue: 1), Embedding([1, 0])), (Chunk.ID(rawValue: 2), Embedding([.nan, 0]))]
        await #expect(throws: ServiceError.self) { try await store.upsert(vectors, in: namespace) }
        #expect(try await store.count(in: namespace) == 0)
    }

    @Test func `of an id that comes twice the last vector counts`() async throws {
        let source = FakeVectorSource()
        let store = EmbeddedVectorStore(source: source)
        let id = Chunk.ID(rawValue: 1)
        source.put([(id, Embedding([0, 1]))], in: namespace)
        try await store.upsert([(id, Embedding([1, 0])), (id, Embedding([0, 1]))], in: namespace)
        #expect(try await store.count(in: namespace) == 1)
        #expect(try await store.nearest(to: Embedding([0, 1]), in: namespace, limit: 1).first?.score == 1)
    }

    private func exactNearest(
        _ query: Embedding, in vectors: [(id: Chunk.ID, embedding: Embedding)]
    ) -> [(id: Chunk.ID, score: Float)] {
        vectors.map { ($0.id, query.cosine(to: $0.embedding)) }.sorted { $0.1 > $1.1 }
    }
}
