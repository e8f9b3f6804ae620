import Concurrency
import Domain
import TestSupport
import Testing

@testable import SearchIndexes

/// Searches, additions and removals at the same time; run with a thread sanitizer to see races.
@Suite struct ConcurrencyTests {
    let namespace = Namespace(rawValue: "workspace")
    static let dimensions = 64

    @Test func `searches during changes see whole vectors, and what is never touched`() async throws {
        let source = FakeVectorSource()
        let store = EmbeddedVectorStore(source: source, compute: ComputePool(width: 3, label: "test"))
        // Fixed ones are at even ids; odd ids come and go between them, in the same blocks.
        let fixed = (0..<1_500).map { (id: Chunk.ID(rawValue: $0 * 2), embedding: Self.vector($0 * 2)) }
        source.put(fixed, in: namespace)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<3 as Range<Int64> {
                group.addTask { try await change(store, source, writer: writer) }
            }
            for reader in 0..<4 as Range<Int64> {
                group.addTask { try await search(store, reader: reader) }
            }
            try await group.waitForAll()
        }
        let count = try await store.count(in: namespace)
        let matches = try await store.nearest(to: Self.vector(0), in: namespace, limit: .max)
        #expect(matches.count == count)
        #expect(Set(matches.map(\.id)).isSuperset(of: fixed.map(\.id)))
    }

    private func change(_ store: EmbeddedVectorStore, _ source: FakeVectorSource, writer: Int64) async throws {
        for round in 0..<12 as Range<Int64> {
            // Odd, and no two writers' the same.
            let ids = (0..<300).map { Chunk.ID(rawValue: ($0 * 7 + round * 11) % 1_500 * 6 + writer * 2 + 1) }
            let vectors = ids.map { (id: $0, embedding: Self.vector($0.rawValue)) }
            source.put(vectors, in: namespace)
            try await store.upsert(vectors, in: namespace)
            let half = Array(ids.prefix(150))
            source.remove(half, from: namespace)
            try await store.delete(half, in: namespace)
        }
    }

    private func search(_ store: EmbeddedVectorStore, reader: Int64) async throws {
        for round in 0..<25 as Range<Int64> {
            let id = (round * 53 + reader * 17) % 1_500 * 2
            let matches = try await store.nearest(to: Self.vector(id), in: namespace, limit: 3)
            #expect(matches.first?.id.rawValue == id)
            for match in matches {
                #expect(abs(match.score - Self.vector(match.id.rawValue).cosine(to: Self.vector(id))) < 1e-5)
            }
        }
    }

    /// The only vector that this id ever has.
    static func vector(_ id: Int64) -> Embedding {
        var random = SplitMix64(seed: UInt64(id))
        return random.unitVector(dimensions)
    }
}
