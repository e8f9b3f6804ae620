import Domain

/// Servers that people run themselves.
extension Provider {
    static let lmStudio = Provider(
        "lmstudio", "LM Studio",
        chat: ChatOffer(
            "LMStudioLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .set("LMSTUDIO_BASE_PATH", endingIn: "v1", else: "No LMStudio API Base Path was set."),
                    key: .optional("LMSTUDIO_AUTH_TOKEN"), window: .set("LMSTUDIO_MODEL_TOKEN_LIMIT", else: 16384),
                    windowListing: .lmStudio, images: .object(detail: "auto"), requestsUsage: true)),
            model: .set("LMSTUDIO_MODEL_PREF", else: "LMStudio must have a valid model set."),
            settings: [
                .key(
                    "LMStudioBasePath", "LMSTUDIO_BASE_PATH", [.nonEmpty, .versionedBase, .reachableFromContainer],
                    .text),
                .key(
                    "LMStudioTokenLimit", "LMSTUDIO_MODEL_TOKEN_LIMIT", [], .textOrNull,
                    limit: .wholeNumber(1...10_000_000)),
                .key("LMStudioModelPref", "LMSTUDIO_MODEL_PREF", [], .text),
                .key("LMStudioAuthToken", "LMSTUDIO_AUTH_TOKEN", [], .presence),
            ]),
        embeddings: EmbeddingsOffer(
            .embeddings(
                EmbeddingsDialect(
                    base: .set("EMBEDDING_BASE_PATH", endingIn: "v1", else: "No embedding base path was set."),
                    key: .optional("LMSTUDIO_AUTH_TOKEN"), batch: .fixed(1), chunkLength: .set(else: 1000))),
            model: .embedding(else: "No embedding model was set.")))

    static let localAI = Provider(
        "localai", "LocalAI",
        chat: ChatOffer(
            "LocalAiLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .set("LOCAL_AI_BASE_PATH", else: "No LocalAI Base Path was set."),
                    key: .optional("LOCAL_AI_API_KEY"), window: .set("LOCAL_AI_MODEL_TOKEN_LIMIT", else: 4096))),
            model: .set("LOCAL_AI_MODEL_PREF", else: "No LocalAI model was set."),
            settings: [
                .key("LocalAiApiKey", "LOCAL_AI_API_KEY", [], .presence),
                .key(
                    "LocalAiBasePath", "LOCAL_AI_BASE_PATH", [.nonEmpty, .versionedBase, .reachableFromContainer], .text
                ),
                .key("LocalAiModelPref", "LOCAL_AI_MODEL_PREF", [], .text),
                .key("LocalAiTokenLimit", "LOCAL_AI_MODEL_TOKEN_LIMIT", [.aboveZero], .text),
            ]),
        embeddings: EmbeddingsOffer(
            .embeddings(
                EmbeddingsDialect(
                    base: .set("EMBEDDING_BASE_PATH", else: "No embedding base path was set."),
                    key: .optional("LOCAL_AI_API_KEY"), batch: .fixed(50), concurrency: 2,
                    chunkLength: .set(else: 1000), format: .float, dimensionsVariable: "EMBEDDING_OUTPUT_DIMENSIONS")),
            model: .embedding(else: "No embedding model was set.")))

    static let ollama = Provider(
        "ollama", "Ollama",
        chat: ChatOffer(
            "OllamaAILLM",
            .ollama(
                OllamaDialect(
                    base: .set("OLLAMA_BASE_PATH", else: "No Ollama Base Path was set."),
                    key: .optional("OLLAMA_AUTH_TOKEN"), windowVariable: "OLLAMA_MODEL_TOKEN_LIMIT",
                    keepAliveVariable: "OLLAMA_KEEP_ALIVE_TIMEOUT")),
            model: .set("OLLAMA_MODEL_PREF", else: "No Ollama model was set."),
            settings: [
                .key("OllamaLLMAuthToken", "OLLAMA_AUTH_TOKEN", [], .presence),
                .key(
                    "OllamaLLMBasePath", "OLLAMA_BASE_PATH", [.nonEmpty, .baseWithoutSlash, .reachableFromContainer],
                    .text),
                .key("OllamaLLMModelPref", "OLLAMA_MODEL_PREF", [], .text),
                .key(
                    "OllamaLLMTokenLimit", "OLLAMA_MODEL_TOKEN_LIMIT", [], .textOrNull,
                    limit: .wholeNumber(1...10_000_000)),
                .key(
                    "OllamaLLMKeepAliveSeconds", "OLLAMA_KEEP_ALIVE_TIMEOUT", [.number], .textElseNumber(300),
                    limit: .wholeNumber(-1...31_536_000)),
            ]),
        embeddings: EmbeddingsOffer(
            .embeddings(
                EmbeddingsDialect(
                    language: .ollama, base: .set("EMBEDDING_BASE_PATH", else: "No embedding base path was set."),
                    key: .optional("OLLAMA_AUTH_TOKEN"), batch: .set("OLLAMA_EMBEDDING_BATCH_SIZE", else: 1),
                    chunkLength: .set(else: 1000), dimensionsVariable: "EMBEDDING_OUTPUT_DIMENSIONS")),
            model: .embedding(else: "No embedding model was set.")),
        images: ImageOffer(
            dialect: .generationsOnly,
            base: .set(
                "IMAGE_GEN_OLLAMA_BASE_PATH", endingIn: "v1",
                else: .imageSetting("IMAGE_GEN_OLLAMA_BASE_PATH")),
            key: .optional("IMAGE_GEN_OLLAMA_AUTH_TOKEN"),
            model: .set(
                "IMAGE_GEN_MODEL_PREF",
                else: .imageSetting("IMAGE_GEN_MODEL_PREF")),
            settings: [
                .key(
                    "ImageGenerationOllamaBasePath", "IMAGE_GEN_OLLAMA_BASE_PATH",
                    [.nonEmpty, .baseWithoutSlash, .reachableFromContainer], .text),
                .key("ImageGenerationOllamaAuthToken", "IMAGE_GEN_OLLAMA_AUTH_TOKEN", [], .presence),
            ]))

    static let koboldCPP = Provider(
        "koboldcpp", "KoboldCPP",
        chat: ChatOffer(
            "KoboldCPPLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .set(
                        "KOBOLD_CPP_BASE_PATH", else: "KoboldCPP must have a valid base path to use for the api."),
                    window: .set("KOBOLD_CPP_MODEL_TOKEN_LIMIT", else: 4096),
                    maximumTokens: .set("KOBOLD_CPP_MAX_TOKENS", else: 2048))),
            model: .set("KOBOLD_CPP_MODEL_PREF", else: "KoboldCPP must have a valid model set."),
            settings: [
                .key("KoboldCPPModelPref", "KOBOLD_CPP_MODEL_PREF", [.nonEmpty], .text),
                .key("KoboldCPPBasePath", "KOBOLD_CPP_BASE_PATH", [.nonEmpty, .url], .text),
                .key("KoboldCPPTokenLimit", "KOBOLD_CPP_MODEL_TOKEN_LIMIT", [.aboveZero], .text),
                .key("KoboldCPPMaxTokens", "KOBOLD_CPP_MAX_TOKENS", [.aboveZero], .text),
            ]))

    static let textGenWebUI = Provider(
        "textgenwebui", "Text generation web UI",
        chat: ChatOffer(
            "TextGenWebUILLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .set(
                        "TEXT_GEN_WEB_UI_BASE_PATH",
                        else: "TextGenWebUI must have a valid base path to use for the api."),
                    key: .optional("TEXT_GEN_WEB_UI_API_KEY"),
                    window: .set("TEXT_GEN_WEB_UI_MODEL_TOKEN_LIMIT", else: 4096))), model: .none,
            settings: [
                .key("TextGenWebUIBasePath", "TEXT_GEN_WEB_UI_BASE_PATH", [.url], .text),
                .key("TextGenWebUITokenLimit", "TEXT_GEN_WEB_UI_MODEL_TOKEN_LIMIT", [.aboveZero], .text),
                .key("TextGenWebUIAPIKey", "TEXT_GEN_WEB_UI_API_KEY", [], .presence),
            ]))

    static let liteLLM = Provider(
        "litellm", "LiteLLM",
        chat: ChatOffer(
            "LiteLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .set("LITE_LLM_BASE_PATH", else: "LiteLLM must have a valid base path to use for the api."),
                    key: .optional("LITE_LLM_API_KEY"), window: .set("LITE_LLM_MODEL_TOKEN_LIMIT", else: 4096),
                    requestsUsage: true)),
            model: .set("LITE_LLM_MODEL_PREF", else: "LiteLLM must have a valid model set."),
            settings: [
                .key("LiteLLMModelPref", "LITE_LLM_MODEL_PREF", [.nonEmpty], .text),
                .key("LiteLLMTokenLimit", "LITE_LLM_MODEL_TOKEN_LIMIT", [.aboveZero], .text),
                .key("LiteLLMBasePath", "LITE_LLM_BASE_PATH", [.url], .text),
                .key("LiteLLMApiKey", "LITE_LLM_API_KEY", [], .presence),
            ]),
        embeddings: EmbeddingsOffer(
            .embeddings(
                EmbeddingsDialect(
                    base: .set("LITE_LLM_BASE_PATH", else: "LiteLLM must have a valid base path to use for the api."),
                    key: .optional("LITE_LLM_API_KEY"), batch: .fixed(500), batchTokens: 250_000, concurrency: 4,
                    chunkLength: .set(else: 1000))), model: .embedding(standard: "text-embedding-ada-002")))

    static let genericOpenAI = Provider(
        "generic-openai", "GenericOpenAI",
        chat: ChatOffer(
            "GenericOpenAiLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .set(
                        "GENERIC_OPEN_AI_BASE_PATH",
                        else: "GenericOpenAI must have a valid base path to use for the api."),
                    key: .optional("GENERIC_OPEN_AI_API_KEY"),
                    window: .set("GENERIC_OPEN_AI_MODEL_TOKEN_LIMIT", else: 4096), images: .object(detail: "high"),
                    maximumTokens: .set("GENERIC_OPEN_AI_MAX_TOKENS", else: 1024),
                    usageSwitch: "GENERIC_OPEN_AI_REPORT_USAGE",
                    wholeAnswersSwitch: "GENERIC_OPENAI_STREAMING_DISABLED",
                    headersVariable: "GENERIC_OPEN_AI_CUSTOM_HEADERS")),
            model: .set("GENERIC_OPEN_AI_MODEL_PREF", else: "GenericOpenAI must have a valid model set."),
            settings: [
                .key("GenericOpenAiBasePath", "GENERIC_OPEN_AI_BASE_PATH", [.url], .text),
                .key("GenericOpenAiModelPref", "GENERIC_OPEN_AI_MODEL_PREF", [.nonEmpty], .text),
                .key("GenericOpenAiTokenLimit", "GENERIC_OPEN_AI_MODEL_TOKEN_LIMIT", [.aboveZero], .text),
                .key("GenericOpenAiKey", "GENERIC_OPEN_AI_API_KEY", [], .presence),
                .key("GenericOpenAiMaxTokens", "GENERIC_OPEN_AI_MAX_TOKENS", [.aboveZero], .text),
            ]),
        embeddings: EmbeddingsOffer(
            .embeddings(
                EmbeddingsDialect(
                    base: .set(
                        "EMBEDDING_BASE_PATH", else: "GenericOpenAI must have a valid base path to use for the api."),
                    key: .optional("GENERIC_OPEN_AI_EMBEDDING_API_KEY"),
                    batch: .set("GENERIC_OPEN_AI_EMBEDDING_MAX_CONCURRENT_CHUNKS", else: 500),
                    chunkLength: .set(else: 1000), dimensionsVariable: "EMBEDDING_OUTPUT_DIMENSIONS",
                    passagePrefixVariable: "GENERIC_OPEN_AI_EMBEDDING_PASSAGE_PREFIX",
                    queryPrefixVariable: "GENERIC_OPEN_AI_EMBEDDING_QUERY_PREFIX",
                    delayVariable: "GENERIC_OPEN_AI_EMBEDDING_API_DELAY_MS")), model: .embedding()),
        reranking: RerankingOffer(wire: .rerank(RerankDialect(dialect: .jina))),
        transcription: TranscriptionOffer(
            wire: .transcriptions(
                TranscriptionDialect(
                    base: .set(
                        "WHISPER_GENERIC_OPEN_AI_BASE_URL",
                        else: "No base URL was set. Transcription by generic-openai needs WhisperGenericOpenAiBaseUrl "
                            + "(WHISPER_GENERIC_OPEN_AI_BASE_URL)."),
                    key: .optional("WHISPER_GENERIC_OPEN_AI_API_KEY"),
                    model: .set("WHISPER_GENERIC_OPEN_AI_MODEL", standard: "whisper-small")))),
        speaking: SpeakingOffer(
            wire: .server(
                SpeakingDialect(
                    base: .set(
                        "TTS_OPEN_AI_COMPATIBLE_ENDPOINT",
                        else: .speechSetting("TTSOpenAICompatibleEndpoint", "TTS_OPEN_AI_COMPATIBLE_ENDPOINT")),
                    key: .optional("TTS_OPEN_AI_COMPATIBLE_KEY"),
                    model: .set("TTS_OPEN_AI_COMPATIBLE_MODEL", standard: "tts-1"),
                    voice: .set("TTS_OPEN_AI_COMPATIBLE_VOICE_MODEL", standard: "alloy")))),
        listening: ListeningOffer(
            wire: .server(
                TranscriptionDialect(
                    base: .set(
                        "STT_OPEN_AI_COMPATIBLE_ENDPOINT",
                        else: .speechSetting("STTOpenAICompatibleEndpoint", "STT_OPEN_AI_COMPATIBLE_ENDPOINT")),
                    key: .optional("STT_OPEN_AI_COMPATIBLE_KEY"),
                    model: .set("STT_OPEN_AI_COMPATIBLE_MODEL", standard: "whisper-1"), takesWAVAlone: true))))
}
