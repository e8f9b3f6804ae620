import Dispatch
package import Domain

/// A BERT in this process behind the `Embedder` seam.
///
/// The computing is done on two queues of its own, never on the threads that serve requests: passages one call after
/// another on up to `threads` threads of low priority, queries beside them on one, so that a question does not wait for a
/// document.
/// Queries that come while others are computed are computed together afterwards: a short text takes hardly longer than
/// the reading of the weights, which is then done once for all of them.
///
/// The weights are read at the first use, so that a server starts at once and one that nobody asks stays small.
package struct BERTEmbedder: Embedder {
    package let model: EmbeddingModel

    private let weights: LazyModel<BERTModel>
    private let threads: Int
    private let passages = DispatchQueue(label: "bert.passages", qos: .utility)
    private let queries: QueryQueue

    /// No language's tokens are as long on average; what lies beyond that many bytes of a question is not looked at.
    private static let bytesPerToken = 32

    /// Texts that are embedded without looking whether they are still wanted: a fraction of a second's work.
    package let preferredBatchSize = 32

    /// Throws where the folder or a file is missing or says something impossible; weights that are damaged come out at the
    /// first use.
    package init(folder: String, options: BERTOptions = BERTOptions(), threads: Int) throws(BERTError) {
        model = try BERTPlan(folder: folder, options: options).description
        let bytes = (model.maximumInputTokens ?? 512) * Self.bytesPerToken
        let weights = LazyModel { () throws(BERTError) in try BERTModel(folder: folder, options: options) }
        self.weights = weights
        queries = QueryQueue(maximumBatch: preferredBatchSize, maximumBytes: bytes) {
            try Self.embeddings(of: $0, as: .query, weights)
        }
        self.threads = max(1, threads)
    }

    /// Loads the model where that has not been done.
    package func tokenCount(_ text: String) -> Int? { try? weights.get().tokenCount(text) }

    /// Loads the model where that has not been done.
    package func texts(ofTokens arrays: [[Int]]) throws -> [String] {
        let bert: BERTModel
        do throws(BERTError) { bert = try weights.get() } catch {
            throw ServiceError(.unavailable, "The embedding model cannot be loaded: \(error)", cause: error)
        }
        guard let texts = bert.texts(ofTokens: arrays) else {
            throw ServiceError.invalid(
                "The embedding model \(model.id) does not have all of these tokens. Tokens must be ids of its own "
                    + "vocabulary; send texts instead where they are another model's.")
        }
        return texts
    }

    package func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        var embeddings: [Embedding] = []
        embeddings.reserveCapacity(texts.count)
        for start in stride(from: 0, to: texts.count, by: preferredBatchSize) {
            try Task.checkCancellation()
            let batch = Array(texts[start..<min(start + preferredBatchSize, texts.count)])
            embeddings += try await compute(batch, as: role)
        }
        return embeddings
    }

    private func compute(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        if role == .query { return try await queries.embed(texts) }
        return try await withCheckedThrowingContinuation { continuation in
            passages.async { [weights, threads] in
                continuation.resume(
                    with: Result { try Self.embeddings(of: texts, as: .passage, weights, on: .background(threads)) })
            }
        }
    }

    private static func embeddings(
        of texts: [String], as role: EmbeddingRole, _ weights: LazyModel<BERTModel>, on workers: Workers = .threads(1)
    ) throws -> [Embedding] {
        do throws(BERTError) {
            return try weights.get().encode(texts, as: role, on: workers).map(Embedding.init)
        } catch {
            throw ServiceError(.unavailable, "The embedding model cannot be loaded: \(error)", cause: error)
        }
    }
}
