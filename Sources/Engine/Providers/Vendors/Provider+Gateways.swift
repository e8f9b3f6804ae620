/// Services that pass requests on to the models of others.
extension Provider {
    static let novita = Provider(
        "novita", "Novita",
        chat: ChatOffer(
            "NovitaLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.novita.ai/v3/openai"),
                    key: .required("NOVITA_LLM_API_KEY", of: "Novita"),
                    window: .known(by: ["novita"], else: 4096), images: .object(detail: "auto"))),
            model: .set("NOVITA_LLM_MODEL_PREF", standard: "deepseek/deepseek-r1"),
            settings: [
                .key("NovitaLLMApiKey", "NOVITA_LLM_API_KEY", [.nonEmpty], .presence),
                .key("NovitaLLMModelPref", "NOVITA_LLM_MODEL_PREF", [.nonEmpty], .text),
                .key("NovitaLLMTimeout", "NOVITA_LLM_TIMEOUT_MS", [], .text, limit: .wholeNumber(1...3_600_000)),
            ]))

    static let togetherAI = Provider(
        "togetherai", "Together AI",
        chat: ChatOffer(
            "TogetherAiLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.together.xyz/v1"),
                    key: .required("TOGETHER_AI_API_KEY", of: "TogetherAI"),
                    window: .known(by: ["together_ai"], else: 4096))),
            model: .set("TOGETHER_AI_MODEL_PREF", else: "No TogetherAI model was set."),
            settings: [
                .key("TogetherAiApiKey", "TOGETHER_AI_API_KEY", [.nonEmpty], .presence),
                .key("TogetherAiModelPref", "TOGETHER_AI_MODEL_PREF", [.nonEmpty], .text),
            ]))

    static let fireworksAI = Provider(
        "fireworksai", "Fireworks AI",
        chat: ChatOffer(
            "FireworksAiLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.fireworks.ai/inference/v1"),
                    key: .required("FIREWORKS_AI_LLM_API_KEY", of: "FireworksAI"),
                    window: .known(by: ["fireworks_ai"], else: 4096), images: .none)),
            model: .set("FIREWORKS_AI_LLM_MODEL_PREF", else: "No FireworksAI model was set."),
            settings: [
                .key("FireworksAiLLMApiKey", "FIREWORKS_AI_LLM_API_KEY", [.nonEmpty], .presence),
                .key("FireworksAiLLMModelPref", "FIREWORKS_AI_LLM_MODEL_PREF", [.nonEmpty], .text),
            ]))

    static let openRouter = Provider(
        "openrouter", "OpenRouter",
        chat: ChatOffer(
            "OpenRouterLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://openrouter.ai/api/v1"),
                    key: .required("OPENROUTER_API_KEY", of: "OpenRouter"),
                    window: .known(by: ["openrouter"], else: 4096), images: .object(detail: "auto"),
                    requestsReasoning: true, modelsThatQuoteWeb: ["perplexity/"], headers: ["X-Title": "Lectern"])),
            model: .set("OPENROUTER_MODEL_PREF", standard: "openrouter/auto"),
            settings: [
                .key("OpenRouterApiKey", "OPENROUTER_API_KEY", [.nonEmpty], .presence),
                .key("OpenRouterModelPref", "OPENROUTER_MODEL_PREF", [.nonEmpty], .text),
                .key("OpenRouterTimeout", "OPENROUTER_TIMEOUT_MS", [], .text, limit: .wholeNumber(1...3_600_000)),
            ]),
        embeddings: EmbeddingsOffer(
            .embeddings(
                EmbeddingsDialect(
                    base: .fixed("https://openrouter.ai/api/v1"),
                    key: .required("OPENROUTER_API_KEY", of: "OpenRouter"), batch: .fixed(500),
                    batchTokens: 250_000, concurrency: 4, chunkLength: .fixed(8191), headers: ["X-Title": "Lectern"])),
            model: .embedding(standard: "baai/bge-m3")),
        images: ImageOffer(
            dialect: .chat, base: .fixed("https://openrouter.ai/api/v1"),
            key: .required(
                "IMAGE_GEN_OPENROUTER_API_KEY",
                else: .imageSetting("IMAGE_GEN_OPENROUTER_API_KEY")),
            model: .set(
                "IMAGE_GEN_MODEL_PREF",
                else: .imageSetting("IMAGE_GEN_MODEL_PREF")),
            settings: [
                .key("ImageGenerationOpenRouterApiKey", "IMAGE_GEN_OPENROUTER_API_KEY", [.nonEmpty], .presence)
            ]))

    static let apiPie = Provider(
        "apipie", "APIpie",
        chat: ChatOffer(
            "ApiPieLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://apipie.ai/v1"),
                    key: .required("APIPIE_LLM_API_KEY", of: "ApiPie LLM"),
                    window: .known(else: 4096), images: .object(detail: "auto"))),
            model: .set("APIPIE_LLM_MODEL_PREF", standard: "openrouter/mistral-7b-instruct"),
            settings: [
                .key("ApipieLLMApiKey", "APIPIE_LLM_API_KEY", [.nonEmpty], .presence),
                .key("ApipieLLMModelPref", "APIPIE_LLM_MODEL_PREF", [.nonEmpty], .text),
            ]))

    static let ppio = Provider(
        "ppio", "PPIO",
        chat: ChatOffer(
            "PPIOLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.ppinfra.com/v3/openai"),
                    key: .required("PPIO_API_KEY", of: "PPIO"), window: .known(else: 4096),
                    images: .none)), model: .set("PPIO_MODEL_PREF", standard: "qwen/qwen2.5-32b-instruct"),
            settings: [
                .key("PPIOApiKey", "PPIO_API_KEY", [.nonEmpty], .presence),
                .key("PPIOModelPref", "PPIO_MODEL_PREF", [.nonEmpty], .text),
            ]))

    static let cometAPI = Provider(
        "cometapi", "CometAPI",
        chat: ChatOffer(
            "CometApiLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://api.cometapi.com/v1"),
                    key: .required("COMETAPI_LLM_API_KEY", of: "CometAPI"),
                    window: .known(else: 4096), images: .object(detail: "auto"))),
            model: .set("COMETAPI_LLM_MODEL_PREF", standard: "gpt-5-mini"),
            settings: [
                .key("CometApiLLMApiKey", "COMETAPI_LLM_API_KEY", [.nonEmpty], .presence),
                .key("CometApiLLMModelPref", "COMETAPI_LLM_MODEL_PREF", [.nonEmpty], .text),
                .key("CometApiLLMTimeout", "COMETAPI_LLM_TIMEOUT_MS", [], .text, limit: .wholeNumber(1...3_600_000)),
            ]))

    static let giteeAI = Provider(
        "giteeai", "Gitee AI",
        chat: ChatOffer(
            "GiteeAILLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .fixed("https://ai.gitee.com/v1"),
                    key: .required("GITEE_AI_API_KEY", of: "Gitee AI"),
                    window: .setOrKnown("GITEE_AI_MODEL_TOKEN_LIMIT", else: 8192), images: .none)),
            model: .set("GITEE_AI_MODEL_PREF"),
            settings: [
                .key("GiteeAIApiKey", "GITEE_AI_API_KEY", [.nonEmpty], .presence),
                .key("GiteeAIModelPref", "GITEE_AI_MODEL_PREF", [.nonEmpty], .text),
                .key("GiteeAITokenLimit", "GITEE_AI_MODEL_TOKEN_LIMIT", [.aboveZero], .textElseNumber(8192)),
            ]))
}
