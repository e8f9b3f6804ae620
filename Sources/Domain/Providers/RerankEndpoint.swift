/// A provider that judges how well texts answer a question.
package struct RerankEndpoint: Sendable, Equatable {
    /// How texts are sent to be judged. What comes back is told apart by itself.
    package enum Dialect: Sendable, Equatable {
        /// Cohere's `/v2/rerank`: `documents` and `top_n`.
        case cohere
        /// Jina's `/v1/rerank`, which llama.cpp, vLLM, LocalAI and Infinity have as well: the same with `return_documents`.
        case jina
        /// Voyage's `/v1/rerank`: `documents` and `top_k`.
        case voyage
        /// `/rerank` of Text Embeddings Inference: `texts`, and no model, of which the server has one.
        case textEmbeddingsInference
    }

    /// As messages to people name it.
    package var label: String
    /// Everything before `/rerank`.
    package var baseURL: String
    package var apiKey: String?
    /// `nil` where the server has one model and takes no name.
    package var modelID: String?
    package var dialect: Dialect
    /// Texts in one request, at least 1.
    package var batchSize: Int

    package init(
        label: String, baseURL: String, apiKey: String? = nil, modelID: String?, dialect: Dialect, batchSize: Int = 1000
    ) {
        self.label = label
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.modelID = modelID
        self.dialect = dialect
        self.batchSize = max(batchSize, 1)
    }
}
