import Domain

extension OpenAICompatibleEndpoint {
    /// One with nothing special about it.
    static func generic(baseURL: String, apiKey: String? = nil, modelID: String = "m") -> OpenAICompatibleEndpoint {
        OpenAICompatibleEndpoint(
            providerName: "GenericOpenAiLLM", label: "GenericOpenAI", baseURL: baseURL, apiKey: apiKey,
            modelID: modelID, contextWindow: 4096, defaultMaximumTokens: 1024, imageEncoding: .object(detail: "high"))
    }
}

extension EmbeddingsEndpoint {
    static func generic(baseURL: String, apiKey: String? = nil, modelID: String? = "m") -> EmbeddingsEndpoint {
        EmbeddingsEndpoint(label: "GenericOpenAI", baseURL: baseURL, apiKey: apiKey, modelID: modelID)
    }
}

extension ImageEndpoint {
    static func openAI(baseURL: String, apiKey: String, modelID: String = "gpt-image-1") -> ImageEndpoint {
        ImageEndpoint(
            label: "OpenAI", baseURL: baseURL, apiKey: apiKey, modelID: modelID,
            dialect: .images(severalReferences: "image[]"))
    }

    static func lemonade(baseURL: String, apiKey: String, modelID: String) -> ImageEndpoint {
        ImageEndpoint(
            label: "Lemonade", baseURL: baseURL, apiKey: apiKey, modelID: modelID,
            dialect: .images(severalReferences: "image"))
    }

    static func ollama(baseURL: String, apiKey: String?, modelID: String) -> ImageEndpoint {
        ImageEndpoint(
            label: "Ollama", baseURL: baseURL, apiKey: apiKey, modelID: modelID, dialect: .generationsOnly)
    }

    static func openRouter(baseURL: String, apiKey: String, modelID: String) -> ImageEndpoint {
        ImageEndpoint(label: "OpenRouter", baseURL: baseURL, apiKey: apiKey, modelID: modelID, dialect: .chat)
    }
}
