package import Domain

/// A reranking model that the settings name, with all that making it needs.
package enum RerankerConnection: Sendable, Equatable {
    /// The cross-encoder in this process.
    case inProcess(folder: String)
    case rerank(RerankEndpoint)
}

extension SettingsSnapshot {
    /// Who judges results in rerank mode; `nil` where nobody is to. A model without a provider is a folder, as it always was.
    ///
    /// - Throws: `unavailable` where something that the provider needs is not set.
    package func rerankerConnection() throws(ServiceError) -> RerankerConnection? {
        let model = value(for: RerankingOffer.modelVariable)
        guard let id = value(for: RerankingOffer.providerVariable)?.lowercased() else {
            return model.map(RerankerConnection.inProcess)
        }
        guard let row = ProviderRegistry.provider(id), let offer = row.reranking else {
            throw ServiceError(
                .unavailable,
                "\(id) has no reranking model. Available: \(ProviderRegistry.reranking.built.joined(separator: ", ")).")
        }
        switch offer.wire {
        case .inProcess:
            guard let model else {
                throw ServiceError(
                    .unavailable, "\(RerankingOffer.modelVariable) names no folder of a cross-encoder.")
            }
            return .inProcess(folder: model)
        case .rerank(let dialect): return .rerank(try endpoint(dialect, of: row, model: model))
        }
    }

    private func endpoint(
        _ dialect: RerankDialect, of row: Provider, model: String?
    ) throws(ServiceError) -> RerankEndpoint {
        let own = value(for: RerankingOffer.baseVariable)
        guard let base = own ?? dialect.base else {
            throw ServiceError(
                .unavailable, "Reranking by \(row.id) needs \(RerankingOffer.baseVariable), which is not set.")
        }
        let shared = own == nil ? dialect.sharedKey : nil
        let variables = [RerankingOffer.keyVariable, shared].compactMap(\.self)
        let key = variables.lazy.compactMap { self.value(for: $0) }.first
        // Servers of one's own may go without.
        guard key != nil || own != nil || dialect.base == nil else {
            throw ServiceError(
                .unavailable, "Reranking by \(row.id) needs \(variables.joined(separator: " or ")), which is not set.")
        }
        return RerankEndpoint(
            label: row.name, baseURL: base, apiKey: key, modelID: model ?? dialect.model, dialect: dialect.dialect,
            batchSize: dialect.batchSize)
    }
}
