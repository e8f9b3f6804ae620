import Domain

/// Vendors that many of the others follow.
extension Provider {
    static let openAI = Provider(
        "openai", "OpenAI",
        chat: ChatOffer(
            "OpenAiLLM",
            .responses(
                ChatCompletionsDialect(
                    base: .fixed("https://api.openai.com/v1"),
                    key: .required("OPEN_AI_KEY", of: "OpenAI"), window: .known(by: ["openai"], else: 128000),
                    maximumTokensField: "max_completion_tokens", modelsWithoutTemperature: ["o", "gpt-5"],
                    requestsUsage: true,
                    list: ModelList(
                        wanted: ["gpt", "^o"],
                        unwanted: [
                            "vision", "instruct", "audio", "realtime", "image", "moderation", "transcribe",
                        ]))), model: .set("OPEN_MODEL_PREF", standard: "gpt-4.1-nano"),
            settings: [
                .key("OpenAiKey", "OPEN_AI_KEY", [.nonEmpty, .openAIKey], .presence),
                .key("OpenAiModelPref", "OPEN_MODEL_PREF", [.nonEmpty], .textElse("gpt-4.1-nano")),
            ]),
        embeddings: EmbeddingsOffer(
            .embeddings(
                EmbeddingsDialect(
                    base: .fixed("https://api.openai.com/v1"),
                    key: .required("OPEN_AI_KEY", of: "OpenAI"), batch: .fixed(500), batchTokens: 250_000,
                    concurrency: 4, chunkLength: .fixed(8191))), model: .embedding(standard: "text-embedding-ada-002")),
        images: ImageOffer(
            dialect: .images(severalReferences: "image[]"), base: .fixed("https://api.openai.com/v1"),
            key: .required(
                "IMAGE_GEN_OPENAI_KEY",
                else: .imageSetting("IMAGE_GEN_OPENAI_KEY")),
            model: .set("IMAGE_GEN_MODEL_PREF", standard: "gpt-image-1"),
            settings: [
                .key("ImageGenerationOpenAiKey", "IMAGE_GEN_OPENAI_KEY", [.nonEmpty, .openAIKey], .presence)
            ]),
        transcription: TranscriptionOffer(
            wire: .transcriptions(
                TranscriptionDialect(
                    base: .fixed("https://api.openai.com/v1"),
                    key: .required(
                        "OPEN_AI_KEY",
                        else: "No OpenAI API key was set. Transcription by openai needs OpenAiKey (OPEN_AI_KEY)."),
                    model: .fixed("whisper-1"),
                    // 25 MiB for a whole request.
                    maximumFileBytes: (25 << 20) - (64 << 10)))),
        speaking: SpeakingOffer(
            wire: .server(
                SpeakingDialect(
                    base: .fixed("https://api.openai.com/v1"),
                    key: .required("TTS_OPEN_AI_KEY", else: .speechSetting("TTSOpenAIKey", "TTS_OPEN_AI_KEY")),
                    model: .fixed("tts-1"), voice: .set("TTS_OPEN_AI_VOICE_MODEL", standard: "alloy")))),
        listening: ListeningOffer(
            wire: .server(
                TranscriptionDialect(
                    base: .fixed("https://api.openai.com/v1"),
                    key: .required("OPEN_AI_KEY", else: .speechSetting("OpenAiKey", "OPEN_AI_KEY")),
                    model: .set("STT_OPEN_AI_MODEL", standard: "whisper-1"),
                    maximumFileBytes: (25 << 20) - (64 << 10)))))

