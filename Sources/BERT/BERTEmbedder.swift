import Dispatch
package import Domain

/// A BERT in this process behind the `Embedder` seam.
///
/// The computing is done on two queues of its own, never on the threads that serve requests: passages one call after
/// another on up to `threads` threads, queries beside them on one, so that a question does not wait for a document.
package struct BERTEmbedder: Embedder {
    package var model: EmbeddingModel { bert.description }

    private let bert: BERTModel
    private let threads: Int
    private let passages = DispatchQueue(label: "bert.passages", qos: .utility)
    private let queries = DispatchQueue(label: "bert.queries", qos: .userInitiated)

    /// Texts that are embedded without looking whether they are still wanted: a fraction of a second's work.
    package let preferredBatchSize = 32

    package init(_ bert: BERTModel, threads: Int) {
        self.bert = bert
        self.threads = max(1, threads)
    }

    package func tokenCount(_ text: String) -> Int? { bert.tokenCount(text) }

    package func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        var embeddings: [Embedding] = []
        embeddings.reserveCapacity(texts.count)
        for start in stride(from: 0, to: texts.count, by: preferredBatchSize) {
            try Task.checkCancellation()
            let batch = Array(texts[start..<min(start + preferredBatchSize, texts.count)])
            embeddings += await compute(batch, as: role)
        }
        return embeddings
    }

    private func compute(_ texts: [String], as role: EmbeddingRole) async -> [Embedding] {
        let (queue, count) = role == .query ? (queries, 1) : (passages, threads)
        return await withCheckedContinuation { continuation in
            queue.async { [bert] in
                continuation.resume(returning: bert.encode(texts, as: role, threads: count).map(Embedding.init))
            }
        }
    }
}
