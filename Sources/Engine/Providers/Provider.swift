import Domain

/// A vendor of models, stores or speech, and all that the product knows of it: what it offers, which settings belong to
/// it, what it needs, what is used where nothing is set, and in what its wire differs.
///
/// Pure data. ``ProviderRegistry`` lists all of them, and choices, settings, validation, reports, the guide and the doctor
/// are made from that list. How a client is made depends on the ``ChatOffer/Wire`` and its siblings alone.
package struct Provider: Sendable {
    /// As settings and clients name it.
    package let id: String
    /// As messages to people name it.
    package let name: String
    package let chat: ChatOffer?
    package let embeddings: EmbeddingsOffer?
    package let reranking: RerankingOffer?
    package let images: ImageOffer?
    package let vectors: VectorsOffer?
    package let transcription: TranscriptionOffer?
    let speaking: SpeakingOffer?
    let listening: ListeningOffer?

    init(
        _ id: String, _ name: String, chat: ChatOffer? = nil, embeddings: EmbeddingsOffer? = nil,
        reranking: RerankingOffer? = nil, images: ImageOffer? = nil, vectors: VectorsOffer? = nil,
        transcription: TranscriptionOffer? = nil, speaking: SpeakingOffer? = nil, listening: ListeningOffer? = nil
    ) {
        self.id = id
        self.name = name
        self.chat = chat
        self.embeddings = embeddings
        self.reranking = reranking
        self.images = images
        self.vectors = vectors
        self.transcription = transcription
        self.speaking = speaking
        self.listening = listening
    }
}

/// Embedding models of a vendor.
package struct EmbeddingsOffer: Sendable {
    package enum Wire: Sendable {
        /// The encoder in this process.
        case inProcess
        /// A server's, in one of the languages of `EmbeddingsEndpoint`.
        case embeddings(EmbeddingsDialect)
    }

    /// `nil` where this version has no client for it.
    package let wire: Wire?
    let model: ModelChoice

    init(_ wire: Wire?, model: ModelChoice = .embedding()) {
        self.wire = wire
        self.model = model
    }
}

/// How one vendor is asked for embeddings.
package struct EmbeddingsDialect: Sendable {
    var language = EmbeddingsEndpoint.Dialect.openAI
    var base: BaseAddress
    /// The version of Azure's API, where the model is a deployment below the base address.
    var deploymentVersion: String?
    var key: Credential?
    /// The header that carries the key; `nil` for a bearer token.
    var keyHeader: String?
    /// Texts in one request.
    var batch: Amount
    /// Tokens of one request, where the vendor names a limit.
    var batchTokens: Int?
    /// Requests under way at once.
    var concurrency = 1
    /// The longest chunk, in UTF-16 code units.
    var chunkLength: ChunkLength
    var format: EncodingFormat? = .base64
    var dimensionsVariable: String?
    var passagePrefixVariable: String?
    var queryPrefixVariable: String?
    var delayVariable: String?
    var headers: KeyValuePairs<String, String> = [:]

    enum EncodingFormat: Sendable { case float, base64 }

    enum ChunkLength: Sendable {
        case fixed(Int)
        /// By the beginning of the model's id.
        case byModel(KeyValuePairs<String, Int>, else: Int)
        /// `EMBEDDING_MODEL_MAX_CHUNK_LENGTH`, where it is set.
        case set(else: Int)

        static let variable = "EMBEDDING_MODEL_MAX_CHUNK_LENGTH"
    }
}

/// Pictures that a vendor's models make. Every vendor of the contract is built.
package struct ImageOffer: Sendable {
    enum Dialect: Sendable {
        /// OpenAI's `images/generations` and `images/edits`.
        case images(severalReferences: String)
        case generationsOnly
        /// A chat completion whose message carries pictures.
        case chat
    }

    let dialect: Dialect
    let base: BaseAddress
    let key: Credential?
    let model: ModelChoice
    let settings: [SettingTableRow]
}

/// A vector database.
package struct VectorsOffer: Sendable {
    let isBuilt: Bool
    let settings: [SettingTableRow]

    static let embedded = VectorsOffer(isBuilt: true, settings: [])
    static func notBuilt(_ settings: [SettingTableRow]) -> VectorsOffer {
        VectorsOffer(isBuilt: false, settings: settings)
    }
}

/// The words of recordings by a vendor's models.
package struct TranscriptionOffer: Sendable {
    enum Wire: Sendable {
        /// Chosen where recordings are not to be transcribed: the contract's own model is none of this version.
        case none
        /// OpenAI's `audio/transcriptions`.
        case transcriptions(TranscriptionDialect)
    }

    let wire: Wire
}

/// How one vendor is asked for the words of recordings.
struct TranscriptionDialect: Sendable {
    var language = TranscriptionEndpoint.Dialect.openAI
    var base: BaseAddress
    var key: Credential
    var model: ModelChoice
    /// Of a file, where the vendor names a limit.
    var maximumFileBytes: Int?
    /// Whether recordings of other formats are decoded before they are sent.
    var takesWAVAlone = false
}
