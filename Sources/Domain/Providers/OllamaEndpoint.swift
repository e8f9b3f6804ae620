/// A model of an Ollama server.
package struct OllamaEndpoint: Sendable, Equatable {
    /// As metrics name the provider.
    package var providerName: String
    /// As messages to people name it.
    package var label: String
    /// Everything before `/api/chat`.
    package var baseURL: String
    package var apiKey: String?
    package var modelID: String
    /// Tokens that operators allow the context window; `nil` leaves it to what the server says of the model.
    package var windowLimit: Int?
    /// How many seconds the model stays loaded after its answer; below zero for ever.
    package var keepAliveSeconds: Int
    /// Whether requests may offer tools, where the model takes them.
    package var allowsTools: Bool

    package init(
        providerName: String, label: String, baseURL: String, apiKey: String? = nil, modelID: String,
        windowLimit: Int? = nil, keepAliveSeconds: Int = 300, allowsTools: Bool = true
    ) {
        self.providerName = providerName
        self.label = label
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.modelID = modelID
        self.windowLimit = windowLimit
        self.keepAliveSeconds = keepAliveSeconds
        self.allowsTools = allowsTools
    }
}
