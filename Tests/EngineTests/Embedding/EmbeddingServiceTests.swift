import Domain
import Engine
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct EmbeddingServiceTests {
    @Test func `a few texts do not wait for all of a large request`() async throws {
        let embedder = GatedEmbedder()
        let service = EmbeddingService(embedder)
        let large = Task { try await service.embed(passages: Array(repeating: "large", count: 40), with: embedder) }
        // The first batch, of the large request alone, is under way when the small one comes.
        try await embedder.started.wait { $0.count == 1 }
        let small = Task { try await service.embed(passages: ["small", "small"], with: embedder) }
        while await service.waitingRequests < 2 { await Task.yield() }
        embedder.allowed.change { $0 = 1 }
        #expect(try await embedder.started.wait { $0.count == 2 }.last == ["large", "large", "small", "small"])
        embedder.allowed.change { $0 = .max }
        #expect(try await small.value.count == 2)
        #expect(try await large.value.count == 40)
    }

    @Test func `a request that is cancelled leaves the line`() async throws {
        let embedder = GatedEmbedder()
        let service = EmbeddingService(embedder)
        let large = Task { try await service.embed(passages: Array(repeating: "large", count: 40), with: embedder) }
        try await embedder.started.wait { $0.count == 1 }
        large.cancel()
        await #expect(throws: CancellationError.self) { _ = try await large.value }
        embedder.allowed.change { $0 = .max }
        #expect(try await service.embed(passages: ["small"], with: embedder).count == 1)
        #expect(embedder.started.value.map(\.count) == [4, 1])
    }
}

extension EmbeddingServiceTests {
    @Test func `questions and passages are embedded in one normal form`() async throws {
        let embedder = GatedEmbedder()
        embedder.allowed.change { $0 = .max }
        let service = EmbeddingService(embedder)
        _ = try await service.embed(passages: ["Immo\u{AD}bilien ＡＸ－２００"], with: embedder)
        _ = try await service.embed(queries: ["ＡＸ－２００"], with: embedder)
        #expect(embedder.started.value == [["Immobilien AX-200"], ["AX-200"]])
    }

    /// No batch is allowed to end: the third one begins only because the others were stopped.
    @Test func `a batch that nobody waits for any more is stopped, and the line goes on`() async throws {
        let embedder = GatedEmbedder()
        let service = EmbeddingService(embedder)
        let first = Task { try await service.embed(passages: ["first"], with: embedder) }
        try await embedder.started.wait { $0.count == 1 }
        let second = Task { try await service.embed(passages: ["second"], with: embedder) }
        first.cancel()
        await #expect(throws: CancellationError.self) { _ = try await first.value }
        try await embedder.started.wait { $0.count == 2 }
        second.cancel()
        await #expect(throws: CancellationError.self) { _ = try await second.value }
        let third = Task { try await service.embed(passages: ["third"], with: embedder) }
        try await embedder.started.wait { $0.count == 3 }
        embedder.allowed.change { $0 = .max }
        #expect(try await third.value.count == 1)
        #expect(embedder.started.value == [["first"], ["second"], ["third"]])
    }

    @Test func `clients are refused where too much waits already, jobs are not`() async throws {
        let embedder = GatedEmbedder()
        let service = EmbeddingService(embedder)
        let large = Task { try await service.embed(passages: Array(repeating: "large", count: 40), with: embedder) }
        try await embedder.started.wait { $0.count == 1 }
        let error = await #expect(throws: ServiceError.self) {
            _ = try await service.embed(passages: ["small"], with: embedder, waitingLimit: 36)
        }
        #expect(error?.code == .unavailable && error?.retryAfter != nil)
        let job = Task { try await service.embed(passages: ["job"], with: embedder) }
        embedder.allowed.change { $0 = .max }
        #expect(try await large.value.count == 40)
        #expect(try await job.value.count == 1)
        #expect(try await service.embed(passages: ["small"], with: embedder, waitingLimit: 36).count == 1)
    }

    @Test func `a batch goes on for those that still wait for it`() async throws {
        let embedder = GatedEmbedder()
        let service = EmbeddingService(embedder)
        let large = Task { try await service.embed(passages: Array(repeating: "large", count: 40), with: embedder) }
        try await embedder.started.wait { $0.count == 1 }
        let small = Task { try await service.embed(passages: ["small"], with: embedder) }
        while await service.waitingRequests < 2 { await Task.yield() }
        embedder.allowed.change { $0 = 1 }
        #expect(try await embedder.started.wait { $0.count == 2 }.joined().contains("small"))
        large.cancel()
        await #expect(throws: CancellationError.self) { _ = try await large.value }
        embedder.allowed.change { $0 = .max }
        #expect(try await small.value.count == 1)
    }
}

/// Embeds four texts at a time, no more batches than it is allowed, and remembers them.
private final class GatedEmbedder: Embedder {
    let model = EmbeddingModel(
        id: "gated", fingerprint: "gated", dimensions: 1, maximumInputTokens: nil, maximumChunkLength: 1000)
    let preferredBatchSize = 4
    let started = Observed<[[String]]>([])
    let allowed = Observed(0)

    func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        let number = started.change { started in
            started.append(texts)
            return started.count
        }
        try await allowed.wait { $0 >= number }
        return texts.map { _ in Embedding([1]) }
    }

    func tokenCount(_ text: String) -> Int? { nil }
}
