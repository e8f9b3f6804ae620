import Domain

/// Models of a vendor that judge what a search has found.
package struct RerankingOffer: Sendable {
    enum Wire: Sendable {
        /// The cross-encoder in this process.
        case inProcess
        case rerank(RerankDialect)
    }

    let wire: Wire

    /// Which one judges, and where it is; they are read from the environment alone.
    static let providerVariable = "LECTERN_RERANKER_PROVIDER"
    static let baseVariable = "LECTERN_RERANKER_BASE_PATH"
    static let keyVariable = "LECTERN_RERANKER_API_KEY"
    /// A folder for the one in this process.
    static let modelVariable = "LECTERN_RERANKER_MODEL"
}

/// How one vendor is asked to judge.
struct RerankDialect: Sendable {
    var dialect: RerankEndpoint.Dialect
    /// The vendor's own address; `nil` where operators run the server.
    var base: String?
    /// Read where no key is set for reranking. It goes to the vendor's own address and to no other.
    var sharedKey: String?
    /// Used where none is set; `nil` where the server has one model.
    var model: String?
    /// Texts in one request.
    var batchSize = 1000
}

/// Vendors that are known for this alone.
extension Provider {
    static let jina = Provider(
        "jina", "Jina",
        reranking: RerankingOffer(
            wire: .rerank(
                RerankDialect(
                    dialect: .jina, base: "https://api.jina.ai/v1", model: "jina-reranker-v2-base-multilingual"))))

    static let textEmbeddingsInference = Provider(
        "tei", "Text Embeddings Inference",
        reranking: RerankingOffer(
            // 32 is what the server takes where nothing else is set.
            wire: .rerank(RerankDialect(dialect: .textEmbeddingsInference, batchSize: 32))))
}
