/// A model of Amazon Bedrock, asked by its Converse API.
package struct ConverseEndpoint: Sendable, Equatable {
    /// Who asks.
    package enum Authentication: Sendable, Equatable {
        /// A key of Bedrock's own.
        case key(String)
        /// Signed for the region.
        case signature(AWSCredentials, region: String)
    }

    /// As metrics name the provider.
    package var providerName: String
    /// As messages to people name it.
    package var label: String
    /// Everything before `/model`.
    package var baseURL: String
    package var authentication: Authentication
    /// The id of a model or of an inference profile, or the ARN of either.
    package var modelID: String
    /// In tokens, prompt and answer together.
    package var contextWindow: Int
    /// Of an answer, where the caller does not say.
    package var defaultMaximumTokens: Int
    /// Whether requests may say how freely the model chooses its words.
    package var takesTemperature: Bool
    /// Whether the model takes an instruction apart from what the user says.
    package var takesInstructions = true
    package var allowsStreaming: Bool
    /// Whether requests may offer tools.
    package var supportsTools: Bool

    package init(
        providerName: String, label: String, baseURL: String, authentication: Authentication, modelID: String,
        contextWindow: Int, defaultMaximumTokens: Int = 4096, takesTemperature: Bool = true,
        allowsStreaming: Bool = true, supportsTools: Bool = true
    ) {
        self.providerName = providerName
        self.label = label
        self.baseURL = baseURL
        self.authentication = authentication
        self.modelID = modelID
        self.contextWindow = contextWindow
        self.defaultMaximumTokens = defaultMaximumTokens
        self.takesTemperature = takesTemperature
        self.allowsStreaming = allowsStreaming
        self.supportsTools = supportsTools
    }
}

/// Who somebody is to Amazon's services.
package struct AWSCredentials: Sendable, Hashable {
    package var accessKeyID: String
    package var secretAccessKey: String
    /// With keys that hold for a while only.
    package var sessionToken: String?

    package init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}
