import Domain

/// Vendors of models of their own.
extension Provider {
    static let mistral = Provider(
        "mistral", "Mistral",
        chat: ChatOffer(
            "MistralLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.mistral.ai/v1"),
                    key: .required("MISTRAL_API_KEY", of: "Mistral"), window: .fixed(32000),
                    images: .string, defaultTemperature: 0,
                    list: .without("embed", "moderation", "ocr"))),
            model: .set("MISTRAL_MODEL_PREF", standard: "mistral-tiny"),
            settings: [
                .key("MistralApiKey", "MISTRAL_API_KEY", [.nonEmpty], .presence),
                .key("MistralModelPref", "MISTRAL_MODEL_PREF", [.nonEmpty], .text),
            ]),
        embeddings: EmbeddingsOffer(
            .embeddings(
                EmbeddingsDialect(
                    base: .fixed("https://api.mistral.ai/v1"),
                    key: .required("MISTRAL_API_KEY", of: "Mistral"), batch: .fixed(64), batchTokens: 16_000,
                    concurrency: 2, chunkLength: .fixed(1000), format: .float)),
            model: .embedding(standard: "mistral-embed")))

    static let groq = Provider(
        "groq", "Groq",
        chat: ChatOffer(
            "GroqLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.groq.com/openai/v1"),
                    key: .required("GROQ_API_KEY", of: "Groq"), window: .known(by: ["groq"], else: 8192),
                    requestsUsage: true, list: .without("whisper", "tool-use", "tts"))),
            model: .set("GROQ_MODEL_PREF", standard: "llama-3.1-8b-instant"),
            settings: [
                .key("GroqApiKey", "GROQ_API_KEY", [.nonEmpty], .presence),
                .key("GroqModelPref", "GROQ_MODEL_PREF", [.nonEmpty], .text),
            ]),
        listening: ListeningOffer(
            wire: .server(
                TranscriptionDialect(
                    base: .fixed("https://api.groq.com/openai/v1"),
                    key: .required("STT_GROQ_API_KEY", else: .speechSetting("STTGroqApiKey", "STT_GROQ_API_KEY")),
                    model: .set("STT_GROQ_MODEL", standard: "whisper-large-v3-turbo"),
                    // 25 MiB for a whole request.
                    maximumFileBytes: (25 << 20) - (64 << 10)))))

    static let moonshotAI = Provider(
        "moonshotai", "Moonshot AI",
        chat: ChatOffer(
            "MoonshotAiLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.moonshot.ai/v1"),
                    key: .required("MOONSHOT_AI_API_KEY", of: "Moonshot AI"),
                    window: .known(by: ["moonshot"], else: 8192), requestsUsage: true)),
            model: .set("MOONSHOT_AI_MODEL_PREF", standard: "moonshot-v1-32k"),
            settings: [
                .key("MoonshotAiApiKey", "MOONSHOT_AI_API_KEY", [.nonEmpty], .presence),
                .key("MoonshotAiModelPref", "MOONSHOT_AI_MODEL_PREF", [.nonEmpty], .textElse("moonshot-v1-32k")),
            ]))

    static let cohere = Provider(
        "cohere", "Cohere",
        chat: ChatOffer(
            "CohereLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.cohere.ai/compatibility/v1"),
                    key: .required("COHERE_API_KEY", of: "Cohere"),
                    window: .known(by: ["cohere_chat", "cohere"], else: 4096),
                    images: .none, requestsUsage: true,
                    list: ModelList(
                        format: .cohere, address: "https://api.cohere.com/v1",
                        path: "models?page_size=1000&endpoint=chat"))),
            model: .set("COHERE_MODEL_PREF", else: "No Cohere model was set."),
            settings: [
                .key("CohereApiKey", "COHERE_API_KEY", [.nonEmpty], .presence),
                .key("CohereModelPref", "COHERE_MODEL_PREF", [.nonEmpty], .text),
            ]),
        embeddings: EmbeddingsOffer(
            .embeddings(
                EmbeddingsDialect(
                    language: .cohere, base: .fixed("https://api.cohere.com/v2"),
                    key: .required("COHERE_API_KEY", of: "Cohere"), batch: .fixed(96), concurrency: 4,
                    chunkLength: .fixed(1945))), model: .embedding(standard: "embed-english-v3.0")),
        reranking: RerankingOffer(
            wire: .rerank(
                RerankDialect(
                    dialect: .cohere, base: "https://api.cohere.com/v2", sharedKey: "COHERE_API_KEY",
                    model: "rerank-v3.5"))))

    static let deepSeek = Provider(
        "deepseek", "DeepSeek",
        chat: ChatOffer(
            "DeepSeekLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.deepseek.com/v1"),
                    key: .required("DEEPSEEK_API_KEY", of: "DeepSeek"),
                    window: .known(by: ["deepseek"], else: 8192), images: .none, requestsUsage: true)),
            model: .set("DEEPSEEK_MODEL_PREF", standard: "deepseek-chat"),
            settings: [
                .key("DeepSeekApiKey", "DEEPSEEK_API_KEY", [.nonEmpty], .presence),
                .key("DeepSeekModelPref", "DEEPSEEK_MODEL_PREF", [.nonEmpty], .text),
            ]))

    static let xAI = Provider(
        "xai", "xAI",
        chat: ChatOffer(
            "XAiLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.x.ai/v1"),
                    key: .required("XAI_LLM_API_KEY", of: "xAI"), window: .known(by: ["xai"], else: 131072),
                    images: .object(detail: "high"))), model: .set("XAI_LLM_MODEL_PREF", standard: "grok-beta"),
            settings: [
                .key("XAIApiKey", "XAI_LLM_API_KEY", [.nonEmpty], .presence),
                .key("XAIModelPref", "XAI_LLM_MODEL_PREF", [.nonEmpty], .text),
            ]))

    static let zAI = Provider(
        "zai", "Z.AI",
        chat: ChatOffer(
            "ZAiLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.z.ai/api/paas/v4"),
                    key: .required("ZAI_API_KEY", of: "Z.AI"), window: .known(by: ["zai"], else: 131072))),
            model: .set("ZAI_MODEL_PREF", standard: "glm-4.5"),
            settings: [
                .key("ZAiApiKey", "ZAI_API_KEY", [.nonEmpty], .presence),
                .key("ZAiModelPref", "ZAI_MODEL_PREF", [.nonEmpty], .text),
            ]))

    static let sambaNova = Provider(
        "sambanova", "SambaNova",
        chat: ChatOffer(
            "SambaNovaLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.sambanova.ai/v1"),
                    key: .required("SAMBANOVA_LLM_API_KEY", of: "SambaNova"),
                    window: .known(by: ["sambanova"], else: 131072), requestsUsage: true,
                    list: .without("whisper"))),
            model: .set("SAMBANOVA_LLM_MODEL_PREF", else: "No SambaNova model was set."),
            settings: [
                .key("SambaNovaLLMApiKey", "SAMBANOVA_LLM_API_KEY", [.nonEmpty], .presence),
                .key("SambaNovaLLMModelPref", "SAMBANOVA_LLM_MODEL_PREF", [.nonEmpty], .text),
            ]))

    static let minimax = Provider(
        "minimax", "MiniMax",
        chat: ChatOffer(
            "MinimaxLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.minimax.io/v1"),
                    key: .required("MINIMAX_API_KEY", of: "Minimax"), window: .known(by: ["minimax"], else: 196000),
                    images: .none)), model: .set("MINIMAX_MODEL_PREF", standard: "MiniMax-M2.7"),
            settings: [
                .key("MinimaxApiKey", "MINIMAX_API_KEY", [.nonEmpty], .presence),
                .key("MinimaxModelPref", "MINIMAX_MODEL_PREF", [.nonEmpty], .text),
            ]))

    static let cerebras = Provider(
        "cerebras", "Cerebras",
        chat: ChatOffer(
            "CerebrasLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.cerebras.ai/v1"),
                    key: .required("CEREBRAS_API_KEY", of: "Cerebras"),
                    window: .setOrKnown("CEREBRAS_MODEL_TOKEN_LIMIT", by: ["cerebras"], else: 128000),
                    images: .none, defaultTemperature: 0,
                    list: ModelList(address: "https://api.cerebras.ai/public/v1"))),
            model: .set("CEREBRAS_MODEL_PREF", standard: "gpt-oss-120b"),
            settings: [
                .key("CerebrasApiKey", "CEREBRAS_API_KEY", [.nonEmpty], .presence),
                .key("CerebrasModelPref", "CEREBRAS_MODEL_PREF", [.nonEmpty], .text),
            ]))

    static let perplexity = Provider(
        "perplexity", "Perplexity",
        chat: ChatOffer(
            "PerplexityLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.perplexity.ai"),
                    key: .required("PERPLEXITY_API_KEY", of: "Perplexity"),
                    window: .known(by: ["perplexity"], else: 4096), images: .none, modelsThatQuoteWeb: [""],
                    list: ModelList(known: ["sonar", "sonar-pro", "sonar-reasoning", "sonar-reasoning-pro"]))),
            model: .set("PERPLEXITY_MODEL_PREF", standard: "sonar"),
            settings: [
                .key("PerplexityApiKey", "PERPLEXITY_API_KEY", [.nonEmpty], .presence),
                .key("PerplexityModelPref", "PERPLEXITY_MODEL_PREF", [.nonEmpty], .text),
            ]))
}
