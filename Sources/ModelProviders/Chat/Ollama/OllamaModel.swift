package import AsyncHTTPClient
package import Domain
import OrderedJSON

/// A model of an Ollama server, by its own API, which loads it with as large a window as the prompt needs.
package struct OllamaModel: LanguageModel {
    /// Where nobody knows the model's.
    private static let usualWindow = 4096
    /// Of a model whose operator sets no limit: a larger window takes gigabytes of memory.
    private static let widestWindow = 16384

    private let endpoint: OllamaEndpoint
    private let connection: ProviderConnection
    private let cache: ModelFactsCache
    /// As far as the server has been asked.
    private var facts = ModelFacts()

    /// - Parameter client: made with `HTTPClient.Configuration.modelProviders` and the same `timeouts`; the caller keeps it
    ///   and shuts it down.
    package init(
        endpoint: OllamaEndpoint, client: HTTPClient, facts: ModelFactsCache,
        timeouts: ProviderTimeouts = ProviderTimeouts(), retries: RetryPolicy = RetryPolicy()
    ) {
        self.endpoint = endpoint
        cache = facts
        connection = ProviderConnection(
            name: endpoint.label, baseURL: endpoint.baseURL, apiKey: endpoint.apiKey, customHeaders: CustomHeaders(),
            timeouts: timeouts, retries: retries, client: client)
    }

    package var providerName: String { endpoint.providerName }
    package var modelID: String { endpoint.modelID }
    package var supportsTools: Bool { endpoint.allowsTools && facts.takesTools ?? true }
    package var acceptsImages: Bool { facts.takesImages ?? true }

    package var contextWindow: Int {
        guard let window = facts.contextWindow else { return endpoint.windowLimit ?? Self.usualWindow }
        return min(window, endpoint.windowLimit ?? Self.widestWindow)
    }

    package func prepared() async throws -> any LanguageModel {
        var model = self
        model.facts = try await cache.facts(of: "\(endpoint.baseURL) \(endpoint.modelID)") {
            Self.facts(in: try await connection.postJSON(["model": .string(endpoint.modelID)], to: "api/show"))
        }
        return model
    }

    /// `{"model_info":{"llama.context_length":…},"capabilities":["completion","tools","vision"]}`; older servers do not name
    /// capabilities.
    private static func facts(in json: JSON) -> ModelFacts {
        let lengths = json["model_info"]?.objectValue?.members.filter { $0.key.hasSuffix(".context_length") } ?? []
        let capabilities = json["capabilities"]?.arrayValue?.compactMap(\.stringValue)
        return ModelFacts(
            contextWindow: lengths.first?.value.integerValue.flatMap(Int.init(exactly:)).flatMap { $0 > 0 ? $0 : nil },
            takesTools: capabilities?.contains("tools"), takesImages: capabilities?.contains("vision"))
    }

    /// What `emit` throws is passed on as it is; everything that the provider does wrong is a `ServiceError`.
    package func reply(
        to prompt: Prompt, emit: (ReplyEvent) async throws -> Void
    ) async throws -> ReplySummary {
        let request = OllamaChatRequest(prompt: prompt, endpoint: endpoint, contextWindow: contextWindow)
        let response = try await connection.ask(prompt, at: "api/chat") { request.json }
        var reader = ReplyReader(connection)
        var hasCalls = false
        var summary = try await reader.follow(response, by: JSONLineParser.self) { line in
            let part = ReplyPart(ollamaChat: try connection.json(line))
            hasCalls = hasCalls || !part.toolCalls.isEmpty
            return part
        } emit: {
            try await emit($0)
        }
        // The wire says `stop` for these, too.
        if hasCalls, summary.finishReason == .stop { summary.finishReason = .toolCalls }
        return summary
    }
}
