/// What sets one vendor of OpenAI's embeddings dialect apart from the others.
package struct EmbeddingsEndpoint: Sendable, Equatable {
    /// What the vendor is asked to write vectors as; both are understood, whichever comes.
    package enum EncodingFormat: String, Sendable {
        /// Numbers as text.
        case float
        /// Little-endian float32 in base64: a third of the size, and exact.
        case base64
    }

    /// As messages to people name the provider, `GenericOpenAI` say.
    package var label: String
    /// Everything before `/embeddings`.
    package var baseURL: String
    package var apiKey: String?
    /// `nil` where the server has one model and takes no name.
    package var modelID: String?
    /// Asks for vectors of this length; `nil` takes the model's own.
    package var dimensions: Int?
    /// Put before each text of its role.
    package var passagePrefix: String
    package var queryPrefix: String
    /// The longest chunk, in UTF-16 code units (`EMBEDDING_MODEL_MAX_CHUNK_LENGTH`).
    package var maximumChunkLength: Int
    /// Texts in one request, at least 1.
    package var batchSize: Int
    /// Waited between two requests, for servers with a strict rate limit.
    package var batchDelay: Duration
    /// `nil` does not mention it, for servers that refuse fields which they do not know.
    package var encodingFormat: EncodingFormat?
    package var customHeaders: CustomHeaders

    package init(
        label: String, baseURL: String, apiKey: String? = nil, modelID: String?, dimensions: Int? = nil,
        passagePrefix: String = "", queryPrefix: String = "", maximumChunkLength: Int = 1000, batchSize: Int = 500,
        batchDelay: Duration = .zero, encodingFormat: EncodingFormat? = .base64,
        customHeaders: CustomHeaders = CustomHeaders()
    ) {
        self.label = label
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.modelID = modelID
        self.dimensions = dimensions
        self.passagePrefix = passagePrefix
        self.queryPrefix = queryPrefix
        self.maximumChunkLength = maximumChunkLength
        self.batchSize = max(batchSize, 1)
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
        return "openai:\(modelID ?? ""):\(FNV1a(parts.joined(separator: "\0")).hexadecimal)"
    }
}
