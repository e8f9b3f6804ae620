import Domain
import Synchronization
import TestSupport
import Testing

@testable import SearchIndexes

/// Loading: when it happens, what comes while it happens, and how it fails.
@Suite struct ResidentNamespaceTests {
    let namespace = Namespace(rawValue: "workspace")

    @Test func `a namespace is read once for all its first uses`() async throws {
        let source = FakeVectorSource()
        source.put([(Chunk.ID(rawValue: 1), Embedding([1, 0]))], in: namespace)
        let store = EmbeddedVectorStore(source: source)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask { try await store.nearest(to: Embedding([1, 0]), in: namespace, limit: 1).count }
            }
            for try await count in group { #expect(count == 1) }
        }
        #expect(source.reads == 1)
    }

    @Test func `changes that come while a namespace is read are not lost`() async throws {
        let gate = Gate()
        let source = FakeVectorSource(beforeReading: { await gate.pass() })
        source.put((1...3).map { (Chunk.ID(rawValue: $0), Embedding([1, 0])) }, in: namespace)
        let store = EmbeddedVectorStore(source: source)
        async let warming: Void = store.warm([namespace])
        await gate.arrival()
        // What is read was fixed before these.
        let added = [(id: Chunk.ID(rawValue: 4), embedding: Embedding([0, 1]))]
        source.put(added, in: namespace)
        source.remove([Chunk.ID(rawValue: 1)], from: namespace)
        async let adding: Void = store.upsert(added, in: namespace)
        async let removing: Void = store.delete([Chunk.ID(rawValue: 1)], in: namespace)
        async let counting = store.count(in: namespace)
        gate.open()
        _ = try await (warming, adding, removing, counting)
        let matches = try await store.nearest(to: Embedding([0, 1]), in: namespace, limit: 9)
        #expect(matches.map(\.id.rawValue) == [4, 2, 3])
        #expect(try await store.count(in: namespace) == 3)
        #expect(source.reads == 1)
    }

    @Test func `a namespace dropped while it is read is read again`() async throws {
        let gate = Gate()
        let source = FakeVectorSource(beforeReading: { await gate.pass() })
        source.put([(Chunk.ID(rawValue: 1), Embedding([1, 0]))], in: namespace)
        let store = EmbeddedVectorStore(source: source)
        async let warming: Void = store.warm([namespace])
        await gate.arrival()
        source.removeAll(from: namespace)
        try await store.drop(namespace)
        gate.open()
        try await warming
        #expect(try await store.count(in: namespace) == 0)
        #expect(source.reads == 2)
    }

    @Test func `a namespace that could not be read is tried again`() async throws {
        let failures = Mutex(1)
        let source = FakeVectorSource(beforeReading: {
            let fails = failures.withLock { left in
                defer { left -= 1 }
                return left > 0
            }
            if fails { throw ServiceError(.unavailable, "The database is busy.") }
        })
        source.put([(Chunk.ID(rawValue: 1), Embedding([1, 0]))], in: namespace)
        let store = EmbeddedVectorStore(source: source)
        await #expect(throws: ServiceError.self) { try await store.warm([namespace, Namespace(rawValue: "other")]) }
        #expect(source.reads == 2)
        #expect(try await store.count(in: namespace) == 1)
    }

    @Test func `a caller that is cancelled does not stop the reading for others`() async throws {
        let gate = Gate()
        let source = FakeVectorSource(beforeReading: { await gate.pass() })
        source.put([(Chunk.ID(rawValue: 1), Embedding([1, 0]))], in: namespace)
        let store = EmbeddedVectorStore(source: source)
        let first = Task { try await store.count(in: namespace) }
        await gate.arrival()
        async let second = store.count(in: namespace)
        first.cancel()
        gate.open()
        #expect(try await second == 1)
        #expect(source.reads == 1)
    }

    @Test func `stored vectors of different dimensions are refused with a sentence`() async throws {
        let source = FakeVectorSource()
        source.put(
            [(Chunk.ID(rawValue: 1), Embedding([1, 0])), (Chunk.ID(rawValue: 2), Embedding([1]))], in: namespace)
        let store = EmbeddedVectorStore(source: source)
        let error = await #expect(throws: ServiceError.self) { try await store.count(in: namespace) }
        #expect(error?.code == .conflict)
        #expect(error?.message.contains("2 dimensions") == true)
    }

    @Test func `a damaged stored vector is left out`() async throws {
        let source = FakeVectorSource()
        source.put(
            [(Chunk.ID(rawValue: 1), Embedding([.nan, 0])), (Chunk.ID(rawValue: 2), Embedding([1, 0]))], in: namespace)
        let store = EmbeddedVectorStore(source: source)
        #expect(try await store.nearest(to: Embedding([1, 0]), in: namespace, limit: 9).map(\.id.rawValue) == [2])
    }
}

/// Holds whoever passes until it is opened, and tells when somebody has come.
private final class Gate: Sendable {
    private let arrivals = AsyncStream<Void>.makeStream()
    private let opening = AsyncStream<Void>.makeStream()

    func pass() async {
        arrivals.continuation.yield()
        for await _ in opening.stream { break }
    }

    func arrival() async {
        for await _ in arrivals.stream { break }
    }

    /// For good.
    func open() { opening.continuation.finish() }
}
