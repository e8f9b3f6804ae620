import Domain
import Engine
import Persistence
import SearchIndexes

/// Embedder and indexes, with what fills and searches them.
struct SearchIndex: Sendable {
    let embedders: WorkspaceEmbedders
    let embedderChange: EmbedderChange
    let vectors: EmbeddedVectorStore
    let words: EmbeddedTextIndex
    let indexer: WorkspaceIndexer
    let retriever: Retriever

    init(_ parts: ServerParts, stores: Stores, secrets: SecretBox, settings: SettingsSnapshot, jobs: JobQueue) {
        let models = parts.models
        let make: WorkspaceEmbedders.Factory = { settings throws(ServiceError) in
            CutEmbedder.embedder(try models.embedder(settings), settings)
        }
        let embedding = EmbeddingService(CutEmbedder.embedder(models.embedderOrProblem(settings), settings))
        embedders = WorkspaceEmbedders(
            embedding: embedding, store: stores.embedders, secrets: secrets, make: make)
        embedderChange = EmbedderChange(
            embedders: embedders, store: stores.embedders, secrets: secrets, jobs: jobs, make: make)
        vectors = EmbeddedVectorStore(source: stores.vectors, memoryLimit: parts.vectorMemoryBytes)
        let terms = TermBuilder(stores.chunks)
        words = EmbeddedTextIndex(source: terms, memoryLimit: parts.vectorMemoryBytes / 4)
        let indexes = ChunkIndexes(vectors: vectors, words: words, chunks: stores.chunks)
        indexer = WorkspaceIndexer(
            builder: ChunkSetBuilder(
                documents: stores.documents, chunks: stores.chunks, terms: terms, embedding: embedding),
            chunks: stores.chunks, memberships: stores.memberships, workspaces: stores.workspaces, indexes: indexes,
            embedders: embedders)
        retriever = Retriever(
            embedders: embedders, indexes: indexes, chunks: stores.chunks, reranker: models.reranker(settings),
            rerankingTime: settings.amount(for: "LECTERN_RERANKER_MILLISECONDS").map { .milliseconds($0) }
                ?? Retriever.rerankingTime,
            logger: parts.logger)
    }

    var embedding: EmbeddingService { embedders.embedding }
}
