/// What has to happen because settings changed, judged by what holds and not by what was written: setting a default
/// explicitly changes nothing.
package struct SettingsEffects: Sendable, Equatable {
    /// Vectors made from now on differ from those that are kept: everything must be embedded again, once.
    package let changesEmbedder: Bool
    /// Vectors are kept elsewhere from now on: the new store must be filled, the old one can be emptied.
    package let changesVectorDatabase: Bool
    /// Names for the event log, in the contract's order. They are logged for a key that was applied, changed or not.
    package let events: [String]

    package init(before: SettingsSnapshot, after: SettingsSnapshot, appliedKeys: [String]) {
        changesEmbedder = before.embedderIdentity != after.embedderIdentity
        changesVectorDatabase = before.vectorDatabaseIdentity != after.vectorDatabaseIdentity
        events = Self.eventNames.filter { appliedKeys.contains($0.key) }.map(\.name)
    }

    private static let eventNames = [
        (key: "LLMProvider", name: "update_llm_provider"),
        (key: "EmbeddingEngine", name: "update_embedding_engine"),
        (key: "VectorDB", name: "update_vector_db"),
    ]
}

extension SettingsSnapshot {
    /// Everything that decides which vector a text gets. Only what the engine reads counts; keys and passwords do not.
    var embedderIdentity: [String?] {
        let engine = embeddingEngine
        if engine == "native" { return [engine, nativeEmbeddingModel] }
        let model = value(for: "EMBEDDING_MODEL_PREF") ?? Self.standardEmbeddingModels[engine]
        let place = Self.embedderPlaces[engine].flatMap { value(for: $0) }.map(comparable)
        let refinements = (Self.embedderRefinements[engine] ?? []).map { value(for: $0) }
        return [engine, model, place] + refinements
    }

    /// Everything that decides where vectors are kept.
    var vectorDatabaseIdentity: [String?] {
        let database = vectorDatabase
        return [database] + (Self.vectorDatabasePlaces[database] ?? []).map { effectiveValue(for: $0).map(comparable) }
    }

    /// An address without what does not change where it leads: user name, password and a closing slash.
    private func comparable(_ value: String) -> String {
        let bare = WebAddress.withoutUserinfo(value)
        return bare.hasSuffix("/") ? String(bare.dropLast()) : bare
    }

    private static let standardEmbeddingModels = [
        "openai": "text-embedding-ada-002",
        "gemini": "gemini-embedding-001",
        "cohere": "embed-english-v3.0",
        "voyageai": "voyage-3-lite",
        "litellm": "text-embedding-ada-002",
        "mistral": "mistral-embed",
        "openrouter": "baai/bge-m3",
    ]

    private static let embedderPlaces = [
        "azure": "AZURE_OPENAI_ENDPOINT",
        "litellm": "LITE_LLM_BASE_PATH",
        "localai": "EMBEDDING_BASE_PATH",
        "lmstudio": "EMBEDDING_BASE_PATH",
        "ollama": "EMBEDDING_BASE_PATH",
        "lemonade": "EMBEDDING_BASE_PATH",
        "generic-openai": "EMBEDDING_BASE_PATH",
    ]

    private static let embedderRefinements = [
        "gemini": ["EMBEDDING_OUTPUT_DIMENSIONS"],
        "localai": ["EMBEDDING_OUTPUT_DIMENSIONS"],
        "generic-openai": [
            "EMBEDDING_OUTPUT_DIMENSIONS", "GENERIC_OPEN_AI_EMBEDDING_PASSAGE_PREFIX",
            "GENERIC_OPEN_AI_EMBEDDING_QUERY_PREFIX",
        ],
    ]

    private static let vectorDatabasePlaces = [
        "chroma": ["CHROMA_ENDPOINT"],
        "chromacloud": ["CHROMACLOUD_TENANT", "CHROMACLOUD_DATABASE"],
        "pinecone": ["PINECONE_INDEX"],
        "weaviate": ["WEAVIATE_ENDPOINT"],
        "qdrant": ["QDRANT_ENDPOINT"],
        "milvus": ["MILVUS_ADDRESS"],
        "zilliz": ["ZILLIZ_ENDPOINT"],
        "astra": ["ASTRA_DB_ENDPOINT"],
        "pgvector": ["PGVECTOR_CONNECTION_STRING", "PGVECTOR_TABLE_NAME"],
    ]
}
