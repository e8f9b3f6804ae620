import Domain
import OrderedJSON

/// One request for embeddings, in the language of its vendor.
struct EmbeddingsRequest {
    let endpoint: EmbeddingsEndpoint
    /// With their prefixes.
    let texts: [String]
    let role: EmbeddingRole

    /// Below the base URL.
    var path: String {
        switch endpoint.dialect {
        case .openAI, .voyage: "embeddings"
        case .cohere: "embed"
        case .gemini: "models/\(geminiModel.pathSegment):batchEmbedContents"
        case .ollama: "api/embed"
        }
    }

    /// Sources of the formats: OpenAI's, Voyage's and Cohere's (v2) API references, Gemini's `EmbedContentRequest`, and
    /// Ollama's page on its API.
    var body: JSON {
        switch endpoint.dialect {
        case .openAI: openAI
        case .voyage: voyage
        case .cohere: cohere
        case .gemini: gemini
        case .ollama: ollama
        }
    }

    private var model: JSON? { endpoint.modelID.map(JSON.string) }
    private var list: JSON { .array(texts.map(JSON.string)) }
    private var dimensions: JSON? { endpoint.dimensions.map { .integer(Int64($0)) } }

    private var openAI: JSON {
        var body = JSONObject()
        body["model"] = model
        body["input"] = list
        body["encoding_format"] = (endpoint.encodingFormat?.rawValue).map(JSON.string)
        body["dimensions"] = dimensions
        return .object(body)
    }

    private var voyage: JSON {
        var body = JSONObject()
        body["model"] = model
        body["input"] = list
        body["input_type"] = role == .query ? "query" : "document"
        body["output_dimension"] = dimensions
        // No mention means numbers as text, and `float` is refused.
        body["encoding_format"] = endpoint.encodingFormat == .base64 ? "base64" : nil
        return .object(body)
    }

    private var cohere: JSON {
        var body = JSONObject()
        body["model"] = model
        body["texts"] = list
        body["input_type"] = role == .query ? "search_query" : "search_document"
        body["embedding_types"] = ["float"]
        body["truncate"] = "END"
        body["output_dimension"] = dimensions
        return .object(body)
    }

    private var geminiModel: String {
        let model = endpoint.modelID ?? ""
        return model.hasPrefix("models/") ? String(model.dropFirst("models/".count)) : model
    }

    private var gemini: JSON {
        let name = JSON.string("models/\(geminiModel)")
        // Models that are told by a prefix what a text is for take no type of task.
        let isToldByPrefix = !endpoint.queryPrefix.isEmpty || !endpoint.passagePrefix.isEmpty
        let requests = texts.map { text -> JSON in
            var request: JSONObject = ["model": name, "content": ["parts": [["text": .string(text)]]]]
            if !isToldByPrefix { request["taskType"] = role == .query ? "RETRIEVAL_QUERY" : "RETRIEVAL_DOCUMENT" }
            request["outputDimensionality"] = dimensions
            return .object(request)
        }
        return ["requests": .array(requests)]
    }

    /// The smallest window that Ollama gives models that ask for none, in tokens. What is longer is cut without a word.
    private static let usualWindow = 2048

    private var ollama: JSON {
        var body = JSONObject()
        body["model"] = model
        body["input"] = list
        body["truncate"] = true
        body["dimensions"] = dimensions
        // A chunk has fewer tokens than UTF-16 code units, nearly always.
        let window = min(endpoint.maximumChunkLength, endpoint.maximumInputTokens ?? Int.max)
        if window > Self.usualWindow { body["options"] = ["num_ctx": JSON(window)] }
        return .object(body)
    }
}
