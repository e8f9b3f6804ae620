import Domain
import Testing

@testable import Engine

@Suite struct SettingsReportTests {
    /// Appendix C of the contract: what a fresh instance sends where that is neither false, null nor nothing.
    static let defaults: [String: ReportedSetting.Value] = [
        "DisableTelemetry": "false", "EmbeddingEngine": "native", "EmbeddingModelPref": "Xenova/all-MiniLM-L6-v2",
        "OllamaEmbeddingBatchSize": 1, "GenericOpenAiEmbeddingMaxConcurrentChunks": 500,
        "GenericOpenAiEmbeddingPassagePrefix": "", "GenericOpenAiEmbeddingQueryPrefix": "",
        "ImageGenerationDimensions": "512x512", "PGVectorTableName": "anythingllm_vectors", "WhisperProvider": "local",
        "WhisperModelPref": "Xenova/whisper-small", "TextToSpeechProvider": "native", "SpeechToTextProvider": "native",
        "TTSPiperTTSVoiceModel": "en_US-hfc_female-medium", "AgentSerpApiEngine": "google",
        "AgentSearchApiEngine": "google", "OpenAiModelPref": "gpt-4.1-nano", "AzureOpenAiTokenLimit": 4096,
        "AzureOpenAiModelType": "default", "AnthropicModelPref": "claude-sonnet-4-6", "AnthropicCacheControl": "none",
        "GeminiLLMModelPref": "gemini-2.0-flash-lite", "GeminiSafetySetting": "BLOCK_MEDIUM_AND_ABOVE",
        "OllamaLLMKeepAliveSeconds": 300, "MoonshotAiModelPref": "moonshot-v1-32k", "AwsBedrockLLMTokenLimit": 8192,
        "AwsBedrockLLMMaxTokens": 4096, "GiteeAITokenLimit": 8192, "DockerModelRunnerModelTokenLimit": 8192,
        "LemonadeLLMModelTokenLimit": 8192, "AgentSkillMaxToolCalls": 10, "AgentSkillRerankerEnabled": true,
        "AgentSkillRerankerTopN": 15, "AgentClarifyingQuestionsMaxPerTurn": 3, "MemoryAutoExtraction": true,
    ]

    @Test func `a fresh instance reports the contract's defaults in the contract's order`() {
        let report = SettingsSnapshot.empty.report(StoredFacts())
        let expected = SettingTableTests.emission.compactMap { key, code in
            if let value = Self.defaults[key] { return "\(key): \(value.text)" }
            return switch code {
            case "b": "\(key): false"
            case "n", "t": "\(key): null"
            default: String?.none
            }
        }
        #expect(report.map { "\($0.key): \($0.value.text)" } == expected)
        #expect(report["LLMProvider"] == nil)
        #expect(report["VectorDB"] == nil)
        #expect(report["StorageDir"] == nil)
    }

    @Test func `every value that is set is reported in the kind of the contract`() {
        var environment = Dictionary(SettingTable.settings.map { ($0.variable, "7") }, uniquingKeysWith: { $1 })
        environment["EMBEDDING_ENGINE"] = "ollama"
        environment["STORAGE_DIR"] = "/var/lib/lectern"
        let report = SettingsSnapshot(environment: environment).report(StoredFacts())
        let facts = Set(SystemFact.allCases.map(\.rawValue))
        for (key, code) in SettingTableTests.emission where !facts.contains(key) && key != "EmbeddingEngine" {
            let expected: ReportedSetting.Value =
                switch code {
                case "b", "t": true
                case "#": 7
                default: "7"
                }
            #expect(report[key] == expected, "\(key)")
        }
        #expect(report["EmbeddingEngine"] == "ollama")
        #expect(report["StorageDir"] == nil)
    }

    @Test func `with the native engine the model is one that it has`() {
        let model = { (environment: [String: String]) in
            SettingsSnapshot(environment: environment).report(StoredFacts())["EmbeddingModelPref"]
        }
        #expect(model(["EMBEDDING_MODEL_PREF": "text-embedding-3"]) == "Xenova/all-MiniLM-L6-v2")
        #expect(model(["EMBEDDING_MODEL_PREF": "Xenova/nomic-embed-text-v1"]) == "Xenova/nomic-embed-text-v1")
        #expect(
            model(["EMBEDDING_ENGINE": "openai", "EMBEDDING_MODEL_PREF": "text-embedding-3"]) == "text-embedding-3")
        #expect(model(["EMBEDDING_ENGINE": "openai"]) == nil)
    }

    @Test func `facts come from the database and from switches`() {
        var facts = StoredFacts()
        facts.multiUserMode = true
        facts.hasExistingEmbeddings = true
        facts.clarifyingQuestionsPerTurn = 5
        let snapshot = SettingsSnapshot(environment: [
            "AUTH_TOKEN": "hunter2", "DISABLE_VIEW_CHAT_HISTORY": "1", "WORKSPACE_DELETION_PROTECTION": "false",
            "SIMPLE_SSO_ENABLED": "true", "SIMPLE_SSO_NO_LOGIN": "1",
            "SIMPLE_SSO_NO_LOGIN_REDIRECT": "HTTPS://u:p@Login.example.com?a=b", "LLM_PROVIDER": "azure",
            "OPEN_MODEL_PREF": "gpt-4o", "NVIDIA_NIM_LLM_MODEL_TOKEN_LIMIT": "4096",
        ])
        let report = snapshot.report(facts)
        let expected: [String: ReportedSetting.Value] = [
            "RequiresAuth": true, "AuthToken": true, "MultiUserMode": true, "HasExistingEmbeddings": true,
            "AgentClarifyingQuestionsMaxPerTurn": 5, "DisableViewChatHistory": true,
            "WorkspaceDeletionProtection": false,
            "SimpleSSOEnabled": true, "SimpleSSONoLogin": true,
            "SimpleSSONoLoginRedirect": "https://login.example.com/?a=b", "LLMModel": "gpt-4o",
            "AzureOpenAiModelPref": "gpt-4o", "NvidiaNimLLMTokenLimit": "4096",
        ]
        for (key, value) in expected { #expect(report[key] == value, "\(key)") }
    }

    @Test func `the redirect needs both switches`() {
        let snapshot = SettingsSnapshot(environment: [
            "SIMPLE_SSO_ENABLED": "1", "SIMPLE_SSO_NO_LOGIN": "false", "SIMPLE_SSO_NO_LOGIN_REDIRECT": "https://a",
        ])
        #expect(snapshot.report(StoredFacts())["SimpleSSONoLoginRedirect"] == .null)
    }

    @Test func `sources name where each value comes from`() {
        let sources = SettingsSnapshot(environment: ["LLM_PROVIDER": "openai"], stored: ["VECTOR_DB": "qdrant"])
            .sources()
        #expect(sources.count == 204)
        #expect(sources.first { $0.key == "LLMProvider" }?.source == .environment)
        #expect(sources.first { $0.key == "VectorDB" }?.source == .stored)
        #expect(sources.first { $0.key == "OpenAiKey" }?.source == .default)
    }
}
