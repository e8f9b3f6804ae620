/// A model that a vendor offers.
package struct OfferedModel: Sendable, Equatable {
    /// As settings and workspaces name it.
    package var id: String
    /// As the vendor names it towards people; `nil` where that is the id.
    package var name: String?
    /// In tokens; `nil` where the vendor does not say.
    package var contextWindow: Int?

    package init(id: String, name: String? = nil, contextWindow: Int? = nil) {
        self.id = id
        self.name = name
        self.contextWindow = contextWindow
    }
}

/// Where a vendor lists its models, and which of them chat.
package struct ModelListingEndpoint: Sendable, Hashable {
    /// How the list is written.
    package enum Format: Sendable, Hashable {
        /// OpenAI's, which most vendors follow, with what they add to it.
        case openAI
        /// Anthropic's.
        case anthropic
        /// Ollama's `api/tags`.
        case ollama
        /// Google's, which names what each model can do.
        case gemini
        /// Cohere's.
        case cohere
        /// Amazon Bedrock's foundation models.
        case bedrock
    }

    /// Who asks.
    package enum Authentication: Sendable, Hashable {
        case none
        case bearer(String)
        case header(String, key: String)
        case signature(AWSCredentials, region: String)
    }

    /// As messages to people name the vendor.
    package var label: String
    package var format: Format
    /// Everything before ``path``.
    package var baseURL: String
    /// With its query.
    package var path: String
    package var authentication: Authentication
    /// Of models that chat, ids begin so or hold it; empty where all do.
    package var wanted: [String] = []
    /// Models whose ids hold one of these do something else.
    package var unwanted: [String] = []

    package init(
        label: String, format: Format, baseURL: String, path: String, authentication: Authentication
    ) {
        self.label = label
        self.format = format
        self.baseURL = baseURL
        self.path = path
        self.authentication = authentication
    }
}

/// Asks a vendor which models it has.
package protocol ModelLister: Sendable {
    /// In the vendor's order, none twice. Throws `ServiceError` where the vendor cannot be asked.
    func models() async throws -> [OfferedModel]
}
