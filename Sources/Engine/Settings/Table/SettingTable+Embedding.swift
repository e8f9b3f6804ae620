extension SettingTable {
    /// Rows for embedding models, in the order in which they are sent.
    // A table reads by its columns, so the formatter leaves it alone.
    // swift-format-ignore
    static let embedding: [SettingTableRow] = [
        .key("EmbeddingEngine",                           "EMBEDDING_ENGINE",                                [.oneOf(.embedders)],                 .textElse("native")),
        .fact(.hasExistingEmbeddings),
        .fact(.hasCachedEmbeddings),
        .key("EmbeddingBasePath",                         "EMBEDDING_BASE_PATH",                             [.nonEmpty, .reachableFromContainer], .text, isAddress: true),
        .key("EmbeddingModelPref",                        "EMBEDDING_MODEL_PREF",                            [.nonEmpty],                          .embeddingModel),
        .key("EmbeddingOutputDimensions",                 "EMBEDDING_OUTPUT_DIMENSIONS",                     [],                                   .textOrNull, limit: .wholeNumber(1...65_536)),
        .key("EmbeddingModelMaxChunkLength",              "EMBEDDING_MODEL_MAX_CHUNK_LENGTH",                [.aboveZero],                         .text),
        .key("OllamaEmbeddingBatchSize",                  "OLLAMA_EMBEDDING_BATCH_SIZE",                     [.aboveZero],                         .textElseNumber(1)),
        .key("VoyageAiApiKey",                            "VOYAGEAI_API_KEY",                                [.nonEmpty],                          .presence),
        .key("GenericOpenAiEmbeddingApiKey",              "GENERIC_OPEN_AI_EMBEDDING_API_KEY",               [],                                   .presence),
        .key("GenericOpenAiEmbeddingMaxConcurrentChunks", "GENERIC_OPEN_AI_EMBEDDING_MAX_CONCURRENT_CHUNKS", [.aboveZero],                         .textElseNumber(500)),
        .key("GeminiEmbeddingApiKey",                     "GEMINI_EMBEDDING_API_KEY",                        [.nonEmpty],                          .presence),
        .key("GenericOpenAiEmbeddingPassagePrefix",       "GENERIC_OPEN_AI_EMBEDDING_PASSAGE_PREFIX",        [],                                   .textElse("")),
        .key("GenericOpenAiEmbeddingQueryPrefix",         "GENERIC_OPEN_AI_EMBEDDING_QUERY_PREFIX",          [],                                   .textElse("")),
    ]
}
