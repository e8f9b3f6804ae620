import Domain
import TestSupport
import Testing

@testable import SearchIndexes

@Suite(.timeLimit(.minutes(1))) struct NamespaceCacheTests {
    static let dimensions = 64

    /// Ten namespaces of 500 vectors each; the size of one comes first.
    private func filled() async throws -> (bytes: Int, source: FakeVectorSource, namespaces: [Namespace]) {
        let source = FakeVectorSource()
        let namespaces = (0..<10).map { Namespace(rawValue: "n\($0)") }
        for (number, namespace) in namespaces.enumerated() {
            source.put((0..<500).map { vector(number * 1000 + $0) }, in: namespace)
        }
        let store = EmbeddedVectorStore(source: source)
        _ = try await store.count(in: namespaces[0])
        return (store.memoryUsed, source, namespaces)
    }

    private func vector(_ id: Int) -> (id: Chunk.ID, embedding: Embedding) {
        var random = SplitMix64(seed: UInt64(id))
        return (Chunk.ID(rawValue: Int64(id)), random.unitVector(Self.dimensions))
    }

    @Test func `namespaces never take more than the limit, and each is still searched`() async throws {
        let (bytes, source, namespaces) = try await filled()
        #expect(bytes > 500 * Self.dimensions)
        let store = EmbeddedVectorStore(source: source, memoryLimit: 3 * bytes)
        for round in 0..<3 {
            for (number, namespace) in namespaces.enumerated() {
                let wanted = vector(number * 1000 + round)
                let found = try await store.nearest(to: wanted.embedding, in: namespace, limit: 1)
                #expect(found.first?.id == wanted.id)
                #expect(store.memoryUsed <= 3 * bytes)
            }
        }
    }

    @Test func `what was used last stays, what was used longest ago goes`() async throws {
        let (bytes, source, namespaces) = try await filled()
        let store = EmbeddedVectorStore(source: source, memoryLimit: 2 * bytes)
        let reads = source.reads
        _ = try await store.count(in: namespaces[0])
        _ = try await store.count(in: namespaces[1])
        _ = try await store.count(in: namespaces[0])
        _ = try await store.count(in: namespaces[2])
        #expect(source.reads == reads + 3)
        // The first one was used after the second, which has made room.
        _ = try await store.count(in: namespaces[0])
        #expect(source.reads == reads + 3)
        _ = try await store.count(in: namespaces[1])
        #expect(source.reads == reads + 4)
    }

    @Test func `a namespace that grows makes others go, and its new vectors are found after it has gone itself`()
        async throws
    {
        let (bytes, source, namespaces) = try await filled()
        let store = EmbeddedVectorStore(source: source, memoryLimit: 2 * bytes)
        _ = try await store.count(in: namespaces[0])
        _ = try await store.count(in: namespaces[1])
        let added = (500..<900).map(vector)
        source.put(added, in: namespaces[0])
        try await store.upsert(added, in: namespaces[0])
        #expect(store.memoryUsed <= 2 * bytes)
        _ = try await store.count(in: namespaces[2])
        #expect(try await store.count(in: namespaces[0]) == 900)
        #expect(try await store.nearest(to: added[7].embedding, in: namespaces[0], limit: 1).first?.id == added[7].id)
    }

    @Test func `one that is larger than the limit is searched all the same, alone`() async throws {
        let (bytes, source, namespaces) = try await filled()
        let store = EmbeddedVectorStore(source: source, memoryLimit: bytes / 2)
        for namespace in namespaces.prefix(2) { #expect(try await store.count(in: namespace) == 500) }
        #expect(store.memoryUsed == bytes)
    }

    @Test func `what is read beforehand stops at the limit`() async throws {
        let (bytes, source, namespaces) = try await filled()
        let store = EmbeddedVectorStore(source: source, memoryLimit: 3 * bytes)
        let reads = source.reads
        try await store.warm(namespaces)
        #expect(source.reads == reads + 3)
        #expect(store.memoryUsed == 3 * bytes)
    }

    @Test func `a search waits for the namespace that it needs, and for no other that is being read`() async throws {
        let (gate, isReading) = (Gate(), Observed(0))
        let source = FakeVectorSource {
            // The first namespace that is read waits at the gate.
            if isReading.change({
                $0 += 1; return $0
            }) == 1 {
                try await gate.pass()
            }
        }
        let namespaces = [Namespace(rawValue: "slow"), Namespace(rawValue: "quick")]
        for namespace in namespaces { source.put([vector(1)], in: namespace) }
        let store = EmbeddedVectorStore(source: source)
        let slow = Task { try await store.nearest(to: vector(1).embedding, in: namespaces[0], limit: 1) }
        try await isReading.wait { $0 == 1 }
        #expect(try await store.nearest(to: vector(1).embedding, in: namespaces[1], limit: 1).count == 1)
        gate.open()
        #expect(try await slow.value.count == 1)
    }
}
