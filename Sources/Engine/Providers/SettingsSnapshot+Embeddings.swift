package import Domain

/// An embedder that the settings name, with all that making it needs.
package enum EmbedderConnection: Sendable, Equatable {
    /// The encoder in this process with one of ``SettingsSnapshot/nativeEmbeddingModels``.
    case inProcess(model: String)
    case embeddings(EmbeddingsEndpoint)
}

extension SettingsSnapshot {
    /// - Throws: `unavailable`, in the contract's words, where something that the engine needs is not set.
    package func embedderConnection() throws(ServiceError) -> EmbedderConnection {
        let engine = embeddingEngine
        guard let row = ProviderRegistry.provider(engine), let offer = row.embeddings, let wire = offer.wire else {
            throw ServiceError(
                .unavailable,
                "The embedding engine \(engine) is not available in this version. "
                    + "Available: \(ProviderRegistry.embeddings.built.joined(separator: ", ")).")
        }
        switch wire {
        case .inProcess: return .inProcess(model: nativeEmbeddingModel)
        case .embeddings(let dialect): return .embeddings(try endpoint(dialect, of: row, offer))
        }
    }

    private func endpoint(
        _ dialect: EmbeddingsDialect, of row: Provider, _ offer: EmbeddingsOffer
    ) throws(ServiceError) -> EmbeddingsEndpoint {
        var base = try address(dialect.base)
        let key = try credential(dialect.key)
        let model = try modelID(offer.model)
        if let version = dialect.deploymentVersion {
            base = try deployment(model ?? "", at: base, version: version)
        }
        let known = model.flatMap { KnownEmbeddingModel($0) }
        let prefixes = prefixes(dialect, known)
        // As with AnythingLLM, a delay that is set is half a second at the least.
        let delay = dialect.delayVariable.flatMap { amount(for: $0) }.map { Duration.milliseconds(max($0, 500)) }
        return EmbeddingsEndpoint(
            label: row.name, dialect: dialect.language, baseURL: base, apiKey: key, keyHeader: dialect.keyHeader,
            modelID: model, dimensions: dialect.dimensionsVariable.flatMap { amount(for: $0) },
            passagePrefix: prefixes.passage, queryPrefix: prefixes.query,
            maximumChunkLength: chunkLength(dialect.chunkLength, model: model ?? ""),
            maximumInputTokens: known?.tokenLimit, batchSize: amount(dialect.batch), batchTokens: dialect.batchTokens,
            concurrency: dialect.concurrency, batchDelay: delay ?? .zero, encodingFormat: dialect.format?.encoding,
            customHeaders: CustomHeaders(dialect.headers))
    }

    /// Those that are set, an empty text among them, else what the model's maker wants. Vendors that are told what a text is
    /// for by a field of its own put in front what they need themselves.
    private func prefixes(
        _ dialect: EmbeddingsDialect, _ known: KnownEmbeddingModel?
    ) -> (passage: String, query: String) {
        let isTold = [.cohere, .voyage].contains(dialect.language)
        let own = isTold ? nil : known
        return (
            passage: dialect.passagePrefixVariable.flatMap { writtenValue(for: $0) } ?? own?.passagePrefix ?? "",
            query: dialect.queryPrefixVariable.flatMap { writtenValue(for: $0) } ?? own?.queryPrefix ?? ""
        )
    }

    /// Azure's address of a deployment, whatever path the address that is set has.
    private func deployment(_ name: String, at address: String, version: String) throws(ServiceError) -> String {
        guard let base = WebAddress(address)?.base(endingIn: "openai/deployments") else {
            throw ServiceError(.unavailable, "AZURE_OPENAI_ENDPOINT is no address.")
        }
        return "\(base)/\(name.pathSegment)?api-version=\(version)"
    }

    private func chunkLength(_ length: EmbeddingsDialect.ChunkLength, model: String) -> Int {
        switch length {
        case .fixed(let units): return units
        case .byModel(let beginnings, let standard):
            return beginnings.first { model.hasPrefix($0.key) }?.value ?? standard
        case .set(let standard):
            let set = integer(for: EmbeddingsDialect.ChunkLength.variable) ?? 0
            return set > 1 ? set : standard
        }
    }

    /// The embedding engine that holds: the one that is set, also where this version does not have it, else `native`.
    package var embeddingEngine: String {
        let engine = effectiveValue(for: "EMBEDDING_ENGINE") ?? Provider.native.id
        return ProviderRegistry.embeddings.known.contains(engine) ? engine : Provider.native.id
    }

    /// Every variable that the embedder is made from.
    var embedderVariables: [String] {
        [
            "EMBEDDING_ENGINE", "LECTERN_CPU", "ANYTHINGLLM_MAX_RETRIES", Self.chunkSizeVariable,
            Self.chunkOverlapVariable, Self.chunkMethodVariable,
        ]
            + (ProviderRegistry.provider(embeddingEngine)?.embeddings?.readVariables ?? [])
    }

    /// Whether embedding is done in this process: the engine is `native`, none, or one that nobody knows.
    package var usesNativeEmbedder: Bool { embeddingEngine == Provider.native.id }

    /// The model of the embedder in this process: the one set if it is a native one, else the first of them.
    package var nativeEmbeddingModel: String {
        let preferred = value(for: "EMBEDDING_MODEL_PREF")
        return Self.nativeEmbeddingModels.first { $0 == preferred } ?? Self.nativeEmbeddingModels[0]
    }

    /// The names that the contract knows for models of the embedder in this process; the first is the default.
    package static let nativeEmbeddingModels = [
        "Xenova/all-MiniLM-L6-v2", "Xenova/nomic-embed-text-v1", "MintplexLabs/multilingual-e5-small",
    ]
}

extension EmbeddingsDialect.EncodingFormat {
    fileprivate var encoding: EmbeddingsEndpoint.EncodingFormat {
        switch self {
        case .float: .float
        case .base64: .base64
        }
    }
}
