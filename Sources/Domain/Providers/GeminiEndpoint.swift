/// A model of Google's Gemini API.
package struct GeminiEndpoint: Sendable, Equatable {
    /// As metrics name the provider.
    package var providerName: String
    /// As messages to people name it.
    package var label: String
    /// Everything before `/models`.
    package var baseURL: String
    package var apiKey: String?
    package var modelID: String
    /// In tokens, prompt and answer together.
    package var contextWindow: Int
    /// From which likelihood of harm on the vendor blocks, `BLOCK_ONLY_HIGH` say; `nil` leaves it to the vendor.
    package var safetyThreshold: String?
    /// Whether the model takes an instruction apart from what the user says.
    package var takesInstructions: Bool
    /// Whether requests may offer tools.
    package var supportsTools: Bool

    package init(
        providerName: String, label: String, baseURL: String, apiKey: String? = nil, modelID: String,
        contextWindow: Int, safetyThreshold: String? = nil, takesInstructions: Bool = true, supportsTools: Bool = true
    ) {
        self.providerName = providerName
        self.label = label
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.modelID = modelID
        self.contextWindow = contextWindow
        self.safetyThreshold = safetyThreshold
        self.takesInstructions = takesInstructions
        self.supportsTools = supportsTools
    }
}
