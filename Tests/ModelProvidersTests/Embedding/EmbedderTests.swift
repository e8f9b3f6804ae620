import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// Embeddings that go well, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct EmbedderTests {
    private let texts = ["The cat sat.", "Grüße aus 東京", "", "the CAT sat"]

    /// What the fake provider gives for `text`, at length 1.
    private func expected(_ text: String) -> [Float] {
        let vector = FakeProvider.vector(for: text)
        let length = vector.reduce(into: 0.0) { $0 += Double($1) * Double($1) }.squareRoot()
        return vector.map { Float(Double($0) / length) }
    }

    private func isClose(_ left: [Float], _ right: [Float]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) < 1e-6 }
    }

    @Test(arguments: [FakeEmbeddingsReply.vectors, .floats, .reversed])
    func `each text gets its own vector of length 1`(reply: FakeEmbeddingsReply) async throws {
        try await withEmbedder { provider, embedder in
            provider.answerEmbeddings(reply)
            let embeddings = try await embedder.embed(texts, as: .passage)
            #expect(embeddings.count == texts.count)
            for (text, embedding) in zip(texts, embeddings) { #expect(isClose(embedding.values, expected(text))) }
        }
    }

    @Test func `the request is as the contract has it`() async throws {
        let configure: (inout EmbeddingsEndpoint) -> Void = {
            $0.apiKey = "k"
            $0.dimensions = 32
        }
        try await withEmbedder(configure: configure) { provider, embedder in
            _ = try await embedder.embed(["a", "b"], as: .passage)
            let request = try #require(provider.requests.first)
            #expect(request.path == "/v1/embeddings")
            #expect(request.headers["authorization"] == "Bearer k")
            #expect(request.body.text == #"{"model":"m","input":["a","b"],"encoding_format":"base64","dimensions":32}"#)
        }
    }

    @Test func `each role has its prefix`() async throws {
        let configure: (inout EmbeddingsEndpoint) -> Void = {
            $0.passagePrefix = "passage: "
            $0.queryPrefix = "query: "
        }
        try await withEmbedder(configure: configure) { provider, embedder in
            _ = try await embedder.embed(["a"], as: .passage)
            _ = try await embedder.embed(["a"], as: .query)
            #expect(provider.requests.map(\.body["input"]) == [["passage: a"], ["query: a"]])
        }
    }

    @Test func `many texts go in batches, one after the other and in order`() async throws {
        try await withEmbedder(configure: { $0.batchSize = 4 }) { provider, embedder in
            let texts = (0..<10).map { "text number \($0)" }
            let embeddings = try await embedder.embed(texts, as: .passage)
            #expect(provider.requests.map { $0.body["input"]?.arrayValue?.count } == [4, 4, 2])
            for (text, embedding) in zip(texts, embeddings) { #expect(isClose(embedding.values, expected(text))) }
        }
    }

    @Test func `no texts need no request`() async throws {
        try await withEmbedder { provider, embedder in
            let embeddings = try await embedder.embed([], as: .passage)
            #expect(embeddings.isEmpty)
            #expect(provider.requests.isEmpty)
        }
    }

    @Test func `the number of dimensions is known after the first answer`() async throws {
        try await withEmbedder { _, embedder in
            #expect(embedder.model.dimensions == nil)
            _ = try await embedder.embed(["a"], as: .query)
            #expect(embedder.model.dimensions == 64)
        }
    }

    @Test func `only the batch that failed is sent again`() async throws {
        try await withEmbedder(retries: .immediately(1), configure: { $0.batchSize = 1 }) { provider, embedder in
            provider.answerEmbeddings(.vectors, .failure(429, "busy"), .vectors)
            let found = try await embedder.embed(["a", "b"], as: .passage).count
            #expect(found == 2)
            #expect(provider.requests.map(\.body["input"]) == [["a"], ["b"], ["b"]])
        }
    }

    @Test func `cancelling closes the connection`() async throws {
        try await withEmbedder { provider, embedder in
            provider.answerEmbeddings(.silence)
            let task = Task { try await embedder.embed(["a"], as: .passage) }
            try await provider.state.wait { $0.requests.count == 1 }
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            try await provider.state.wait { $0.disconnections == 1 }
        }
    }
}
