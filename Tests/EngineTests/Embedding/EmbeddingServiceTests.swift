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
        embedder.gate.open()
        #expect(try await small.value.count == 2)
        #expect(try await large.value.count == 40)
        let batches = try await embedder.started.wait { _ in true }
        let first = try #require(batches.firstIndex { $0.contains("small") })
        #expect(first < batches.count - 1)
        #expect(batches.allSatisfy { $0.count <= 4 })
    }

    @Test func `a request that is cancelled leaves the line`() async throws {
        let embedder = GatedEmbedder()
        let service = EmbeddingService(embedder)
        let large = Task { try await service.embed(passages: Array(repeating: "large", count: 40), with: embedder) }
        try await embedder.started.wait { $0.count == 1 }
        large.cancel()
        await #expect(throws: CancellationError.self) { _ = try await large.value }
        embedder.gate.open()
        #expect(try await service.embed(passages: ["small"], with: embedder).count == 1)
        #expect(try await embedder.started.wait { _ in true }.map(\.count) == [4, 1])
    }
}

/// Embeds four texts at a time, none before its gate is open, and remembers the batches.
private final class GatedEmbedder: Embedder {
    let model = EmbeddingModel(
        id: "gated", fingerprint: "gated", dimensions: 1, maximumInputTokens: nil, maximumChunkLength: 1000)
    let preferredBatchSize = 4
    let started = Observed<[[String]]>([])
    let gate = Gate()

    func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        started.change { $0.append(texts) }
        try await gate.pass()
        return texts.map { _ in Embedding([1]) }
    }

    func tokenCount(_ text: String) -> Int? { nil }
}
