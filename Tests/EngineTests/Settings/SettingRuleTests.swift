import Domain
import Testing

@testable import Engine

/// Every message of the contract, word for word, by way of the setting that shows it.
@Suite struct SettingRuleTests {
    struct Case: CustomTestStringConvertible {
        let key: String
        let value: String
        let error: String?
        init(_ key: String, _ value: String, _ error: String?) {
            (self.key, self.value, self.error) = (key, value, error)
        }
        var testDescription: String { "\(key)=\(value)" }
    }

    static let accepted = [
        Case("OpenAiModelPref", "gpt-4.1", nil), Case("OpenAiKey", "sk-a", nil),
        Case("AnthropicApiKey", "sk-ant-a", nil),
        Case("LocalAiTokenLimit", "1e3", nil), Case("LocalAiTokenLimit", "0x10", nil),
        Case("LocalAiTokenLimit", "0.5", nil),
        Case("OllamaLLMKeepAliveSeconds", "", nil), Case("OllamaLLMKeepAliveSeconds", "-1", nil),
        Case("AzureOpenAiTokenLimit", "", nil), Case("AzureOpenAiTokenLimit", "4096", nil),
        Case("GenericOpenAiBasePath", "localhost:8080", nil),
        Case("GenericOpenAiBasePath", "http://[::1]:8080/v1/", nil),
        Case("LMStudioBasePath", "http://localhost:1234/v1", nil),
        Case("LMStudioBasePath", "http://localhost/proxy/v1", nil),
        Case("LMStudioBasePath", "http://localhost/v1/proxy", nil),
        Case("EmbeddingBasePath", "127.0.0.1:8080", nil), Case("FoundryBasePath", "any text", nil),
        Case("AstraDBEndpoint", "any text", nil), Case("AzureOpenAiEndpoint", "any text", nil),
        Case("OllamaLLMBasePath", "http://127.0.0.1:11434", nil), Case("ChromaEndpoint", "http://chroma:8000", nil),
        Case("LLMProvider", "extractive", nil), Case("LLMProvider", "generic-openai", nil),
        Case("VectorDB", "lancedb", nil),
        Case("EmbeddingEngine", "native", nil), Case("AnthropicCacheControl", "none", nil),
        Case("PGVectorConnectionString", "postgresql://u:p@host/db?sslmode=require", nil),
        Case("LMStudioTokenLimit", "8192", nil), Case("LMStudioTokenLimit", "", nil), Case("AgentCrwApiUrl", "", nil),
        Case("GenericOpenAiEmbeddingPassagePrefix", "search: \"a\" = 'b' # `c` \u{1F600}", nil),
    ]

