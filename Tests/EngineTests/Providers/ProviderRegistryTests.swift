import Domain
import Foundation
import Testing

@testable import Engine

@Suite struct ProviderRegistryTests {
    /// The contract's vendors that need an address, a key and a model, written down a second time: id, address, model.
    static let hosted = [
        ("mistral", "https://api.mistral.ai/v1", "mistral-tiny"),
        ("groq", "https://api.groq.com/openai/v1", "llama-3.1-8b-instant"),
        ("xai", "https://api.x.ai/v1", "grok-beta"), ("deepseek", "https://api.deepseek.com/v1", "deepseek-chat"),
        ("moonshotai", "https://api.moonshot.ai/v1", "moonshot-v1-32k"),
        ("zai", "https://api.z.ai/api/paas/v4", "glm-4.5"), ("minimax", "https://api.minimax.io/v1", "MiniMax-M2.7"),
        ("cerebras", "https://api.cerebras.ai/v1", "gpt-oss-120b"),
        ("openrouter", "https://openrouter.ai/api/v1", "openrouter/auto"),
        ("novita", "https://api.novita.ai/v3/openai", "deepseek/deepseek-r1"),
        ("cometapi", "https://api.cometapi.com/v1", "gpt-5-mini"),
        ("ppio", "https://api.ppinfra.com/v3/openai", "qwen/qwen2.5-32b-instruct"),
        ("apipie", "https://apipie.ai/v1", "openrouter/mistral-7b-instruct"),
        ("perplexity", "https://api.perplexity.ai", "sonar"),
    ]

    @Test(arguments: hosted) func `a vendor has the contract's address and model, and wants a key`(
        id: String, address: String, model: String
    ) throws {
        let error = try #require(throws: ServiceError.self) {
            try SettingsSnapshot(environment: [:]).chatConnection(id)
        }
        #expect(error.message.hasPrefix("No ") && error.message.hasSuffix(" API key was set."))
        let variable = try #require(keyVariable(of: id))
        guard
            case .chatCompletions(let endpoint) = try SettingsSnapshot(environment: [variable: "k"]).chatConnection(id)
        else { return #expect(Bool(false), "\(id) speaks something else") }
        #expect(endpoint.baseURL == address)
        #expect(endpoint.modelID == model)
        #expect(endpoint.apiKey == "k")
    }

    private func keyVariable(of id: String) -> String? {
        guard case .chatCompletions(let dialect)? = ProviderRegistry.provider(id)?.chat?.wire else { return nil }
        return dialect.key?.variable
    }

    static let addresses = [
        ("lmstudio", ["LMSTUDIO_BASE_PATH": "http://h:1/v1", "LMSTUDIO_MODEL_PREF": "m"], "http://h:1/v1"),
        ("nvidia-nim", ["NVIDIA_NIM_LLM_BASE_PATH": "http://h:1", "NVIDIA_NIM_LLM_MODEL_PREF": "m"], "http://h:1/v1"),
        (
            "docker-model-runner",
            [
                "DOCKER_MODEL_RUNNER_BASE_PATH": "http://h:1/engines/llama.cpp/v1",
                "DOCKER_MODEL_RUNNER_LLM_MODEL_PREF": "m",
            ], "http://h:1/engines/v1"
        ),
        (
            "omlx", ["OMLX_LLM_BASE_PATH": "https://h/proxy/v1/models", "OMLX_LLM_MODEL_PREF": "m"],
            "https://h/proxy/v1"
        ),
        (
            "lemonade", ["LEMONADE_LLM_BASE_PATH": "http://h:8000", "LEMONADE_LLM_MODEL_PREF": "m"],
            "http://h:8000/api/v1"
        ),
        ("foundry", ["FOUNDRY_BASE_PATH": "http://h:5272/v1/models", "FOUNDRY_MODEL_PREF": "m"], "http://h:5272/v1"),
        ("koboldcpp", ["KOBOLD_CPP_BASE_PATH": "http://h/x", "KOBOLD_CPP_MODEL_PREF": "m"], "http://h/x"),
    ]

