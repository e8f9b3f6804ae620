/// What sets one vendor of OpenAI's chat-completions dialect apart from the others.
package struct OpenAICompatibleEndpoint: Sendable, Equatable {
    /// How pictures ride on a message.
    package enum ImageEncoding: Sendable, Equatable {
        /// `{"type":"image_url","image_url":{"url":…,"detail":…}}`
        case object(detail: String?)
        /// `{"type":"image_url","image_url":…}`
        case string
        /// The model takes text alone.
        case omitted
    }

    /// As metrics name the provider, `GenericOpenAiLLM` say.
    package var providerName: String
    /// As messages to people name it, `GenericOpenAI` say.
    package var label: String
    /// Everything before `/chat/completions`.
    package var baseURL: String
    package var apiKey: String?
    /// Empty where the server has one model and takes no name.
    package var modelID: String
    /// In tokens, prompt and answer together.
    package var contextWindow: Int
    /// Sent as `max_tokens` where the caller does not say; `nil` leaves it to the provider.
    package var defaultMaximumTokens: Int?
    /// The field that bounds the answer: newer models of OpenAI take `max_completion_tokens` alone.
    package var maximumTokensField: String
    /// How freely the model chooses its words where nobody says so.
    package var defaultTemperature: Double
    /// Whether requests may say how freely the model chooses its words; reasoning models refuse it.
    package var takesTemperature: Bool
    package var customHeaders: CustomHeaders
    package var allowsStreaming: Bool
    /// Asks for the usage of a streamed reply. Some servers refuse requests with fields that they do not know.
    package var requestsUsage: Bool
    package var imageEncoding: ImageEncoding
    /// Whether requests may offer tools.
    package var supportsTools: Bool

    package init(
        providerName: String, label: String, baseURL: String, apiKey: String? = nil, modelID: String,
        contextWindow: Int, defaultMaximumTokens: Int? = nil, maximumTokensField: String = "max_tokens",
        defaultTemperature: Double = 0.7, takesTemperature: Bool = true, customHeaders: CustomHeaders = CustomHeaders(),
        allowsStreaming: Bool = true, requestsUsage: Bool = false, imageEncoding: ImageEncoding = .object(detail: nil),
        supportsTools: Bool = true
    ) {
        self.providerName = providerName
        self.label = label
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.modelID = modelID
        self.contextWindow = contextWindow
        self.defaultMaximumTokens = defaultMaximumTokens
        self.maximumTokensField = maximumTokensField
        self.defaultTemperature = defaultTemperature
        self.takesTemperature = takesTemperature
        self.customHeaders = customHeaders
        self.allowsStreaming = allowsStreaming
        self.requestsUsage = requestsUsage
        self.imageEncoding = imageEncoding
        self.supportsTools = supportsTools
    }
}
