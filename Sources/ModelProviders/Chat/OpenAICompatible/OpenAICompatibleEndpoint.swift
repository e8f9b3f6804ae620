/// What sets one vendor of OpenAI's chat-completions dialect apart from the others.
package struct OpenAICompatibleEndpoint: Sendable {
    /// How pictures ride on a message.
    package enum ImageEncoding: Sendable {
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
    package var modelID: String
    /// In tokens, prompt and answer together.
    package var contextWindow: Int
    /// Sent as `max_tokens` where the caller does not say; `nil` leaves it to the provider.
    package var defaultMaximumTokens: Int?
    package var customHeaders: CustomHeaders
    package var allowsStreaming: Bool
    /// Asks for the usage of a streamed reply. Some servers refuse requests with fields that they do not know.
    package var requestsUsage: Bool
    package var imageEncoding: ImageEncoding
    /// Whether requests may offer tools.
    package var supportsTools: Bool

    package init(
        providerName: String, label: String, baseURL: String, apiKey: String? = nil, modelID: String,
        contextWindow: Int, defaultMaximumTokens: Int? = nil, customHeaders: CustomHeaders = CustomHeaders(),
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
        self.customHeaders = customHeaders
        self.allowsStreaming = allowsStreaming
        self.requestsUsage = requestsUsage
        self.imageEncoding = imageEncoding
        self.supportsTools = supportsTools
    }

    /// Any server that speaks the dialect: llama.cpp, vLLM, a gateway.
    package static func generic(
        baseURL: String, apiKey: String?, modelID: String, contextWindow: Int = 4096, maximumTokens: Int = 1024,
        customHeaders: CustomHeaders = CustomHeaders(), allowsStreaming: Bool = true, requestsUsage: Bool = false,
        supportsTools: Bool = true
    ) -> OpenAICompatibleEndpoint {
        OpenAICompatibleEndpoint(
            providerName: "GenericOpenAiLLM", label: "GenericOpenAI", baseURL: baseURL, apiKey: apiKey,
            modelID: modelID, contextWindow: contextWindow, defaultMaximumTokens: maximumTokens,
            customHeaders: customHeaders, allowsStreaming: allowsStreaming, requestsUsage: requestsUsage,
            imageEncoding: .object(detail: "high"), supportsTools: supportsTools)
    }
}
