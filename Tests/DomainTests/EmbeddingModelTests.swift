import Domain
import Testing

@Suite struct EmbeddingModelTests {
    private func model(_ id: String) -> EmbeddingModel {
        EmbeddingModel(id: id, fingerprint: "f", dimensions: 2, maximumInputTokens: nil, maximumChunkLength: 1000)
    }

    @Test(arguments: [
        ("all-MiniLM-L6-v2", 0.25, 0.25), ("all-MiniLM-L6-v2", -0.1, 0), ("all-MiniLM-L6-v2", 1.01, 1),
        ("MintplexLabs/multilingual-e5-small", 0.7, 0), ("multilingual-e5-small", 0.85, 0.5), ("e5-base-v2", 1, 1),
        ("multilingual-e5-small", 0.4, 0), ("text-embedding-3-small", 0.5, 0.5),
    ])
    func `strangers are not alike, whatever their cosine`(id: String, cosine: Double, similarity: Double) {
        #expect(abs(model(id).similarity(ofCosine: cosine) - similarity) < 1e-9)
    }

    @Test(arguments: [
        ("all-MiniLM-L6-v2", true), ("sentence-transformers/all-mpnet-base-v2", true), ("BAAI/bge-small-en-v1.5", true),
        ("multilingual-e5-small", false), ("bge-m3", false), ("paraphrase-multilingual-MiniLM-L12-v2", false),
        ("text-embedding-3-large", false), ("nomic-embed-text-v1.5", true), ("snowflake-arctic-embed-l-v2.0", false),
    ])
    func `models that know English alone are known by their names`(id: String, knowsEnglishAlone: Bool) {
        #expect(model(id).knowsEnglishAlone == knowsEnglishAlone)
    }
}