    static let refused = [
        Case("OpenAiModelPref", "", "Value cannot be empty"),
        Case("OpenAiKey", "", "Value cannot be empty\nOpenAI Key must start with sk-"),
        Case("TTSOpenAIKey", "", "OpenAI Key must start with sk-"),
        Case("AnthropicApiKey", "sk-a", "Anthropic Key must start with sk-ant-"),
        Case("LocalAiTokenLimit", "many", "Value must be a number"),
        Case("LocalAiTokenLimit", "nan", "Value must be a number"),
        Case("LocalAiTokenLimit", "", "Value must be greater than zero"),
        Case("LocalAiTokenLimit", "-1", "Value must be greater than zero"),
        Case("OllamaLLMKeepAliveSeconds", "soon", "Value must be a number"),
        Case("AzureOpenAiTokenLimit", "soon", "Token limit is not a number"),
        Case("GenericOpenAiBasePath", "", "URL is not a valid URL."),
        Case("GenericOpenAiBasePath", "not a url", "URL is not a valid URL."),
        Case("GenericOpenAiBasePath", "http://", "URL is not a valid URL."),
        Case("GenericOpenAiBasePath", "http://host:99999", "URL is not a valid URL."),
        Case("LMStudioBasePath", "nothing", "Not a valid URL"),
        Case("LMStudioBasePath", "http://localhost:1234", "URL must include /v1"),
        Case("LMStudioBasePath", "http://v1.example.com/api", "URL must include /v1"),
        Case("LMStudioBasePath", "http://localhost:1234/v1x", "URL must include /v1"),
        Case("LocalAiBasePath", "http://localhost:1234/xv1", "URL must include /v1"),
        Case("EmbeddingBasePath", "", "Value cannot be empty"), Case("FoundryBasePath", "", "Value cannot be empty"),
        Case("AstraDBEndpoint", "", "Value cannot be empty"), Case("AzureOpenAiEndpoint", "", "Value cannot be empty"),
        Case("LMStudioBasePath", "http://localhost:1234/v1/", "URL cannot end with a slash"),
        Case("LMStudioBasePath", "", "Value cannot be empty\nNot a valid URL"),
        Case("OllamaLLMBasePath", "nothing", "Not a valid URL"),
        Case("OllamaLLMBasePath", "http://127.0.0.1:11434/", "URL cannot end with a slash"),
        Case("ChromaEndpoint", "http://chroma:8000/", "Chroma Instance URL should not end in a trailing slash."),
        Case("AzureOpenAiModelType", "fast", "Invalid model type. Must be one of: default, reasoning."),
        Case("AnthropicCacheControl", "2h", "Invalid cache control. Must be one of: 5m, 1h."),
        Case(
            "GeminiSafetySetting", "SOME",
            "Invalid Safety setting. Must be one of BLOCK_NONE, BLOCK_ONLY_HIGH, BLOCK_MEDIUM_AND_ABOVE, BLOCK_LOW_AND_ABOVE."
        ),
        Case("LLMProvider", "clippy", "clippy is not a valid LLM provider."),
        Case("LLMProvider", "", "Value cannot be empty\n is not a valid LLM provider."),
        Case(
            "EmbeddingEngine", "word2vec",
            "Invalid Embedding model type. Must be one of openai, azure, gemini, localai, native, ollama, lmstudio, cohere, "
                + "voyageai, litellm, generic-openai, mistral, openrouter, lemonade."),
        Case(
            "VectorDB", "excel",
            "Invalid VectorDB type. Must be one of chroma, chromacloud, pinecone, lancedb, weaviate, qdrant, milvus, zilliz, "
                + "astra, pgvector."),
        Case(
            "ImageGenerationProvider", "crayon",
            "Invalid image generation provider. Must be one of openai, ollama, lemonade, openrouter."),
        Case("WhisperProvider", "ear", "ear is not a valid transcription model provider."),
        Case("WhisperModelPref", "tiny", "tiny is not a valid Whisper model selection."),
        Case("TextToSpeechProvider", "horn", "horn is not a valid TTS provider."),
        Case("SpeechToTextProvider", "ear", "ear is not a valid STT provider."),
        Case(
            "PGVectorConnectionString", "postgres://host/db",
            "Invalid Postgres connection string. Must start with postgresql://"),
        Case(
            "PGVectorConnectionString", "postgresql://host/my db",
            "Invalid Postgres connection string. Must not contain spaces."),
        Case("AuthToken", "Valid-1", "Cannot set this setting."),
        Case(
            "AuthToken", "space bar",
            "Cannot set this setting.\nYour password has restricted characters in it. Allowed symbols are "
                + "_,-,!,@,$,%,^,&,*,(,),;"),
        Case("JWTSecret", "anything", "Cannot set this setting."),
    ]

