import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// What each vendor of embeddings is sent, and what is made of its answers, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct EmbedderDialectTests {
    private typealias Dialect = EmbeddingsEndpoint.Dialect

    private static func use(_ dialect: EmbeddingsEndpoint.Dialect, _ endpoint: inout EmbeddingsEndpoint) {
        endpoint.dialect = dialect
        endpoint.apiKey = "k"
        if dialect == .ollama { endpoint.baseURL = String(endpoint.baseURL.dropLast("/v1".count)) }
    }

    static let bodies: [(EmbeddingsEndpoint.Dialect, String, passage: String, query: String)] = [
        (
            .voyage, "/v1/embeddings",
            #"{"model":"m","input":["a","b"],"input_type":"document","encoding_format":"base64"}"#,
            #"{"model":"m","input":["a"],"input_type":"query","encoding_format":"base64"}"#
        ),
        (
            .cohere, "/v1/embed",
            #"{"model":"m","texts":["a","b"],"input_type":"search_document","embedding_types":["float"],"truncate":"END"}"#,
            #"{"model":"m","texts":["a"],"input_type":"search_query","embedding_types":["float"],"truncate":"END"}"#
        ),
        (
            .gemini, "/v1/models/m:batchEmbedContents",
            #"{"requests":[{"model":"models/m","content":{"parts":[{"text":"a"}]},"taskType":"RETRIEVAL_DOCUMENT"},"#
                + #"{"model":"models/m","content":{"parts":[{"text":"b"}]},"taskType":"RETRIEVAL_DOCUMENT"}]}"#,
            #"{"requests":[{"model":"models/m","content":{"parts":[{"text":"a"}]},"taskType":"RETRIEVAL_QUERY"}]}"#
        ),
        (
            .ollama, "/api/embed", #"{"model":"m","input":["a","b"],"truncate":true}"#,
            #"{"model":"m","input":["a"],"truncate":true}"#
        ),
    ]

    @Test(arguments: bodies) func `a vendor is asked in its language, and told what a text is for`(
        dialect: EmbeddingsEndpoint.Dialect, path: String, passage: String, query: String
    ) async throws {
        try await withEmbedder(configure: { Self.use(dialect, &$0) }) { provider, embedder in
            _ = try await embedder.embed(["a", "b"], as: .passage)
            _ = try await embedder.embed(["a"], as: .query)
            #expect(provider.requests.map(\.path) == [path, path])
            #expect(provider.requests.map(\.body.text) == [passage, query])
        }
    }

    @Test(arguments: bodies.map(\.0)) func `each text gets its own vector of length 1`(
        dialect: EmbeddingsEndpoint.Dialect
    ) async throws {
        let texts = ["The cat sat.", "Grüße aus 東京", "", "the CAT sat"]
        try await withEmbedder(configure: { Self.use(dialect, &$0) }) { _, embedder in
            let embeddings = try await embedder.embed(texts, as: .passage)
            for (text, embedding) in zip(texts, embeddings) {
                let vector = FakeProvider.vector(for: text)
                let length = vector.reduce(into: Float(0)) { $0 += $1 * $1 }.squareRoot()
                #expect(zip(vector, embedding.values).allSatisfy { abs($0 / length - $1) < 1e-5 })
            }
            #expect(embeddings.count == texts.count && embedder.model.dimensions == 64)
        }
    }

    @Test(arguments: bodies.map(\.0)) func `too few vectors, and vectors of other lengths, are refused`(
        dialect: EmbeddingsEndpoint.Dialect
    ) async throws {
        for (reply, problem) in [
            (FakeEmbeddingsReply.missingLast, "holds 1 vectors for 2 texts"),
            (.dimensions(8), "holds vectors of 8 dimensions where 64 are expected"),
            (.zero, "holds a vector without a direction (zero, or not a number)"),
        ] {
            try await withEmbedder(configure: { Self.use(dialect, &$0) }) { provider, embedder in
                provider.answerEmbeddings(.floats, reply)
                _ = try await embedder.embed(["a"], as: .query)
                let error = await #expect(throws: ServiceError.self) {
                    _ = try await embedder.embed(["a", "b"], as: .passage)
                }
                #expect(error?.message.hasSuffix("The answer of GenericOpenAI \(problem).") == true)
            }
        }
    }

    static let dimensions: [(EmbeddingsEndpoint.Dialect, String)] = [
        (.openAI, "dimensions"), (.voyage, "output_dimension"), (.cohere, "output_dimension"), (.ollama, "dimensions"),
    ]

    @Test(arguments: dimensions) func `a number of dimensions is asked for in the vendor's word`(
        dialect: EmbeddingsEndpoint.Dialect, field: String
    ) async throws {
        let configure: (inout EmbeddingsEndpoint) -> Void = {
            Self.use(dialect, &$0)
            $0.dimensions = 32
        }
        try await withEmbedder(configure: configure) { provider, embedder in
            let embeddings = try await embedder.embed(["a"], as: .query)
            #expect(provider.requests.first?.body[field] == 32 && embeddings[0].values.count == 32)
        }
    }

    @Test func `Ollama is given the window that long chunks need`() async throws {
        let configure: (inout EmbeddingsEndpoint) -> Void = {
            Self.use(.ollama, &$0)
            $0.maximumChunkLength = 9000
            $0.maximumInputTokens = 8192
        }
        try await withEmbedder(configure: configure) { provider, embedder in
            _ = try await embedder.embed(["a"], as: .passage)
            #expect(provider.requests.first?.body["options"] == ["num_ctx": 8192])
        }
    }

    @Test func `a model that wants prefixes is told by these what a text is for, and not by a type`() async throws {
        let configure: (inout EmbeddingsEndpoint) -> Void = {
            Self.use(.gemini, &$0)
            $0.queryPrefix = "q: "
        }
        try await withEmbedder(configure: configure) { provider, embedder in
            _ = try await embedder.embed(["a"], as: .query)
            let request = provider.requests.first?.body["requests"]?.arrayValue?.first
            #expect(request?["taskType"] == nil)
            #expect(request?["content"] == ["parts": [["text": "q: a"]]])
        }
    }

    // MARK: Batches and limits

    @Test func `batches go out together, no more than so many, and come back in order`() async throws {
        let configure: (inout EmbeddingsEndpoint) -> Void = {
            $0.batchSize = 1
            $0.concurrency = 3
        }
        try await withEmbedder(configure: configure) { provider, embedder in
            #expect(embedder.preferredBatchSize == 3)
            provider.answerEmbeddings(.silence, .silence, .silence, .vectors)
            let hung = Task { try await embedder.embed((0..<9).map { "text \($0)" }, as: .passage) }
            try await provider.state.wait { $0.requests.count == 3 }
            hung.cancel()
            try await provider.state.wait { $0.disconnections == 3 }
            #expect(provider.requests.count == 3)
            let texts = (0..<20).map { "number \($0 * $0)" }
            let together = try await embedder.embed(texts, as: .passage)
            for (text, embedding) in zip(texts, together) {
                let alone = try await embedder.embed([text], as: .passage)
                #expect(alone == [embedding])
            }
        }
    }

    @Test func `the first batch that fails for good ends the others`() async throws {
        let configure: (inout EmbeddingsEndpoint) -> Void = {
            $0.batchSize = 1
            $0.concurrency = 2
        }
        try await withEmbedder(configure: configure) { provider, embedder in
            provider.answerEmbeddings(.silence, .failure(400, "too long"))
            let error = await #expect(throws: ServiceError.self) {
                _ = try await embedder.embed(["a", "b", "c", "d"], as: .passage)
            }
            #expect(error?.providerStatus == 400 && provider.requests.count == 2)
            try await provider.state.wait { $0.disconnections == 1 }
        }
    }

    @Test func `a request holds no more tokens than the vendor takes`() async throws {
        let configure: (inout EmbeddingsEndpoint) -> Void = { $0.batchTokens = 12 }
        try await withEmbedder(configure: configure) { provider, embedder in
            let long = "a sentence of a good many words which is longer than all others are by far and by wide"
            _ = try await embedder.embed(["one two three", "four five six", long, "one", "two"], as: .passage)
            let sent = provider.requests.map { $0.body["input"]?.arrayValue?.count }
            #expect(sent == [2, 1, 2])
        }
    }

    @Test func `a text that is too long is cut, its prefix kept, and a short one is sent as it is`() async throws {
        let configure: (inout EmbeddingsEndpoint) -> Void = {
            $0.maximumInputTokens = 20
            $0.passagePrefix = "passage: "
        }
        try await withEmbedder(configure: configure) { provider, embedder in
            let long = String(repeating: "harbour crane ", count: 100)
            _ = try await embedder.embed([long, "short"], as: .passage)
            let sent = provider.requests.first?.body["input"]?.arrayValue?.compactMap(\.stringValue) ?? []
            #expect(sent.last == "passage: short")
            let first = try #require(sent.first)
            #expect(first.hasPrefix("passage: harbour") && first.utf8.count < 200)
            #expect(TokenCounter.estimate.tokens(in: first) <= 20)
            #expect(embedder.tokenCount("harbour crane") == TokenCounter.estimate.tokens(in: "harbour crane"))
            #expect(embedder.model.maximumInputTokens == 20)
        }
    }
}
