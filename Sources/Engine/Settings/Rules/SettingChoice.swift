/// A closed list of values and how a value outside it is refused.
package struct SettingChoice: Sendable, Equatable {
    /// All that the contract knows.
    package let values: [String]
    /// Those of them that this version can work with.
    package let available: [String]
    private let noun: String
    private let refusal: Refusal

    private enum Refusal: Equatable {
        /// The text, which lists what is allowed.
        case listing(String)
        /// `<value> is not a valid <noun>.`
        case naming
    }

    /// Why `value` is refused; `nil` where it can be chosen.
    package func message(for value: String) -> String? {
        if available.contains(value) { return nil }
        if values.contains(value) {
            return "The \(noun) \(value) is not available in this version. "
                + "Available: \(available.joined(separator: ", "))."
        }
        return switch refusal {
        case .listing(let text): text
        case .naming: "\(value) is not a valid \(noun)."
        }
    }
}

// The texts are the contract's, word for word; clients show them and some compare them.
extension SettingChoice {
    package static let languageModels = named("LLM provider", ProviderRegistry.chat)

    static let embedders = listed(
        "Invalid Embedding model type. Must be one of ", "embedding engine", ProviderRegistry.embeddings)

    static let vectorDatabases = listed(
        "Invalid VectorDB type. Must be one of ", "vector database", ProviderRegistry.vectors)

    static let imageGenerators = listed(
        "Invalid image generation provider. Must be one of ", "image generation provider", ProviderRegistry.images)

    static let transcribers = named("transcription model provider", ProviderRegistry.transcription)
    static let textToSpeech = named("TTS provider", ProviderRegistry.speaking)
    static let speechToText = named("STT provider", ProviderRegistry.listening)

    static let whisperModels = SettingChoice(
        ["Xenova/whisper-small", "Xenova/whisper-large"], noun: "Whisper model selection", refusal: .naming)

    static let azureModelTypes = listed("Invalid model type. Must be one of: ", ["default", "reasoning"])

    /// The message leaves `none` out; that is the contract's text.
    static let cacheControls = SettingChoice(
        ["none", "5m", "1h"], refusal: .listing("Invalid cache control. Must be one of: 5m, 1h."))

    static let safetySettings = listed(
        "Invalid Safety setting. Must be one of ",
        ["BLOCK_NONE", "BLOCK_ONLY_HIGH", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_LOW_AND_ABOVE"])

    private init(_ values: [String], available: [String]? = nil, noun: String = "value", refusal: Refusal) {
        self.values = values
        self.available = available ?? values
        self.noun = noun
        self.refusal = refusal
    }

    private static func named(_ noun: String, _ choices: ProviderRegistry.Choices) -> SettingChoice {
        SettingChoice(choices.known, available: choices.built, noun: noun, refusal: .naming)
    }

    private static func listed(
        _ opening: String, _ noun: String, _ choices: ProviderRegistry.Choices
    ) -> SettingChoice {
        SettingChoice(
            choices.known, available: choices.built, noun: noun, refusal: .listing(list(opening, choices.known)))
    }

    private static func listed(_ opening: String, _ values: [String]) -> SettingChoice {
        SettingChoice(values, refusal: .listing(list(opening, values)))
    }

    private static func list(_ opening: String, _ values: [String]) -> String {
        opening + values.joined(separator: ", ") + "."
    }
}
