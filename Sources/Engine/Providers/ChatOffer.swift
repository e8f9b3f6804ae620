/// Language models of a vendor.
package struct ChatOffer: Sendable {
    /// The language that a vendor's server speaks; each has one client.
    package enum Wire: Sendable {
        /// No server: answers are quoted from the passages.
        case extractive
        /// Chooses one of the others by rules.
        case router
        /// OpenAI's `chat/completions`.
        case chatCompletions(ChatCompletionsDialect)
        /// OpenAI's `responses`; `chat/completions` for what these do not know.
        case responses(ChatCompletionsDialect)
        /// Anthropic's `messages`.
        case messages(MessagesDialect)
        /// Google's `generateContent`.
        case gemini(GeminiDialect)
        /// Amazon Bedrock, which speaks OpenAI's wire, Anthropic's and its own.
        case bedrock(BedrockDialect)
        /// Ollama's `api/chat`.
        case ollama(OllamaDialect)
    }

    /// `nil` where this version has no client for it.
    package let wire: Wire?
    /// As metrics name it, `MistralLLM` say.
    let metricsName: String
    let model: ModelChoice
    /// The vendor's rows of the table of settings, in the order in which they are reported.
    let settings: [SettingTableRow]

    init(_ metricsName: String, _ wire: Wire?, model: ModelChoice = .none, settings: [SettingTableRow]) {
        self.wire = wire
        self.metricsName = metricsName
        self.model = model
        self.settings = settings
    }
}

/// How one vendor speaks OpenAI's `chat/completions`.
package struct ChatCompletionsDialect: Sendable {
    var base: BaseAddress
    var key: Credential?
    /// The header that carries the key as it is; `nil` sends a bearer token.
    var keyHeader: String?
    var window: ContextWindow
    /// Where the server says how large its windows are.
    var windowListing: WindowListing?
    var images: ChatImages = .object()
    /// Sent where the caller does not bound the answer.
    var maximumTokens: Amount?
    var maximumTokensField = "max_tokens"
    /// Has the window stand for a bound of the answer where there is no other.
    var limitsToWindow = false
    var defaultTemperature = 0.7
    /// Models whose ids begin so take no temperature.
    var modelsWithoutTemperature: [String] = []
    /// Models with these ids know no system message.
    var modelsWithoutSystemRole: [String] = []
    /// Holds `reasoning` for models that take neither a temperature nor a system message.
    var modelTypeVariable: String?
    /// Asks for the usage of streamed replies. Some servers refuse fields that they do not know.
    var requestsUsage = false
    /// Asks for what a model thinks.
    var requestsReasoning = false
    /// Models whose ids begin so number the pages of the web that they quote.
    var modelsThatQuoteWeb: [String] = []
    /// What the server has to be told before a model of it is asked.
    var loading: Loading?
    /// Switches that operators have.
    var usageSwitch: String?
    var wholeAnswersSwitch: String?
    var headersVariable: String?
    var headers: KeyValuePairs<String, String> = [:]
    var list = ModelList.plain

    enum ChatImages: Sendable {
        case object(detail: String? = nil)
        case string
        case none
    }

    enum WindowListing: Sendable {
        /// Beside the chats.
        case models(widest: Int?)
        /// LM Studio's own.
        case lmStudio
    }

    enum Loading: Sendable { case lemonade, foundry }
}

/// How one vendor speaks Anthropic's `messages`.
package struct MessagesDialect: Sendable {
    var base: BaseAddress
    var key: Credential
    var window: ContextWindow
    /// Models whose ids hold one of these take no temperature.
    var modelsWithoutTemperature: [String] = []
    /// How long the server is to keep what it has read: `5m`, `1h` or `none`.
    var cacheVariable: String
}

/// What an Ollama server needs.
package struct OllamaDialect: Sendable {
    var base: BaseAddress
    var key: Credential
    /// Bounds the context window.
    var windowVariable: String
    var keepAliveVariable: String
}

/// What Google's Gemini API needs.
package struct GeminiDialect: Sendable {
    var base: BaseAddress
    var key: Credential
    var window: ContextWindow
    /// Holds from which likelihood of harm on the vendor is to block.
    var safetyVariable: String
    /// Models with these ids know no system message.
    var modelsWithoutSystemRole: [String]
}

/// What Amazon Bedrock needs.
package struct BedrockDialect: Sendable {
    /// Holds Bedrock's own key.
    var key: String
    /// The keys of an account, for requests that are signed: names of this program's contract, and Amazon's own.
    var credentials: [Credentials]
    /// The first that is set counts.
    var regions: [String]
    /// Replaces the address of the region.
    var addressVariable: String
    var window: ContextWindow
    var maximumTokens: Amount
    /// Models whose ids hold one of these take no temperature.
    var modelsWithoutTemperature: [String]
    /// Models with these ids know no system message.
    var modelsWithoutSystemRole: [String]
    var wholeAnswersSwitch: String
    /// Has Converse asked with Bedrock's own key, too.
    var converseSwitch: String

    struct Credentials: Sendable {
        let id: String
        let secret: String
        let token: String
    }

    var variables: [String?] {
        [key, addressVariable, window.variable, maximumTokens.variable, wholeAnswersSwitch, converseSwitch] + regions
            + credentials.flatMap { [$0.id, $0.secret, $0.token] }
    }
}
