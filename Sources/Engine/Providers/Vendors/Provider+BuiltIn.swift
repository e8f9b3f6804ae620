import Domain

/// What the program brings itself, and what the contract knows that is no vendor.
extension Provider {
    /// Quotes instead of generating; ours, and the default.
    static let extractive = Provider(
        "extractive", "The extractive answerer", chat: ChatOffer("ExtractiveLLM", .extractive, settings: []))

    /// The encoder in this process; for speech, what the contract leaves to the browser.
    static let native = Provider(
        "native", "The embedder in this process", embeddings: EmbeddingsOffer(.inProcess),
        reranking: RerankingOffer(wire: .inProcess), speaking: SpeakingOffer(wire: .browser),
        listening: ListeningOffer(wire: .browser))

    /// Chooses among the others by rules.
    static let router = Provider(
        "anythingllm-router", "The model router", chat: ChatOffer("ModelRouter", .router, settings: []))

    static let piper = Provider("piper_local", "Piper", speaking: SpeakingOffer(wire: .browser))
    static let localWhisper = Provider(
        "local", "Whisper in this process", transcription: TranscriptionOffer(wire: .none))
}

/// Vendors of embedding models alone.
extension Provider {
    static let voyageAI = Provider(
        "voyageai", "Voyage AI",
        embeddings: EmbeddingsOffer(
            .embeddings(
                EmbeddingsDialect(
                    language: .voyage, base: .fixed("https://api.voyageai.com/v1"),
                    key: .required("VOYAGEAI_API_KEY", of: "Voyage AI"), batch: .fixed(128), batchTokens: 80_000,
                    concurrency: 4,
                    chunkLength: .byModel(
                        [
                            "voyage-3": 32_000, "voyage-code-3": 32_000, "voyage-finance-2": 32_000,
                            "voyage-multilingual-2": 32_000, "voyage-large-2": 16_000, "voyage-law-2": 16_000,
                            "voyage-code-2": 16_000,
                        ], else: 4000), format: nil)), model: .embedding(standard: "voyage-3-lite")),
        reranking: RerankingOffer(
            wire: .rerank(
                RerankDialect(
                    dialect: .voyage, base: "https://api.voyageai.com/v1", sharedKey: "VOYAGEAI_API_KEY",
                    model: "rerank-2.5"))))
}
