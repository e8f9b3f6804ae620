extension SettingsSnapshot {
    /// The model that is set for the language model provider; `nil` when no provider or no model is set, and for
    /// providers that have no such setting.
    package var languageModelPreference: String? {
        guard let provider = value(for: "LLM_PROVIDER"), let variable = Self.modelVariables[provider] else {
            return nil
        }
        if provider == "azure" { return value(for: variable) ?? value(for: "OPEN_MODEL_PREF") }
        return value(for: variable)
    }

    /// The variable that names the model of each language model provider.
    package static let modelVariables: [String: String] = [
        "openai": "OPEN_MODEL_PREF",
        "azure": "AZURE_OPENAI_MODEL_PREF",
        "anthropic": "ANTHROPIC_MODEL_PREF",
        "gemini": "GEMINI_LLM_MODEL_PREF",
        "lmstudio": "LMSTUDIO_MODEL_PREF",
        "localai": "LOCAL_AI_MODEL_PREF",
        "ollama": "OLLAMA_MODEL_PREF",
        "mistral": "MISTRAL_MODEL_PREF",
        "koboldcpp": "KOBOLD_CPP_MODEL_PREF",
        "litellm": "LITE_LLM_MODEL_PREF",
        "generic-openai": "GENERIC_OPEN_AI_MODEL_PREF",
        "bedrock": "AWS_BEDROCK_LLM_MODEL_PREFERENCE",
        "togetherai": "TOGETHER_AI_MODEL_PREF",
        "fireworksai": "FIREWORKS_AI_LLM_MODEL_PREF",
        "perplexity": "PERPLEXITY_MODEL_PREF",
        "openrouter": "OPENROUTER_MODEL_PREF",
        "novita": "NOVITA_LLM_MODEL_PREF",
        "groq": "GROQ_MODEL_PREF",
        "cohere": "COHERE_MODEL_PREF",
        "deepseek": "DEEPSEEK_MODEL_PREF",
        "minimax": "MINIMAX_MODEL_PREF",
        "cerebras": "CEREBRAS_MODEL_PREF",
        "apipie": "APIPIE_LLM_MODEL_PREF",
        "xai": "XAI_LLM_MODEL_PREF",
        "nvidia-nim": "NVIDIA_NIM_LLM_MODEL_PREF",
        "ppio": "PPIO_MODEL_PREF",
        "moonshotai": "MOONSHOT_AI_MODEL_PREF",
        "foundry": "FOUNDRY_MODEL_PREF",
        "cometapi": "COMETAPI_LLM_MODEL_PREF",
        "zai": "ZAI_MODEL_PREF",
        "giteeai": "GITEE_AI_MODEL_PREF",
        "docker-model-runner": "DOCKER_MODEL_RUNNER_LLM_MODEL_PREF",
        "privatemode": "PRIVATEMODE_LLM_MODEL_PREF",
        "sambanova": "SAMBANOVA_LLM_MODEL_PREF",
        "lemonade": "LEMONADE_LLM_MODEL_PREF",
        "omlx": "OMLX_LLM_MODEL_PREF",
    ]

    /// Providers whose models are not to be offered tools.
    package var providersWithoutTools: Set<String> {
        let list = value(for: "PROVIDER_DISABLE_NATIVE_TOOL_CALLING") ?? ""
        return Set(list.split(separator: ",").map { $0.trimmingPrefix(" ").lowercased() })
    }

    /// Whether embedding is done in this process: the engine is `native`, none, or one that nobody knows.
    package var usesNativeEmbedder: Bool { embeddingEngine == "native" }

    /// The embedding engine that holds.
    package var embeddingEngine: String {
        let engine = effectiveValue(for: "EMBEDDING_ENGINE") ?? "native"
        return SettingChoice.embedders.values.contains(engine) ? engine : "native"
    }

    /// The model of the embedder in this process: the one set if it is a native one, else the first of them.
    package var nativeEmbeddingModel: String {
        let preferred = value(for: "EMBEDDING_MODEL_PREF")
        return Self.nativeEmbeddingModels.first { $0 == preferred } ?? Self.nativeEmbeddingModels[0]
    }

    /// The names that the contract knows for models of the embedder in this process; the first is the default.
    package static let nativeEmbeddingModels = [
        "Xenova/all-MiniLM-L6-v2", "Xenova/nomic-embed-text-v1", "MintplexLabs/multilingual-e5-small",
    ]

    /// The vector database that holds; `lancedb` stands for the embedded store.
    package var vectorDatabase: String {
        let database = value(for: "VECTOR_DB") ?? "lancedb"
        return SettingChoice.vectorDatabases.values.contains(database) ? database : "lancedb"
    }
}
