/// All vendors that the contract and we know. A vendor is one row; everything that names vendors is made from here.
package enum ProviderRegistry {
    /// In the order in which `GET /v1/system` reports their settings.
    package static let all =
        [
            Provider.openAI, .azure, .anthropic, .gemini, .lmStudio, .localAI, .ollama, .novita, .togetherAI,
            .fireworksAI, .perplexity, .openRouter, .mistral, .groq, .koboldCPP, .textGenWebUI, .liteLLM, .moonshotAI,
            .genericOpenAI, .foundry, .bedrock, .cohere, .deepSeek, .apiPie, .xAI, .nvidiaNIM, .ppio, .cometAPI, .zAI,
            .giteeAI, .dockerModelRunner, .privateMode, .sambaNova, .lemonade, .minimax, .cerebras, .omlx, .voyageAI,
            .router, .extractive, .native, .elevenLabs, .piper, .kokoro, .deepgram, .localWhisper, .jina,
            .textEmbeddingsInference,
        ] + Provider.vectorDatabases

    private static let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

    package static func provider(_ id: String) -> Provider? { byID[id] }

    // MARK: Choices

    /// Vendors of one kind: all that are known, and those that this version has a client for.
    struct Choices: Sendable {
        let known: [String]
        let built: [String]

        /// - Parameter order: in which the contract's messages list them; those that it does not name come last.
        init(order: [String] = [], _ isOffered: (Provider) -> Bool, built isBuilt: (Provider) -> Bool) {
            let offered = all.filter(isOffered)
            let rest = offered.map(\.id).filter { !order.contains($0) }
            known = order.filter { id in offered.contains { $0.id == id } } + rest
            let clients = Set(offered.filter(isBuilt).map(\.id))
            built = known.filter(clients.contains)
        }
    }

    static let chat = Choices({ $0.chat != nil }, built: { $0.chat?.wire != nil })
    static let embeddings = Choices(
        order: [
            "openai", "azure", "gemini", "localai", "native", "ollama", "lmstudio", "cohere", "voyageai", "litellm",
            "generic-openai", "mistral", "openrouter", "lemonade",
        ], { $0.embeddings != nil }, built: { $0.embeddings?.wire != nil })
    static let images = Choices(
        order: ["openai", "ollama", "lemonade", "openrouter"], { $0.images != nil }, built: { $0.images != nil })
    static let vectors = Choices(
        order: [
            "chroma", "chromacloud", "pinecone", "lancedb", "weaviate", "qdrant", "milvus", "zilliz", "astra",
            "pgvector",
        ], { $0.vectors != nil }, built: { $0.vectors?.isBuilt == true })

    static let reranking = Choices(
        order: ["native"], { $0.reranking != nil }, built: { $0.reranking != nil })

    static let transcription = Choices({ $0.transcription != nil }, built: { $0.transcription != nil })

    static let speaking = Choices({ $0.speaking != nil }, built: { $0.speaking != nil })
    static let listening = Choices({ $0.listening != nil }, built: { $0.listening != nil })

    // MARK: What is read

    /// The variables that the clients of this version read.
    static let readVariables = Set(all.flatMap(\.readVariables))
}

extension Provider {
    /// Every variable that decides how one of its clients is made.
    var readVariables: [String] {
        var variables: [String?] = []
        switch chat?.wire {
        case .chatCompletions(let dialect)?, .responses(let dialect)?:
            variables += dialect.variables + (chat?.model.variables ?? [])
        case .messages(let dialect)?:
            variables += [dialect.base.variable, dialect.key.variable, dialect.cacheVariable]
            variables += chat?.model.variables ?? []
        case .ollama(let dialect)?:
            variables += [
                dialect.base.variable, dialect.key.variable, dialect.windowVariable, dialect.keepAliveVariable,
            ]
            variables += chat?.model.variables ?? []
        case .gemini(let dialect)?:
            variables += [dialect.base.variable, dialect.key.variable, dialect.safetyVariable]
            variables += chat?.model.variables ?? []
        case .bedrock(let dialect)?: variables += dialect.variables + (chat?.model.variables ?? [])
        case .router?: variables.append(SettingsSnapshot.routerVariable)
        case .extractive?, nil: break
        }
        variables += embeddings?.readVariables ?? []
        variables += reranking?.readVariables ?? []
        if let images { variables += [images.base.variable, images.key?.variable] + images.model.variables }
        if case .transcriptions(let dialect)? = transcription?.wire { variables += dialect.variables }
        if case .server(let dialect)? = listening?.wire { variables += dialect.variables }
        if case .server(let dialect)? = speaking?.wire {
            variables += [dialect.base.variable, dialect.key.variable]
            variables += dialect.model.variables + dialect.voice.variables
        }
        return variables.compactMap(\.self)
    }
}

extension EmbeddingsOffer {
    var readVariables: [String] {
        switch wire {
        case .embeddings(let dialect)?: dialect.variables.compactMap(\.self) + model.variables
        case .inProcess?: model.variables
        case nil: []
        }
    }
}

extension TranscriptionDialect {
    fileprivate var variables: [String?] { [base.variable, key.variable] + model.variables }
}

extension RerankingOffer {
    fileprivate var readVariables: [String?] {
        let shared: String? = if case .rerank(let dialect) = wire { dialect.sharedKey } else { nil }
        return [Self.providerVariable, Self.baseVariable, Self.keyVariable, Self.modelVariable, shared]
    }
}

extension ChatCompletionsDialect {
    fileprivate var variables: [String?] {
        [
            base.variable, key?.variable, maximumTokens?.variable, window.variable, modelTypeVariable, usageSwitch,
            wholeAnswersSwitch, headersVariable,
        ]
    }
}

extension EmbeddingsDialect {
    fileprivate var variables: [String?] {
        var names = [base.variable, key?.variable, batch.variable]
        if case .set = chunkLength { names.append(ChunkLength.variable) }
        return names + [dimensionsVariable, passagePrefixVariable, queryPrefixVariable, delayVariable]
    }
}
