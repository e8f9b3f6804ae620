/// A model behind Anthropic's Messages API.
package struct MessagesEndpoint: Sendable, Equatable {
    /// As metrics name the provider, `AnthropicLLM` say.
    package var providerName: String
    /// As messages to people name it.
    package var label: String
    /// Everything before `/messages`.
    package var baseURL: String
    package var apiKey: String?
    package var modelID: String
    /// In tokens, prompt and answer together.
    package var contextWindow: Int
    /// How freely the model chooses its words where nobody says so.
    package var defaultTemperature: Double
    /// Whether requests may say how freely the model chooses its words.
    package var takesTemperature: Bool
    /// Of an answer, where the caller does not say; `nil` asks the server what the model can.
    package var defaultMaximumTokens: Int?
    /// How long the server keeps what it has read of the system message, `5m` or `1h`; `nil` does not ask for it.
    package var cacheLifetime: String?
    /// Whether requests may offer tools.
    package var supportsTools: Bool

    package init(
        providerName: String, label: String, baseURL: String, apiKey: String? = nil, modelID: String,
        contextWindow: Int, defaultTemperature: Double = 0.7, takesTemperature: Bool = true,
        cacheLifetime: String? = nil, supportsTools: Bool = true
    ) {
        self.providerName = providerName
        self.label = label
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.modelID = modelID
        self.contextWindow = contextWindow
        self.defaultTemperature = defaultTemperature
        self.takesTemperature = takesTemperature
        self.cacheLifetime = cacheLifetime
        self.supportsTools = supportsTools
    }
}
