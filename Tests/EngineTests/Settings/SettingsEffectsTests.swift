import Domain
import Testing

@testable import Engine

@Suite struct SettingsEffectsTests {
    struct Case: CustomTestStringConvertible {
        let body: [SentSetting]
        var environment: [String: String] = [:]
        var embedder = false
        var testDescription: String { "\(body) on \(environment)" }
    }

    private static let generic = ["EMBEDDING_ENGINE": "generic-openai", "EMBEDDING_BASE_PATH": "http://a/v1"]

    static let cases = [
        Case(body: sent(["VectorDB": "lancedb"])),
        Case(body: sent(["EmbeddingEngine": "native"])),
        Case(body: sent(["EmbeddingModelPref": "Xenova/all-MiniLM-L6-v2"])),
        Case(body: sent(["EmbeddingModelPref": "text-embedding-3-small"])),
        Case(body: sent(["EmbeddingOutputDimensions": "256", "EmbeddingBasePath": "http://b"])),
        Case(body: sent(["EmbeddingModelPref": "Xenova/nomic-embed-text-v1"]), embedder: true),
        Case(body: sent(["EmbeddingEngine": "openai"]), embedder: true),
        Case(
            body: sent(["EmbeddingModelPref": "text-embedding-ada-002"]),
            environment: ["EMBEDDING_ENGINE": "openai", "OPEN_AI_KEY": "sk-1"]),
        Case(
            body: sent(["OpenAiKey": "sk-2"]),
            environment: ["EMBEDDING_ENGINE": "openai", "OPEN_AI_KEY": "sk-1"], embedder: true),
        Case(body: sent(["EmbeddingBasePath": "http://b/v1"]), environment: generic, embedder: true),
        Case(body: sent(["EmbeddingOutputDimensions": 256]), environment: generic, embedder: true),
        Case(body: sent(["GenericOpenAiEmbeddingPassagePrefix": "p: "]), environment: generic, embedder: true),
        Case(body: sent(["GenericOpenAiEmbeddingQueryPrefix": "q: "]), environment: generic, embedder: true),
        Case(body: sent(["GenericOpenAiEmbeddingQueryPrefix": ""]), environment: generic),
        Case(body: sent(["GenericOpenAiEmbeddingApiKey": "k"]), environment: generic, embedder: true),
        Case(body: sent(["EmbeddingModelMaxChunkLength": 500]), environment: generic, embedder: true),
        Case(body: sent(["VoyageAiApiKey": "k"]), environment: generic),
        Case(body: sent(["EmbeddingEngine": nil]), environment: generic),
        Case(body: sent(["QdrantEndpoint": "http://b:6333"])),
        Case(body: sent(["LLMProvider": "openai", "OpenAiKey": "sk-1"])),
    ]

    @Test(arguments: cases) func `the embedder is made anew only where something that it reads has changed`(
        _ example: Case
    ) async throws {
        let before = SettingsSnapshot(environment: example.environment)
        let batch = try await SettingsBatch(example.body, against: before)
        #expect(batch.error == nil)
        let effects = SettingsEffects(
            before: before, after: before.applying(batch.changes), appliedKeys: batch.appliedKeys)
        #expect(effects.reconfiguresEmbedder == example.embedder)
    }

    @Test func `events name the keys that were applied, changed or not`() {
        let events = SettingsEffects(
            before: .empty, after: .empty, appliedKeys: ["VectorDB", "OpenAiKey", "LLMProvider", "EmbeddingEngine"]
        ).events
        #expect(events == ["update_llm_provider", "update_embedding_engine", "update_vector_db"])
        #expect(SettingsEffects(before: .empty, after: .empty, appliedKeys: ["OpenAiKey"]).events.isEmpty)
    }
}