    /// Ours: ranges where the contract takes anything, and characters that no value may hold (A32).
    static let refusedByUs = [
        Case("OllamaLLMKeepAliveSeconds", "1.5", "Value must be a whole number between -1 and 31536000."),
        Case("AzureOpenAiTokenLimit", "0", "Value must be a whole number between 1 and 10000000."),
        Case("OllamaLLMTokenLimit", "lots", "Value must be a whole number between 1 and 10000000."),
        Case("OpenRouterTimeout", "Infinity", "Value must be a whole number between 1 and 3600000."),
        Case("ModelRouterId", "first", "Value must be a whole number between 1 and 2147483647."),
        Case("EmbeddingOutputDimensions", "99999999999999999999", "Value must be a whole number between 1 and 65536."),
        Case("AgentSearXNGApiUrl", "somewhere", "URL is not a valid URL."),
        Case("AgentSkillMaxToolCalls", "101", "Value must be a whole number between 1 and 100."),
        Case(
            "OpenAiModelPref", "gpt\nNODE_OPTIONS=--require=/tmp/x",
            "Value cannot contain line breaks or control characters."),
        Case("OpenAiModelPref", "a\r\nb", "Value cannot contain line breaks or control characters."),
        Case("GenericOpenAiKey", "a\0b", "Value cannot contain line breaks or control characters."),
        Case("GenericOpenAiKey", "a\u{2028}b", "Value cannot contain line breaks or control characters."),
        Case("OllamaLLMModelPref", "a\u{7F}", "Value cannot contain line breaks or control characters."),
        Case("OllamaLLMModelPref", String(repeating: "a", count: 16_385), "Value cannot be longer than 16384 bytes."),
    ]

    @Test(arguments: accepted + refused + refusedByUs) func `a value is accepted, or refused with the right words`(
        _ example: Case
    ) async throws {
        let batch = try await SettingsBatch(sent([example.key: .text(example.value)]), against: .empty)
        #expect(batch.error == example.error)
        #expect(batch.changes.isEmpty == (example.error != nil))
    }

    @Test func `every rule that refuses is shown by an example`() {
        let shown = Set(
            (Self.refused + Self.refusedByUs).flatMap { SettingTable.setting($0.key)?.rules ?? [] }.map(
                SettingTableTests.code))
        let all = Set(SettingTable.settings.flatMap(\.rules).map(SettingTableTests.code))
        #expect(shown == all)
    }

    // MARK: Inside a container

    static let container = ContainerCheck(
        localHosts: { ["localhost", "172.17.0.5"] }, answers: { _, port in port == 8000 })

    static let unreachable =
        "Port is not running a reachable service on loopback address from inside the AnythingLLM container. Please use "
        + "host.docker.internal (for linux use 172.17.0.1), a real machine ip, or domain to connect to your service."

    @Test(arguments: [
        Case("QdrantEndpoint", "http://localhost:8000", nil),
        Case("QdrantEndpoint", "http://qdrant", nil),
        Case("QdrantEndpoint", "http://LOCALHOST:6333", unreachable),
        Case("QdrantEndpoint", "http://127.0.0.1:6333", unreachable),
        Case("QdrantEndpoint", "http://172.17.0.5:6333", unreachable),
        Case("QdrantEndpoint", "http://localhost", "Invalid URL: Port is not specified or invalid"),
        Case("QdrantEndpoint", "junk", "URL is not a valid URL.\nAn error occurred while validating the URL"),
        Case("KoboldCPPBasePath", "http://localhost:6333", nil),
    ]) func `in a container an address of its own must answer`(_ example: Case) async throws {
        let inside = SettingsSnapshot(environment: ["ANYTHING_LLM_RUNTIME": "docker"])
        let body = sent([example.key: .text(example.value)])
        #expect(try await SettingsBatch(body, against: inside, container: Self.container).error == example.error)
    }

    @Test func `outside a container nothing is tried`() async throws {
        let batch = try await SettingsBatch(
            sent(["QdrantEndpoint": "http://localhost:6333"]), against: .empty, container: Self.container)
        #expect(batch.error == nil)
    }

    @Test func `the live check knows a port that listens from one that does not`() async throws {
        let listener = try ListeningSocket()
        #expect(await ContainerCheck.live.refusal(of: "http://127.0.0.1:\(listener.port)") == nil)
        listener.stop()
        #expect(await ContainerCheck.live.refusal(of: "http://127.0.0.1:\(listener.port)") == Self.unreachable)
        #expect(ContainerCheck.live.localHosts().isSuperset(of: ["localhost", "::1", "127.0.0.1", "0.0.0.0"]))
    }
}

extension SettingsSnapshot {
    static let empty = SettingsSnapshot(environment: [:])
}
