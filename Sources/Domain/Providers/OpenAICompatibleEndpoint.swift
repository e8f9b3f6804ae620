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

    /// How the instruction of a prompt is said.
    package enum SystemRole: Sendable, Equatable {
        case system
        /// By the user, for models that know no instruction.
        case user
        /// By the user, with an answer of the assistant, for those that want the two by turns.
        case exchange
    }

    /// Where a server says how large the windows of its models are, and what is made of it.
    package struct WindowListing: Sendable, Equatable {
        package enum Place: Sendable { case models, lmStudio }

        package var place: Place
        /// What operators allow, in tokens.
        package var limit: Int?
        /// What is used where they say nothing: a larger window takes gigabytes of memory. `nil` knows no bound.
        package var widest: Int?

        package init(_ place: Place, limit: Int? = nil, widest: Int? = nil) {
            self.place = place
            self.limit = limit
            self.widest = widest
        }

        package func window(listed: Int) -> Int { min(listed, limit ?? widest ?? listed) }
    }

    /// What a server has to be told before a model of it is asked.
    package enum Loading: Sendable { case lemonade, foundry }

    /// As metrics name the provider, `GenericOpenAiLLM` say.
    package var providerName: String
    /// As messages to people name it, `GenericOpenAI` say.
    package var label: String
    /// Everything before `/chat/completions`.
    package var baseURL: String
    package var apiKey: String?
    /// The header that carries the key as it is, `api-key` say; `nil` sends a bearer token.
    package var keyHeader: String?
    /// Empty where the server has one model and takes no name.
    package var modelID: String
    /// In tokens, prompt and answer together.
    package var contextWindow: Int
    package var windowListing: WindowListing?
    /// Sent as `max_tokens` where the caller does not say; `nil` leaves it to the provider.
    package var defaultMaximumTokens: Int?
    /// The field that bounds the answer: newer models of OpenAI take `max_completion_tokens` alone.
    package var maximumTokensField: String
    /// Has the window stand for a bound of the answer where there is no other.
    package var limitsToWindow = false
    /// How freely the model chooses its words where nobody says so.
    package var defaultTemperature: Double
    /// Whether requests may say how freely the model chooses its words; reasoning models refuse it.
    package var takesTemperature: Bool
    package var systemRole = SystemRole.system
    package var customHeaders: CustomHeaders
    package var allowsStreaming: Bool
    /// Asks for the usage of a streamed reply. Some servers refuse requests with fields that they do not know.
    package var requestsUsage: Bool
    /// Asks for what the model thinks, where the vendor wants to be asked.
    package var requestsReasoning = false
    package var imageEncoding: ImageEncoding
    /// Whether requests may offer tools.
    package var supportsTools: Bool
    /// Whether the model quotes pages of the web by numbers and says beside the text where they are.
    package var quotesWeb = false
    package var loading: Loading?

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
