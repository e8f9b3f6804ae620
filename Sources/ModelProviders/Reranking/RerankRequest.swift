import Domain
import OrderedJSON

/// The body that asks for texts to be judged by a question.
struct RerankRequest {
    let dialect: RerankEndpoint.Dialect
    let modelID: String?
    let question: String
    let texts: [String]

    /// Sources of the formats: Cohere's API reference (v2), Jina's and Voyage's, and the OpenAPI document of Text Embeddings
    /// Inference. All that is judged is asked for, and none of it sent back.
    var body: JSON {
        var body = JSONObject()
        body["model"] = modelID.map(JSON.string)
        body["query"] = .string(question)
        let list = JSON.array(texts.map(JSON.string))
        switch dialect {
        case .cohere:
            body["documents"] = list
            body["top_n"] = JSON(texts.count)
        case .jina:
            body["documents"] = list
            body["top_n"] = JSON(texts.count)
            body["return_documents"] = false
        case .voyage:
            body["documents"] = list
            body["top_k"] = JSON(texts.count)
            body["return_documents"] = false
            body["truncation"] = true
        case .textEmbeddingsInference:
            body["model"] = nil
            body["texts"] = list
            body["raw_scores"] = false
            body["return_text"] = false
            body["truncate"] = true
        }
        return .object(body)
    }
}
