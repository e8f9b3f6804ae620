extension SettingTable {
    /// Rows for vector databases, in the order in which they are sent.
    // A table reads by its columns, so the formatter leaves it alone.
    // swift-format-ignore
    static let vectorDatabases: [SettingTableRow] = [
        .key("VectorDB",                 "VECTOR_DB",                  [.nonEmpty, .oneOf(.vectorDatabases)],             .text),
        .key("PineConeKey",              "PINECONE_API_KEY",           [],                                                .presence),
        .key("PineConeIndex",            "PINECONE_INDEX",             [],                                                .text),
        .key("ChromaEndpoint",           "CHROMA_ENDPOINT",            [.url, .noTrailingSlash, .reachableFromContainer], .text),
        .key("ChromaApiHeader",          "CHROMA_API_HEADER",          [],                                                .text),
        .key("ChromaApiKey",             "CHROMA_API_KEY",             [],                                                .presence),
        .key("ChromaCloudApiKey",        "CHROMACLOUD_API_KEY",        [.nonEmpty],                                       .presence),
        .key("ChromaCloudTenant",        "CHROMACLOUD_TENANT",         [.nonEmpty],                                       .text),
        .key("ChromaCloudDatabase",      "CHROMACLOUD_DATABASE",       [.nonEmpty],                                       .text),
        .key("WeaviateEndpoint",         "WEAVIATE_ENDPOINT",          [.url, .reachableFromContainer],                   .text),
        .key("WeaviateApiKey",           "WEAVIATE_API_KEY",           [],                                                .presence),
        .key("QdrantEndpoint",           "QDRANT_ENDPOINT",            [.url, .reachableFromContainer],                   .text),
        .key("QdrantApiKey",             "QDRANT_API_KEY",             [],                                                .presence),
        .key("MilvusAddress",            "MILVUS_ADDRESS",             [.url, .reachableFromContainer],                   .text),
        .key("MilvusUsername",           "MILVUS_USERNAME",            [.nonEmpty],                                       .text),
        .key("MilvusPassword",           "MILVUS_PASSWORD",            [.nonEmpty],                                       .presence),
        .key("ZillizEndpoint",           "ZILLIZ_ENDPOINT",            [.url],                                            .text),
        .key("ZillizApiToken",           "ZILLIZ_API_TOKEN",           [.nonEmpty],                                       .presence),
        .key("AstraDBApplicationToken",  "ASTRA_DB_APPLICATION_TOKEN", [.nonEmpty],                                       .presence),
        .key("AstraDBEndpoint",          "ASTRA_DB_ENDPOINT",          [.nonEmpty],                                       .text, limit: .url),
        .key("PGVectorConnectionString", "PGVECTOR_CONNECTION_STRING", [.nonEmpty, .postgresURL],                         .presence),
        .key("PGVectorTableName",        "PGVECTOR_TABLE_NAME",        [.nonEmpty],                                       .textElse("anythingllm_vectors")),
    ]
}
