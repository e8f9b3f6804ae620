import Domain
import Testing

@testable import Engine

@Suite struct EmbedderSettingsTests {
    private func endpoint(_ engine: String, _ environment: [String: String] = [:]) throws -> EmbeddingsEndpoint? {
        let settings = SettingsSnapshot(environment: environment.merging(["EMBEDDING_ENGINE": engine]) { $1 })
        guard case .embeddings(let endpoint) = try settings.embedderConnection() else { return nil }
        return endpoint
    }

    @Test func `every engine of the contract has a client`() {
        #expect(ProviderRegistry.embeddings.known == ProviderRegistry.embeddings.built)
        #expect(ProviderRegistry.embeddings.known.count == 14)
    }

    /// The contract's table, written down a second time: id, what must be set, address, model, texts in a request, longest
    /// chunk.
    static let rows: [(String, [String: String], String, String?, Int, Int)] = [
        ("openai", ["OPEN_AI_KEY": "k"], "https://api.openai.com/v1", "text-embedding-ada-002", 500, 8191),
        (
            "azure",
            ["AZURE_OPENAI_ENDPOINT": "https://h.example/", "AZURE_OPENAI_KEY": "k", "EMBEDDING_MODEL_PREF": "d 1"],
            "https://h.example/openai/deployments/d%201?api-version=2024-12-01-preview", "d 1", 16, 2048
        ),
        (
            "gemini", ["GEMINI_EMBEDDING_API_KEY": "k"], "https://generativelanguage.googleapis.com/v1beta",
            "gemini-embedding-001", 4, 2048
        ),
        ("localai", ["EMBEDDING_BASE_PATH": "http://h/v1", "EMBEDDING_MODEL_PREF": "m"], "http://h/v1", "m", 50, 1000),
        (
            "lmstudio", ["EMBEDDING_BASE_PATH": "http://h:1", "EMBEDDING_MODEL_PREF": "m"], "http://h:1/v1", "m", 1,
            1000
        ),
        ("ollama", ["EMBEDDING_BASE_PATH": "http://h:1", "EMBEDDING_MODEL_PREF": "m"], "http://h:1", "m", 1, 1000),
        ("cohere", ["COHERE_API_KEY": "k"], "https://api.cohere.com/v2", "embed-english-v3.0", 96, 1945),
        ("voyageai", ["VOYAGEAI_API_KEY": "k"], "https://api.voyageai.com/v1", "voyage-3-lite", 128, 32_000),
        ("litellm", ["LITE_LLM_BASE_PATH": "http://h"], "http://h", "text-embedding-ada-002", 500, 1000),
        ("generic-openai", ["EMBEDDING_BASE_PATH": "http://h/v1"], "http://h/v1", nil, 500, 1000),
        ("mistral", ["MISTRAL_API_KEY": "k"], "https://api.mistral.ai/v1", "mistral-embed", 64, 1000),
        ("openrouter", ["OPENROUTER_API_KEY": "k"], "https://openrouter.ai/api/v1", "baai/bge-m3", 500, 8191),
        (
            "lemonade", ["EMBEDDING_BASE_PATH": "http://h:1", "EMBEDDING_MODEL_PREF": "m"], "http://h:1/api/v1", "m",
            50,
            8191
        ),
    ]

    @Test(arguments: rows) func `an engine has the contract's address, model and limits, and says what it lacks`(
        id: String, environment: [String: String], address: String, model: String?, batch: Int, chunk: Int
    ) throws {
        let found = try #require(try endpoint(id, environment))
        #expect(found.baseURL == address && found.modelID == model)
        #expect(found.batchSize == batch && found.maximumChunkLength == chunk)
        let error = #expect(throws: ServiceError.self) { try endpoint(id) }
        #expect(error?.code == .unavailable)
    }

    @Test func `a deployment is found below whatever address is set`() throws {
        for address in ["https://h.example", "https://h.example/openai/v1", "https://h.example/openai/deployments/x"] {
            let environment = [
                "AZURE_OPENAI_ENDPOINT": address, "AZURE_OPENAI_KEY": "k", "EMBEDDING_MODEL_PREF": "d",
            ]
            let found = try #require(try endpoint("azure", environment))
            #expect(
                found.baseURL == "https://h.example/openai/deployments/d?api-version=2024-12-01-preview"
                    && found.keyHeader == "api-key")
        }
    }

    // MARK: Prefixes and limits by the model's name

    static let prefixes = [
        ("nomic-embed-text", "search_query: ", "search_document: "),
        ("nomic-ai/nomic-embed-text-v1.5", "search_query: ", "search_document: "),
        ("text-embedding-nomic-embed-text-v1.5@q8_0", "search_query: ", "search_document: "),
        ("nomic-embed-text:latest", "search_query: ", "search_document: "),
        ("intfloat/multilingual-e5-large", "query: ", "passage: "), ("E5-base-v2", "query: ", "passage: "),
        ("mxbai-embed-large:335m", "Represent this sentence for searching relevant passages: ", ""),
        ("BAAI/bge-m3", "", ""), ("text-embedding-3-small", "", ""), ("somebody/else", "", ""),
    ]

    @Test(arguments: prefixes) func `models that want prefixes get them, from whichever server`(
        model: String, query: String, passage: String
    ) throws {
        for engine in ["ollama", "lmstudio", "localai", "generic-openai", "lemonade"] {
            let found = try #require(
                try endpoint(engine, ["EMBEDDING_BASE_PATH": "http://h/v1", "EMBEDDING_MODEL_PREF": model]))
            #expect(found.queryPrefix == query && found.passagePrefix == passage, "\(engine)")
        }
    }

    @Test func `prefixes that are set hold, also empty ones`() throws {
        var environment = ["EMBEDDING_BASE_PATH": "http://h/v1", "EMBEDDING_MODEL_PREF": "nomic-embed-text"]
        environment["GENERIC_OPEN_AI_EMBEDDING_QUERY_PREFIX"] = "ask: "
        environment["GENERIC_OPEN_AI_EMBEDDING_PASSAGE_PREFIX"] = ""
        let found = try #require(try endpoint("generic-openai", environment))
        #expect(found.queryPrefix == "ask: " && found.passagePrefix.isEmpty)
    }

    @Test func `vendors that are told what a text is for get no prefix besides`() throws {
        let found = try #require(try endpoint("gemini", ["GEMINI_EMBEDDING_API_KEY": "k"]))
        #expect(found.queryPrefix.isEmpty && found.passagePrefix.isEmpty && found.maximumInputTokens == 1638)
        let newer = try #require(
            try endpoint("gemini", ["GEMINI_EMBEDDING_API_KEY": "k", "EMBEDDING_MODEL_PREF": "gemini-embedding-2"]))
        #expect(newer.queryPrefix == "task: search result | query: " && newer.maximumChunkLength == 8192)
    }

    @Test func `tokens are counted exactly where the vocabulary is OpenAI's, and with room elsewhere`() {
        #expect(KnownEmbeddingModel("text-embedding-3-large")?.tokenLimit == 8191)
        #expect(KnownEmbeddingModel("multilingual-e5-small")?.tokenLimit == 409)
        #expect(KnownEmbeddingModel("somebody/else") == nil)
    }
}
