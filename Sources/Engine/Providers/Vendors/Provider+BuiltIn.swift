/// What the program brings itself, and what the contract knows that is no vendor.
extension Provider {
    /// Quotes instead of generating; ours, and the default.
    static let extractive = Provider(
        "extractive", "The extractive answerer", chat: ChatOffer("ExtractiveLLM", .extractive, settings: []))

    /// The encoder in this process; for speech, what the contract leaves to the browser.
    static let native = Provider(
        "native", "The embedder in this process", embeddings: EmbeddingsOffer(.inProcess),
        speech: [.speaking, .listening])

    /// Chooses among the others by rules.
    static let router = Provider(
        "anythingllm-router", "The model router", chat: ChatOffer("ModelRouter", .router, settings: []))

    static let elevenLabs = Provider("elevenlabs", "ElevenLabs", speech: [.speaking])
    static let piper = Provider("piper_local", "Piper", speech: [.speaking])
    static let kokoro = Provider("kokoro", "Kokoro", speech: [.speaking])
    static let deepgram = Provider("deepgram", "Deepgram", speech: [.listening])
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
                    base: .fixed("https://api.voyageai.com/v1"),
                    key: .required("VOYAGEAI_API_KEY", of: "Voyage AI"), batch: .fixed(128),
                    chunkLength: .byModel(
                        [
                            "voyage-3": 32_000, "voyage-code-3": 32_000, "voyage-finance-2": 32_000,
                            "voyage-multilingual-2": 32_000, "voyage-large-2": 16_000, "voyage-law-2": 16_000,
                            "voyage-code-2": 16_000,
                        ], else: 4000), format: nil)), model: .embedding(standard: "voyage-3-lite")))
}
