/// A provider of pictures.
package struct ImageEndpoint: Sendable {
    /// How pictures are asked for and changed.
    package enum Dialect: Sendable {
        /// OpenAI's `images/generations`, and `images/edits` where there are references. Several of these are sent as
        /// `image[]` or all as `image`.
        case images(severalReferences: String)
        /// The same without `images/edits`.
        case generationsOnly
        /// A chat completion whose message carries pictures.
        case chat
    }

    /// As messages to people name it.
    package var label: String
    /// Everything before the path of an operation.
    package var baseURL: String
    package var apiKey: String?
    package var modelID: String
    package var dialect: Dialect

    package init(label: String, baseURL: String, apiKey: String?, modelID: String, dialect: Dialect) {
        self.label = label
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.modelID = modelID
        self.dialect = dialect
    }

    package static func openAI(
        baseURL: String = "https://api.openai.com/v1", apiKey: String, modelID: String?
    ) -> ImageEndpoint {
        ImageEndpoint(
            label: "OpenAI", baseURL: baseURL, apiKey: apiKey, modelID: modelID ?? "gpt-image-1",
            dialect: .images(severalReferences: "image[]"))
    }

    /// - Parameter basePath: of the server, without its `/v1`.
    package static func ollama(basePath: String, token: String?, modelID: String) -> ImageEndpoint {
        ImageEndpoint(
            label: "Ollama", baseURL: basePath.endingInPath("/v1"), apiKey: token, modelID: modelID,
            dialect: .generationsOnly)
    }

    /// - Parameter basePath: of the server, with its `/api/v1` or without.
    package static func lemonade(basePath: String, apiKey: String?, modelID: String) -> ImageEndpoint {
        ImageEndpoint(
            label: "Lemonade", baseURL: basePath.endingInPath("/api/v1"), apiKey: apiKey, modelID: modelID,
            dialect: .images(severalReferences: "image"))
    }

    package static func openRouter(
        baseURL: String = "https://openrouter.ai/api/v1", apiKey: String, modelID: String
    ) -> ImageEndpoint {
        ImageEndpoint(label: "OpenRouter", baseURL: baseURL, apiKey: apiKey, modelID: modelID, dialect: .chat)
    }
}

extension String {
    /// The address with `path` at its end, which may be there already.
    fileprivate func endingInPath(_ path: String) -> String {
        var base = self
        while base.last == "/" { base.removeLast() }
        return base.hasSuffix(path) ? base : base + path
    }
}
