/// A closed list of values and how a value outside it is refused.
package struct SettingChoice: Sendable, Equatable {
    package let values: [String]
    private let refusal: Refusal

    private enum Refusal: Equatable {
        /// The text, which lists what is allowed.
        case listing(String)
        /// `<value> is not a valid <noun>.`
        case naming(String)
    }

    package func message(for value: String) -> String? {
        if values.contains(value) { return nil }
        return switch refusal {
        case .listing(let text): text
        case .naming(let noun): "\(value) is not a valid \(noun)."
        }
    }
}

// The texts are the contract's, word for word; clients show them and some compare them.
extension SettingChoice {
    /// The contract's 38 and our built-in `extractive`, which quotes instead of generating.
    package static let languageModels = SettingChoice(
        values: [
            "openai", "azure", "anthropic", "gemini", "lmstudio", "localai", "ollama", "togetherai", "fireworksai",
            "mistral", "perplexity", "openrouter", "novita", "groq", "koboldcpp", "textgenwebui", "cohere", "litellm",
            "generic-openai", "bedrock", "deepseek", "apipie", "xai", "nvidia-nim", "ppio", "moonshotai", "cometapi",
            "foundry", "zai", "giteeai", "docker-model-runner", "privatemode", "sambanova", "lemonade", "minimax",
            "cerebras", "omlx", "anythingllm-router", "extractive",
        ],
        refusal: .naming("LLM provider"))

    static let embedders = listed(
        "Invalid Embedding model type. Must be one of ",
        [
            "openai", "azure", "gemini", "localai", "native", "ollama", "lmstudio", "cohere", "voyageai", "litellm",
            "generic-openai", "mistral", "openrouter", "lemonade",
        ])

    /// `lancedb` names the embedded store, as it does for the clients of the contract.
    static let vectorDatabases = listed(
        "Invalid VectorDB type. Must be one of ",
        [
            "chroma", "chromacloud", "pinecone", "lancedb", "weaviate", "qdrant", "milvus", "zilliz", "astra",
            "pgvector",
        ])

    static let imageGenerators = listed(
        "Invalid image generation provider. Must be one of ", ["openai", "ollama", "lemonade", "openrouter"])

    static let transcribers = SettingChoice(
        values: ["openai", "generic-openai", "local"], refusal: .naming("transcription model provider"))

    static let whisperModels = SettingChoice(
        values: ["Xenova/whisper-small", "Xenova/whisper-large"], refusal: .naming("Whisper model selection"))

    static let textToSpeech = SettingChoice(
        values: ["native", "openai", "elevenlabs", "piper_local", "generic-openai", "kokoro"],
        refusal: .naming("TTS provider"))

    static let speechToText = SettingChoice(
        values: ["native", "openai", "lemonade", "deepgram", "groq", "generic-openai"],
        refusal: .naming("STT provider"))

    static let azureModelTypes = listed("Invalid model type. Must be one of: ", ["default", "reasoning"])

    /// The message leaves `none` out; that is the contract's text.
    static let cacheControls = SettingChoice(
        values: ["none", "5m", "1h"], refusal: .listing("Invalid cache control. Must be one of: 5m, 1h."))

    static let safetySettings = listed(
        "Invalid Safety setting. Must be one of ",
        ["BLOCK_NONE", "BLOCK_ONLY_HIGH", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_LOW_AND_ABOVE"])

    private static func listed(_ opening: String, _ values: [String]) -> SettingChoice {
        SettingChoice(values: values, refusal: .listing(opening + values.joined(separator: ", ") + "."))
    }
}
