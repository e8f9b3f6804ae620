/// What sets one vendor of embeddings apart from the others.
package struct EmbeddingsEndpoint: Sendable, Equatable {
    /// The language that the vendor's server speaks.
    package enum Dialect: String, Sendable {
        /// OpenAI's `embeddings`.
        case openAI = "openai"
        /// Voyage's `embeddings`: the same, but that it is told what a text is for.
        case voyage
        /// Cohere's `embed`, version 2.
        case cohere
        /// Gemini's `batchEmbedContents`.
        case gemini
        /// Ollama's `api/embed`.
        case ollama
    }

    /// What the vendor is asked to write vectors as; both are understood, whichever comes.
    package enum EncodingFormat: String, Sendable {
        /// Numbers as text.
        case float
        /// Little-endian float32 in base64: a third of the size, and exact.
        case base64
    }

    /// As messages to people name the provider, `GenericOpenAI` say.
    package var label: String
    package var dialect: Dialect
    /// Everything before the path of the operation; may carry a query.
    package var baseURL: String
    package var apiKey: String?
    /// The header that carries the key; `nil` for `Authorization: Bearer …`.
    package var keyHeader: String?
    /// `nil` where the server has one model and takes no name.
    package var modelID: String?
    /// Asks for vectors of this length; `nil` takes the model's own.
    package var dimensions: Int?
    /// Put before each text of its role.
    package var passagePrefix: String
    package var queryPrefix: String
    /// The longest chunk, in UTF-16 code units (`EMBEDDING_MODEL_MAX_CHUNK_LENGTH`).
    package var maximumChunkLength: Int
    /// Tokens of a text at most, `nil` where nobody knows.
    package var maximumInputTokens: Int?
    /// Texts in one request, at least 1.
    package var batchSize: Int
    /// Tokens of all texts of a request at most; `nil` where nobody says.
    package var batchTokens: Int?
    /// Requests under way at once, at least 1.
    package var concurrency: Int
    /// Waited between two requests, for servers with a strict rate limit.
    package var batchDelay: Duration
    /// `nil` does not mention it, for servers that refuse fields which they do not know.
    package var encodingFormat: EncodingFormat?
    package var customHeaders: CustomHeaders

    package init(
        label: String, dialect: Dialect = .openAI, baseURL: String, apiKey: String? = nil, keyHeader: String? = nil,
        modelID: String?, dimensions: Int? = nil, passagePrefix: String = "", queryPrefix: String = "",
        maximumChunkLength: Int = 1000, maximumInputTokens: Int? = nil, batchSize: Int = 500, batchTokens: Int? = nil,
        concurrency: Int = 1, batchDelay: Duration = .zero, encodingFormat: EncodingFormat? = .base64,
        customHeaders: CustomHeaders = CustomHeaders()
    ) {
        self.label = label
        self.dialect = dialect
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.keyHeader = keyHeader
        self.modelID = modelID
        self.dimensions = dimensions
        self.passagePrefix = passagePrefix
        self.queryPrefix = queryPrefix
        self.maximumChunkLength = maximumChunkLength
        self.maximumInputTokens = maximumInputTokens
        self.batchSize = max(batchSize, 1)
        self.batchTokens = batchTokens
        // A pause between requests is one for a server that is not to be asked twice at once.
        self.concurrency = batchDelay > .zero ? 1 : max(concurrency, 1)
        self.batchDelay = batchDelay
        self.encodingFormat = encodingFormat
        self.customHeaders = customHeaders
    }

    /// Short, and another one whenever the same text may give another vector: host or path, model, dimensions, prefixes.
    /// Credentials play no part in it.
    package var fingerprint: String {
        var address = WebAddress.withoutUserinfo(baseURL)
        while address.last == "/" { address.removeLast() }
        let parts = [address, modelID ?? "", dimensions.map(String.init) ?? "", passagePrefix, queryPrefix]
        return "\(dialect.rawValue):\(modelID ?? ""):\(FNV1a(parts.joined(separator: "\0")).hexadecimal)"
    }
}
