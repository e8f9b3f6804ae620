/// Vector databases; `lancedb` names the embedded store, as it does for the clients of the contract.
extension Provider {
    static let vectorDatabases = [
        Provider("lancedb", "The embedded store", vectors: .embedded),
        Provider(
            "pinecone", "Pinecone",
            vectors: .notBuilt([
                .key("PineConeKey", "PINECONE_API_KEY", [], .presence),
                .key("PineConeIndex", "PINECONE_INDEX", [], .text),
            ])),
        Provider(
            "chroma", "Chroma",
            vectors: .notBuilt([
                .key("ChromaEndpoint", "CHROMA_ENDPOINT", [.url, .noTrailingSlash, .reachableFromContainer], .text),
                .key("ChromaApiHeader", "CHROMA_API_HEADER", [], .text),
                .key("ChromaApiKey", "CHROMA_API_KEY", [], .presence),
            ])),
        Provider(
            "chromacloud", "Chroma Cloud",
            vectors: .notBuilt([
                .key("ChromaCloudApiKey", "CHROMACLOUD_API_KEY", [.nonEmpty], .presence),
                .key("ChromaCloudTenant", "CHROMACLOUD_TENANT", [.nonEmpty], .text),
                .key("ChromaCloudDatabase", "CHROMACLOUD_DATABASE", [.nonEmpty], .text),
            ])),
        Provider(
            "weaviate", "Weaviate",
            vectors: .notBuilt([
                .key("WeaviateEndpoint", "WEAVIATE_ENDPOINT", [.url, .reachableFromContainer], .text),
                .key("WeaviateApiKey", "WEAVIATE_API_KEY", [], .presence),
            ])),
        Provider(
            "qdrant", "Qdrant",
            vectors: .notBuilt([
                .key("QdrantEndpoint", "QDRANT_ENDPOINT", [.url, .reachableFromContainer], .text),
                .key("QdrantApiKey", "QDRANT_API_KEY", [], .presence),
            ])),
        Provider(
            "milvus", "Milvus",
            vectors: .notBuilt([
                .key("MilvusAddress", "MILVUS_ADDRESS", [.url, .reachableFromContainer], .text),
                .key("MilvusUsername", "MILVUS_USERNAME", [.nonEmpty], .text),
                .key("MilvusPassword", "MILVUS_PASSWORD", [.nonEmpty], .presence),
            ])),
        Provider(
            "zilliz", "Zilliz",
            vectors: .notBuilt([
                .key("ZillizEndpoint", "ZILLIZ_ENDPOINT", [.url], .text),
                .key("ZillizApiToken", "ZILLIZ_API_TOKEN", [.nonEmpty], .presence),
            ])),
        Provider(
            "astra", "Astra DB",
            vectors: .notBuilt([
                .key("AstraDBApplicationToken", "ASTRA_DB_APPLICATION_TOKEN", [.nonEmpty], .presence),
                .key("AstraDBEndpoint", "ASTRA_DB_ENDPOINT", [.nonEmpty], .text, isAddress: true),
            ])),
        Provider(
            "pgvector", "pgvector",
            vectors: .notBuilt([
                .key("PGVectorConnectionString", "PGVECTOR_CONNECTION_STRING", [.nonEmpty, .postgresURL], .presence),
                .key("PGVectorTableName", "PGVECTOR_TABLE_NAME", [.nonEmpty], .textElse("anythingllm_vectors")),
            ])),
    ]
}
