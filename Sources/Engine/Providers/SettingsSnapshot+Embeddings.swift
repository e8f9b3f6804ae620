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
        let base = try address(dialect.base)
        let key = try credential(dialect.key)
        let model = try modelID(offer.model)
        // As with AnythingLLM, a delay that is set is half a second at the least.
        let delay = dialect.delayVariable.flatMap { amount(for: $0) }.map { Duration.milliseconds(max($0, 500)) }
        return EmbeddingsEndpoint(
            label: row.name, baseURL: base, apiKey: key, modelID: model,
            dimensions: dialect.dimensionsVariable.flatMap { amount(for: $0) },
            passagePrefix: dialect.passagePrefixVariable.flatMap { value(for: $0) } ?? "",
            queryPrefix: dialect.queryPrefixVariable.flatMap { value(for: $0) } ?? "",
            maximumChunkLength: chunkLength(dialect.chunkLength, model: model ?? ""), batchSize: amount(dialect.batch),
            batchDelay: delay ?? .zero, encodingFormat: dialect.format?.encoding,
            customHeaders: CustomHeaders(dialect.headers))
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