    static let azure = Provider(
        "azure", "Azure OpenAI",
        chat: ChatOffer(
            "AzureOpenAiLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .azureResource("AZURE_OPENAI_ENDPOINT", else: "No Azure API endpoint was set."),
                    key: .required("AZURE_OPENAI_KEY", of: "Azure"), keyHeader: "api-key",
                    window: .set("AZURE_OPENAI_TOKEN_LIMIT", else: 4096),
                    modelTypeVariable: "AZURE_OPENAI_MODEL_TYPE", requestsUsage: true,
                    list: ModelList(
                        missing: "Azure does not list deployments; Azure's portal does."))),
            model: .set(
                "AZURE_OPENAI_MODEL_PREF", or: "OPEN_MODEL_PREF",
                else: "No AZURE_OPENAI_MODEL_PREF ENV defined. It names the deployment that answers."),
            settings: [
                .key("AzureOpenAiEndpoint", "AZURE_OPENAI_ENDPOINT", [.nonEmpty], .text, isAddress: true),
                .key("AzureOpenAiKey", "AZURE_OPENAI_KEY", [.nonEmpty], .presence),
                .key(
                    "AzureOpenAiModelPref", "AZURE_OPENAI_MODEL_PREF", [.nonEmpty], .textElseVariable("OPEN_MODEL_PREF")
                ),
                .key("AzureOpenAiEmbeddingModelPref", "EMBEDDING_MODEL_PREF", [.nonEmpty], .text),
                .key(
                    "AzureOpenAiTokenLimit", "AZURE_OPENAI_TOKEN_LIMIT", [.tokenLimit], .textElseNumber(4096),
                    limit: .wholeNumber(1...10_000_000)),
                .key(
                    "AzureOpenAiModelType", "AZURE_OPENAI_MODEL_TYPE", [.oneOf(.azureModelTypes)], .textElse("default")),
            ]),
        embeddings: EmbeddingsOffer(
            .embeddings(
                EmbeddingsDialect(
                    base: .set("AZURE_OPENAI_ENDPOINT", else: "No Azure API endpoint was set."),
                    deploymentVersion: "2024-12-01-preview", key: .required("AZURE_OPENAI_KEY", of: "Azure"),
                    keyHeader: "api-key", batch: .fixed(16), concurrency: 4, chunkLength: .fixed(2048))),
            model: .embedding(else: "No Embedding Model preference defined.")))

    static let anthropic = Provider(
        "anthropic", "Anthropic",
        chat: ChatOffer(
            "AnthropicLLM",
            .messages(
                MessagesDialect(
                    base: .fixed("https://api.anthropic.com/v1"),
                    key: .required("ANTHROPIC_API_KEY", of: "Anthropic"),
                    window: .known(by: ["anthropic"], else: 100_000),
                    modelsWithoutTemperature: ["claude-opus-4-7", "claude-opus-4-8", "claude-sonnet-5"],
                    cacheVariable: "ANTHROPIC_CACHE_CONTROL")),
            model: .set("ANTHROPIC_MODEL_PREF", standard: "claude-sonnet-4-6"),
            settings: [
                .key("AnthropicApiKey", "ANTHROPIC_API_KEY", [.nonEmpty, .anthropicKey], .presence),
                .key("AnthropicModelPref", "ANTHROPIC_MODEL_PREF", [.nonEmpty], .textElse("claude-sonnet-4-6")),
                .key("AnthropicCacheControl", "ANTHROPIC_CACHE_CONTROL", [.oneOf(.cacheControls)], .textElse("none")),
            ]))

    static let gemini = Provider(
        "gemini", "Gemini",
        chat: ChatOffer(
            "GeminiLLM",
            .gemini(
                GeminiDialect(
                    base: .fixed("https://generativelanguage.googleapis.com/v1beta"),
                    key: .required("GEMINI_API_KEY", of: "Gemini"), window: .known(by: ["gemini"], else: 30720),
                    safetyVariable: "GEMINI_SAFETY_SETTING",
                    modelsWithoutSystemRole: [
                        "gemma-3-1b-it", "gemma-3-4b-it", "gemma-3-12b-it", "gemma-3-27b-it",
                    ])),
            model: .set("GEMINI_LLM_MODEL_PREF", standard: "gemini-2.0-flash-lite"),
            settings: [
                .key("GeminiLLMApiKey", "GEMINI_API_KEY", [.nonEmpty], .presence),
                .key("GeminiLLMModelPref", "GEMINI_LLM_MODEL_PREF", [.nonEmpty], .textElse("gemini-2.0-flash-lite")),
                .key(
                    "GeminiSafetySetting", "GEMINI_SAFETY_SETTING", [.oneOf(.safetySettings)],
                    .textElse("BLOCK_MEDIUM_AND_ABOVE")),
            ]),
        embeddings: EmbeddingsOffer(
            .embeddings(
                EmbeddingsDialect(
                    language: .gemini, base: .fixed("https://generativelanguage.googleapis.com/v1beta"),
                    key: .required("GEMINI_EMBEDDING_API_KEY", of: "Gemini"), keyHeader: "x-goog-api-key",
                    batch: .fixed(4), concurrency: 4,
                    chunkLength: .byModel(["gemini-embedding-2": 8192], else: 2048),
                    dimensionsVariable: "EMBEDDING_OUTPUT_DIMENSIONS")),
            model: .embedding(standard: "gemini-embedding-001")))
}
