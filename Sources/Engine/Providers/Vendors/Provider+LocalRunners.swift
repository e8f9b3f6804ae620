/// More servers that people run themselves.
extension Provider {
    static let foundry = Provider(
        "foundry", "Foundry Local",
        chat: ChatOffer(
            "FoundryLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .set("FOUNDRY_BASE_PATH", endingIn: "v1", else: "No Foundry Base Path was set."),
                    window: .set("FOUNDRY_MODEL_TOKEN_LIMIT", else: 8192), windowListing: .models(widest: 16000),
                    images: .object(detail: "auto"), maximumTokensField: "max_completion_tokens",
                    limitsToWindow: true, loading: .foundry)),
            model: .set("FOUNDRY_MODEL_PREF", else: "No Foundry model was set."),
            settings: [
                .key("FoundryBasePath", "FOUNDRY_BASE_PATH", [.nonEmpty], .text, isAddress: true),
                .key("FoundryModelPref", "FOUNDRY_MODEL_PREF", [.nonEmpty], .text),
                .key(
                    "FoundryModelTokenLimit", "FOUNDRY_MODEL_TOKEN_LIMIT", [], .text,
                    limit: .wholeNumber(1...10_000_000)),
            ]))

    static let nvidiaNIM = Provider(
        "nvidia-nim", "NVIDIA NIM",
        chat: ChatOffer(
            "NvidiaNimLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .set(
                        "NVIDIA_NIM_LLM_BASE_PATH", endingIn: "v1", else: "No NVIDIA NIM API Base Path was set."),
                    window: .set("NVIDIA_NIM_LLM_MODEL_TOKEN_LIMIT", else: 4096), windowListing: .models(widest: nil),
                    images: .object(detail: "auto"), requestsUsage: true)),
            model: .set("NVIDIA_NIM_LLM_MODEL_PREF", else: "No NVIDIA NIM model was set."),
            settings: [
                .key("NvidiaNimLLMBasePath", "NVIDIA_NIM_LLM_BASE_PATH", [.url], .text, stored: .asVersionedBase),
                .key("NvidiaNimLLMModelPref", "NVIDIA_NIM_LLM_MODEL_PREF", [], .text),
                .fact(.nvidiaNIMTokenLimit),
            ]))

    static let dockerModelRunner = Provider(
        "docker-model-runner", "Docker Model Runner",
        chat: ChatOffer(
            "DockerModelRunnerLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .set(
                        "DOCKER_MODEL_RUNNER_BASE_PATH", endingIn: "engines/v1",
                        else: "No Docker Model Runner API Base Path was set."),
                    window: .set("DOCKER_MODEL_RUNNER_LLM_MODEL_TOKEN_LIMIT", else: 8192),
                    images: .object(detail: "auto"), requestsUsage: true)),
            model: .set("DOCKER_MODEL_RUNNER_LLM_MODEL_PREF", else: "No Docker Model Runner Model Pref was set."),
            settings: [
                .key("DockerModelRunnerBasePath", "DOCKER_MODEL_RUNNER_BASE_PATH", [.url], .text),
                .key("DockerModelRunnerModelPref", "DOCKER_MODEL_RUNNER_LLM_MODEL_PREF", [.nonEmpty], .text),
                .key(
                    "DockerModelRunnerModelTokenLimit", "DOCKER_MODEL_RUNNER_LLM_MODEL_TOKEN_LIMIT", [.aboveZero],
                    .textElseNumber(8192)),
            ]))

    static let privateMode = Provider(
        "privatemode", "Privatemode",
        chat: ChatOffer(
            "PrivatemodeLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .set("PRIVATEMODE_LLM_BASE_PATH", endingIn: "v1", else: "No Privatemode Base Path was set."),
                    window: .known(else: 16384), images: .object(detail: "auto"), requestsUsage: true)),
            model: .set("PRIVATEMODE_LLM_MODEL_PREF", else: "No Privatemode model was set."),
            settings: [
                .key("PrivateModeBasePath", "PRIVATEMODE_LLM_BASE_PATH", [.url], .text),
                .key("PrivateModeModelPref", "PRIVATEMODE_LLM_MODEL_PREF", [.nonEmpty], .text),
            ]))

    static let lemonade = Provider(
        "lemonade", "Lemonade",
        chat: ChatOffer(
            "LemonadeLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .set(
                        "LEMONADE_LLM_BASE_PATH", endingIn: "api/v1", else: "No Lemonade API Base Path was set."),
                    key: .optional("LEMONADE_LLM_API_KEY"),
                    window: .set("LEMONADE_LLM_MODEL_TOKEN_LIMIT", else: 8192), images: .object(detail: "auto"),
                    loading: .lemonade)),
            model: .set("LEMONADE_LLM_MODEL_PREF", else: "No Lemonade Model Pref was set."),
            settings: [
                .key("LemonadeLLMBasePath", "LEMONADE_LLM_BASE_PATH", [.url], .text),
                .key("LemonadeLLMApiKey", "LEMONADE_LLM_API_KEY", [], .presence),
                .key("LemonadeLLMModelPref", "LEMONADE_LLM_MODEL_PREF", [.nonEmpty], .text),
                .key(
                    "LemonadeLLMModelTokenLimit", "LEMONADE_LLM_MODEL_TOKEN_LIMIT", [.aboveZero], .textElseNumber(8192)),
            ]),
        embeddings: EmbeddingsOffer(
            .embeddings(
                EmbeddingsDialect(
                    base: .set("EMBEDDING_BASE_PATH", endingIn: "api/v1", else: "No embedding base path was set."),
                    key: .optional("LEMONADE_LLM_API_KEY"), batch: .fixed(50), chunkLength: .set(else: 8191))),
            model: .embedding(else: "No embedding model was set.")),
        images: ImageOffer(
            dialect: .images(severalReferences: "image"),
            base: .set(
                "IMAGE_GEN_LEMONADE_BASE_PATH", endingIn: "api/v1",
                else: .imageSetting("IMAGE_GEN_LEMONADE_BASE_PATH")),
            key: .optional("IMAGE_GEN_LEMONADE_API_KEY"),
            model: .set(
                "IMAGE_GEN_MODEL_PREF",
                else: .imageSetting("IMAGE_GEN_MODEL_PREF")),
            settings: [
                .key("ImageGenerationLemonadeBasePath", "IMAGE_GEN_LEMONADE_BASE_PATH", [.url], .text),
                .key("ImageGenerationLemonadeApiKey", "IMAGE_GEN_LEMONADE_API_KEY", [], .presence),
            ]),
        listening: ListeningOffer(
            wire: .server(
                TranscriptionDialect(
                    base: .set(
                        "STT_LEMONADE_BASE_PATH", endingIn: "api/v1",
                        else: .speechSetting("STTLemonadeBasePath", "STT_LEMONADE_BASE_PATH")),
                    key: .optional("LEMONADE_LLM_API_KEY"),
                    model: .set("STT_LEMONADE_MODEL_PREF", standard: "whisper-1"), takesWAVAlone: true))))

    static let omlx = Provider(
        "omlx", "OMLX",
        chat: ChatOffer(
            "OMLXLLM",
            .chatCompletions(
                ChatCompletionsDialect(
                    base: .set("OMLX_LLM_BASE_PATH", endingIn: "v1", else: "No OMLX API Base Path was set."),
                    key: .optional("OMLX_LLM_API_KEY"), window: .set("OMLX_LLM_TOKEN_LIMIT", else: 16000),
                    windowListing: .models(widest: 16384),
                    images: .object(detail: "auto"), requestsUsage: true)),
            model: .set("OMLX_LLM_MODEL_PREF", else: "OMLX must have a valid model set."),
            settings: [
                .key("OMLXLLMBasePath", "OMLX_LLM_BASE_PATH", [.url], .text),
                .key("OMLXLLMApiKey", "OMLX_LLM_API_KEY", [], .presence),
                .key("OMLXLLMModelPref", "OMLX_LLM_MODEL_PREF", [.nonEmpty], .text),
                .key("OMLXLLMTokenLimit", "OMLX_LLM_TOKEN_LIMIT", [], .text, limit: .wholeNumber(1...10_000_000)),
            ]))
}