    @Test(arguments: addresses) func `a server of one's own is asked at the address that is set`(
        id: String, environment: [String: String], address: String
    ) throws {
        guard case .chatCompletions(let endpoint) = try SettingsSnapshot(environment: environment).chatConnection(id)
        else { return #expect(Bool(false), "\(id) speaks something else") }
        #expect(endpoint.baseURL == address)
    }

    @Test func `Anthropic's and Ollama's models are reached as the settings say`() throws {
        for (id, missing) in [
            ("anthropic", "No Anthropic API key was set."), ("ollama", "No Ollama Base Path was set."),
        ] {
            let error = #expect(throws: ServiceError.self) { try SettingsSnapshot(environment: [:]).chatConnection(id) }
            #expect(error?.message == missing)
        }
        let environment = [
            "ANTHROPIC_API_KEY": "sk-ant-1", "ANTHROPIC_CACHE_CONTROL": "5m", "OLLAMA_BASE_PATH": "http://h:11434",
            "OLLAMA_MODEL_PREF": "llama3.2", "OLLAMA_MODEL_TOKEN_LIMIT": "8192", "OLLAMA_KEEP_ALIVE_TIMEOUT": "-1",
            "PROVIDER_DISABLE_NATIVE_TOOL_CALLING": "ollama",
        ]
        let settings = SettingsSnapshot(environment: environment)
        var messages = MessagesEndpoint(
            providerName: "AnthropicLLM", label: "Anthropic", baseURL: "https://api.anthropic.com/v1",
            apiKey: "sk-ant-1",
            modelID: "claude-sonnet-4-6", contextWindow: 200_000, cacheLifetime: "5m")
        #expect(try settings.chatConnection("anthropic") == .messages(messages))
        (messages.modelID, messages.takesTemperature) = ("claude-opus-4-7-x", false)
        #expect(try settings.chatConnection("anthropic", model: "claude-opus-4-7-x") == .messages(messages))
        let ollama = OllamaEndpoint(
            providerName: "OllamaAILLM", label: "Ollama", baseURL: "http://h:11434", modelID: "llama3.2",
            windowLimit: 8192,
            keepAliveSeconds: -1, allowsTools: false)
        #expect(try settings.chatConnection("ollama") == .ollama(ollama))
    }

    private func endpoint(
        _ id: String, _ environment: [String: String], model: String? = nil
    ) throws -> OpenAICompatibleEndpoint {
        let connection = try SettingsSnapshot(environment: environment).chatConnection(id, model: model)
        guard case .chatCompletions(let endpoint) = connection else { throw ServiceError.invalid("another wire") }
        return endpoint
    }

    @Test func `a deployment of Azure is asked as its type wants it`() throws {
        for (missing, environment) in [
            ("No Azure API endpoint was set.", ["AZURE_OPENAI_KEY": "k"]),
            ("No Azure API key was set.", ["AZURE_OPENAI_ENDPOINT": "https://x.openai.azure.com"]),
            (
                "No AZURE_OPENAI_MODEL_PREF ENV defined. It names the deployment that answers.",
                ["AZURE_OPENAI_KEY": "k", "AZURE_OPENAI_ENDPOINT": "https://x.openai.azure.com"]
            ),
        ] {
            let error = #expect(throws: ServiceError.self) { try self.endpoint("azure", environment) }
            #expect(error?.message == missing)
        }
        var environment = [
            "AZURE_OPENAI_KEY": "k", "AZURE_OPENAI_ENDPOINT": "https://x.openai.azure.com/", "OPEN_MODEL_PREF": "dep",
            "AZURE_OPENAI_TOKEN_LIMIT": "9000",
        ]
        let usual = try endpoint("azure", environment)
        #expect(usual.baseURL == "https://x.openai.azure.com/openai/v1" && usual.modelID == "dep")
        #expect(usual.keyHeader == "api-key" && usual.contextWindow == 9000)
        #expect(usual.takesTemperature && usual.systemRole == .system && usual.maximumTokensField == "max_tokens")
        environment["AZURE_OPENAI_MODEL_TYPE"] = "reasoning"
        let reasoning = try endpoint("azure", environment)
        #expect(!reasoning.takesTemperature && reasoning.systemRole == .user)
        #expect(reasoning.maximumTokensField == "max_completion_tokens")
    }

    @Test func `servers of one's own say how large their windows are, as far as operators allow it`() throws {
        let settings = ["OMLX_LLM_BASE_PATH": "http://h:1", "OMLX_LLM_MODEL_PREF": "m"]
        let free = try endpoint("omlx", settings)
        #expect(
            free.windowListing == OpenAICompatibleEndpoint.WindowListing(.models, widest: 16384)
                && free.contextWindow == 16000)
        let bound = try endpoint("omlx", settings.merging(["OMLX_LLM_TOKEN_LIMIT": "32768"]) { $1 })
        #expect(bound.windowListing?.window(listed: 131_072) == 32768)
        #expect(
            bound.windowListing?.window(listed: 4096) == 4096 && free.windowListing?.window(listed: 99_999) == 16384)
        let studio = try endpoint("lmstudio", ["LMSTUDIO_BASE_PATH": "http://h:1", "LMSTUDIO_MODEL_PREF": "m"])
        #expect(
            studio.windowListing == OpenAICompatibleEndpoint.WindowListing(.lmStudio)
                && studio.windowListing?.window(listed: 99_999) == 99_999)
        #expect(try endpoint("cerebras", ["CEREBRAS_API_KEY": "k"]).contextWindow == 131_072)
        #expect(
            try endpoint("cerebras", ["CEREBRAS_API_KEY": "k", "CEREBRAS_MODEL_TOKEN_LIMIT": "5"]).contextWindow == 5)
        let gitee = try endpoint("giteeai", ["GITEE_AI_API_KEY": "k"], model: "Qwen2.5-72B-Instruct")
        #expect(gitee.contextWindow == 32_768)
    }

    @Test func `models that take no instruction are told it by the user, and pages of the web become links`() throws {
        func gemini(_ environment: [String: String], _ model: String? = nil) throws -> GeminiEndpoint? {
            let connection = try SettingsSnapshot(environment: environment).chatConnection("gemini", model: model)
            if case .gemini(let endpoint) = connection { return endpoint } else { return nil }
        }
        let usual = try gemini(["GEMINI_API_KEY": "k"])
        #expect(usual?.baseURL == "https://generativelanguage.googleapis.com/v1beta" && usual?.apiKey == "k")
        #expect(usual?.modelID == "gemini-2.0-flash-lite" && usual?.contextWindow == 1_048_576)
        #expect(usual?.takesInstructions == true && usual?.safetyThreshold == nil)
        let safety = ["GEMINI_API_KEY": "k", "GEMINI_SAFETY_SETTING": "BLOCK_ONLY_HIGH"]
        let gemma = try gemini(safety, "gemma-3-27b-it")
        #expect(gemma?.takesInstructions == false && gemma?.safetyThreshold == "BLOCK_ONLY_HIGH")
        let missing = #expect(throws: ServiceError.self) { try gemini([:]) }
        #expect(missing?.message == "No Gemini API key was set.")
        #expect(try endpoint("perplexity", ["PERPLEXITY_API_KEY": "k"]).quotesWeb)
        let router = ["OPENROUTER_API_KEY": "k"]
        #expect(try endpoint("openrouter", router, model: "perplexity/sonar").quotesWeb)
        let other = try endpoint("openrouter", router)
        #expect(!other.quotesWeb && other.requestsReasoning)
    }

    @Test func `models that reason are not told a temperature, and windows are those of the model`() throws {
        func endpoint(_ model: String?) throws -> OpenAICompatibleEndpoint? {
            let settings = SettingsSnapshot(environment: ["OPEN_AI_KEY": "sk-1"])
            guard case .responses(let endpoint) = try settings.chatConnection("openai", model: model) else {
                return nil
            }
            #expect(endpoint.baseURL == "https://api.openai.com/v1" && endpoint.apiKey == "sk-1")
            return endpoint
        }
        let settings = SettingsSnapshot(environment: [:])
        let missing = #expect(throws: ServiceError.self) { try settings.chatConnection("openai") }
        #expect(missing?.message == "No OpenAI API key was set.")
        #expect(try endpoint(nil)?.modelID == "gpt-4.1-nano")
        #expect(try endpoint("gpt-5-mini")?.takesTemperature == false)
        #expect(try endpoint("o3")?.takesTemperature == false)
        #expect(try endpoint("gpt-4o")?.takesTemperature == true)
        #expect(try endpoint("gpt-4o")?.contextWindow == 128_000)
        #expect(try endpoint("gpt-3.5-turbo")?.contextWindow == 16_385)
    }

    @Test func `a table's window of a vendor's model comes before the family's, and what is set before both`() throws {
        var table = ModelWindowTable()
        table.add("groq/llama-3.1-8b-instant", of: "groq", window: 111)
        table.add("cerebras/gpt-oss-120b", of: "cerebras", window: 222)
        table.add("claude-sonnet-4-6", of: "anthropic", window: 333)
        table.add("command-x", of: "cohere_chat", window: 444)
        func window(_ id: String, _ environment: [String: String], _ model: String? = nil) throws -> Int? {
            let settings = SettingsSnapshot(environment: environment)
            switch try settings.chatConnection(id, model: model, windows: table) {
            case .chatCompletions(let endpoint): return endpoint.contextWindow
            case .messages(let endpoint): return endpoint.contextWindow
            default: return nil
            }
        }
        #expect(try window("groq", ["GROQ_API_KEY": "k"]) == 111)
        #expect(try window("groq", ["GROQ_API_KEY": "k"], "llama-3.3-70b") == 131_072)
        #expect(try window("groq", ["GROQ_API_KEY": "k"], "unknown") == 8192)
        #expect(try window("cerebras", ["CEREBRAS_API_KEY": "k"]) == 222)
        #expect(try window("cerebras", ["CEREBRAS_API_KEY": "k", "CEREBRAS_MODEL_TOKEN_LIMIT": "5"]) == 5)
        #expect(try window("anthropic", ["ANTHROPIC_API_KEY": "sk-ant-1"]) == 333)
        #expect(try window("cohere", ["COHERE_API_KEY": "k"], "command-x") == 444)
    }

    // MARK: Bedrock

    private func bedrock(_ environment: [String: String], model: String = "openai.gpt-oss-120b") throws
        -> ChatConnection
    {
        try SettingsSnapshot(environment: environment).chatConnection("bedrock", model: model)
    }

    @Test func `with Bedrock's own key its models are asked by OpenAI's wire, Anthropic's by theirs`() throws {
        var environment = ["AWS_BEDROCK_LLM_API_KEY": "k", "AWS_BEDROCK_LLM_REGION": "us-west-2"]
        guard case .chatCompletions(let gptOSS) = try bedrock(environment) else { return #expect(Bool(false)) }
        #expect(gptOSS.baseURL == "https://bedrock-mantle.us-west-2.api.aws/v1" && gptOSS.apiKey == "k")
        #expect(gptOSS.contextWindow == 8192 && gptOSS.allowsStreaming && gptOSS.systemRole == .system)
        environment["AWS_BEDROCK_STREAMING_DISABLED"] = "1"
        environment["AWS_BEDROCK_LLM_MAX_TOKENS"] = "99"
        guard case .chatCompletions(let other) = try bedrock(environment, model: "us.deepseek.r1-v1:0") else {
            return #expect(Bool(false))
        }
        #expect(other.systemRole == .exchange && !other.allowsStreaming)
        guard case .messages(let claude) = try bedrock(environment, model: "anthropic.claude-opus-4-8") else {
            return #expect(Bool(false))
        }
        #expect(claude.baseURL == "https://bedrock-mantle.us-west-2.api.aws/anthropic/v1" && claude.apiKey == "k")
        #expect(claude.defaultMaximumTokens == 99 && !claude.takesTemperature)
        environment["LECTERN_BEDROCK_CONVERSE"] = "1"
        guard case .converse(let converse) = try bedrock(environment) else { return #expect(Bool(false)) }
        #expect(converse.authentication == .key("k") && !converse.allowsStreaming)
    }

    @Test func `with the keys of an account requests are signed`() throws {
        let amazons = ["AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "S", "AWS_REGION": "cn-north-1"]
        guard case .converse(let first) = try bedrock(amazons, model: "anthropic.claude-x") else {
            return #expect(Bool(false))
        }
        #expect(first.baseURL == "https://bedrock-runtime.cn-north-1.amazonaws.com.cn")
        let credentials = AWSCredentials(accessKeyID: "AK", secretAccessKey: "S")
        #expect(first.authentication == .signature(credentials, region: "cn-north-1"))
        let ours = [
            "AWS_BEDROCK_LLM_ACCESS_KEY_ID": "AK2", "AWS_BEDROCK_LLM_ACCESS_KEY": "S2",
            "AWS_BEDROCK_LLM_SESSION_TOKEN": "T2", "AWS_BEDROCK_LLM_REGION": "eu-west-1",
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://127.0.0.1:9", "AWS_SESSION_TOKEN": "T",
        ]
        guard case .converse(let second) = try bedrock(amazons.merging(ours) { $1 }) else {
            return #expect(Bool(false))
        }
        let own = AWSCredentials(accessKeyID: "AK2", secretAccessKey: "S2", sessionToken: "T2")
        #expect(second.authentication == .signature(own, region: "eu-west-1"))
        #expect(second.baseURL == "http://127.0.0.1:9")
    }

    @Test func `what Bedrock lacks is said`() {
        let key = ["AWS_BEDROCK_LLM_API_KEY": "k"]
        let cases: [([String: String], String)] = [
            ([:], "AWS_BEDROCK_LLM_API_KEY is required for AWS Bedrock."),
            (["AWS_ACCESS_KEY_ID": "k"], "AWS_BEDROCK_LLM_API_KEY is required for AWS Bedrock."),
            (key, "AWS_BEDROCK_LLM_REGION is required for AWS Bedrock."),
            (key.merging(["AWS_REGION": "evil.example/x"]) { $1 }, "AWS_BEDROCK_LLM_REGION is no region of AWS."),
            (
                key.merging(["AWS_REGION": "us-east-1"]) { $1 },
                "AWS_BEDROCK_LLM_MODEL_PREFERENCE is required for AWS Bedrock."
            ),
        ]
        for (environment, message) in cases {
            let settings = SettingsSnapshot(environment: environment)
            let error = #expect(throws: ServiceError.self) { try settings.chatConnection("bedrock") }
            #expect(error?.message == message)
        }
    }

    // MARK: Choices

    static let notBuilt = [
        ("LLMProvider", ProviderRegistry.chat), ("EmbeddingEngine", ProviderRegistry.embeddings),
        ("VectorDB", ProviderRegistry.vectors), ("ImageGenerationProvider", ProviderRegistry.images),
    ].flatMap { key, choices in Set(choices.known).subtracting(choices.built).sorted().map { (key, $0, choices.built) }
    }

    @Test func `some are not built, and none of these is a default`() {
        let refused = Set(Self.notBuilt.map(\.1))
        #expect(refused.isSuperset(of: ["qdrant", "pgvector"]))
        #expect(refused.isDisjoint(with: ["native", "lancedb", "extractive", "openai", "generic-openai"]))
    }

    @Test(arguments: notBuilt) func `choosing what is not built is refused by name, with what is`(
        key: String, value: String, built: [String]
    ) async throws {
        let batch = try await SettingsBatch(
            [SentSetting(key, .text(value))], against: .empty)
        #expect(batch.changes.isEmpty)
        #expect(batch.failures.map(\.key) == [key])
        let error = try #require(batch.error)
        #expect(error.contains(" \(value) is not available in this version."))
        #expect(error.hasSuffix("Available: \(built.joined(separator: ", "))."))
    }

    @Test func `a provider that is set in the environment and not built is said to be so`() {
        let settings = SettingsSnapshot(environment: [
            "LLM_PROVIDER": "anythingllm-router", "EMBEDDING_ENGINE": "azure", "VECTOR_DB": "qdrant",
        ])
        let problems = settings.providerChecks().map { $0.problem ?? "" }
        #expect(problems.count == 3)
        #expect(problems[0].isEmpty)
        #expect(problems[1] == "No Azure API endpoint was set.")
        #expect(problems[2].hasPrefix("The vector database qdrant is not available in this version;"))
        #expect(settings.vectorDatabase == "lancedb")
        #expect(SettingsSnapshot.empty.providerChecks().allSatisfy { $0.problem == nil })
    }

    // MARK: What is read

    @Test func `every variable of a row is in the tables`() {
        let known = Set(SettingTable.settings.map(\.variable) + EnvironmentVariable.all.map(\.name))
        #expect(ProviderRegistry.readVariables.subtracting(known).isEmpty)
    }

    @Test func `a setting counts as read exactly where the sources read it`() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources")
        let tables = ["/Settings/Table/", "/Providers/Vendors/"]
        // Reporting a value is not reading it.
        let reports = ["/SettingsSnapshot+Report.swift"]
        var literals = Set<String>()
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        for case let file as URL in files where file.pathExtension == "swift" {
            if (tables + reports).contains(where: { file.path.contains($0) }) { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            literals.formUnion(text.matches(of: /"([A-Z][A-Z0-9_]+)"/).map { String($0.1) })
        }
        let declaration = try String(
            contentsOf: sources.appending(path: "Engine/Settings/Table/SettingTable.swift"), encoding: .utf8)
        #expect(declaration.contains("AGENT_MAX_TOOL_CALLS"))
        for setting in SettingTable.settings where !ProviderRegistry.readVariables.contains(setting.variable) {
            #expect(setting.isRead == literals.contains(setting.variable), "\(setting.variable)")
        }
        let unread = EnvironmentVariable.all.map(\.name).filter {
            !literals.contains($0) && !ProviderRegistry.readVariables.contains($0)
        }
        #expect(Set(unread) == Set(EnvironmentVariable.all.filter { !$0.isRead }.map(\.name)))
    }

    @Test func `what nothing reads is said with the answer`() async throws {
        let batch = try await SettingsBatch(
            sent(["TTSPiperTTSVoiceModel": "k", "MistralApiKey": "k", "AgentTavilyApiKey": "k"]), against: .empty)
        #expect(
            batch.warnings == [
                "TTSPiperTTSVoiceModel is stored, but nothing in this version reads it.",
                "AgentTavilyApiKey is stored, but nothing in this version reads it.",
            ])
    }
}
