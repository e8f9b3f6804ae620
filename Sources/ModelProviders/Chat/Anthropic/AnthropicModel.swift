package import AsyncHTTPClient
package import Domain
import EventStreams
import OrderedJSON

/// A model behind Anthropic's Messages API.
package struct AnthropicModel: LanguageModel {
    /// Of an answer, where neither the caller nor the server names a limit.
    private static let usualMaximumTokens = 4096
    /// Which version of the API is spoken.
    static let headers = CustomHeaders(["anthropic-version": "2023-06-01"])

    private let endpoint: MessagesEndpoint
    private let connection: ProviderConnection
    private let facts: ModelFactsCache

    /// - Parameter client: made with `HTTPClient.Configuration.modelProviders` and the same `timeouts`; the caller keeps it
    ///   and shuts it down.
    package init(
        endpoint: MessagesEndpoint, client: HTTPClient, facts: ModelFactsCache,
        timeouts: ProviderTimeouts = ProviderTimeouts(), retries: RetryPolicy = RetryPolicy()
    ) {
        self.endpoint = endpoint
        self.facts = facts
        connection = ProviderConnection(
            name: endpoint.label, baseURL: endpoint.baseURL, apiKey: endpoint.apiKey, keyHeader: .named("x-api-key"),
            customHeaders: Self.headers, timeouts: timeouts, retries: retries, client: client)
    }

    package var providerName: String { endpoint.providerName }
    package var modelID: String { endpoint.modelID }
    package var contextWindow: Int { endpoint.contextWindow }
    package var defaultTemperature: Double { endpoint.defaultTemperature }
    package var supportsTools: Bool { endpoint.supportsTools }
    package var acceptsImages: Bool { true }
    package var acceptsResponseFormats: Bool { endpoint.supportsTools }

    /// What `emit` throws is passed on as it is; everything that the provider does wrong is a `ServiceError`.
    package func reply(
        to prompt: Prompt, emit: (ReplyEvent) async throws -> Void
    ) async throws -> ReplySummary {
        let limit = try await maximumTokens(for: prompt)
        var form = AnswerForm(for: prompt)
        let request = MessagesRequest(prompt: form.asked(prompt), endpoint: endpoint, maximumTokens: limit)
        let response = try await connection.ask(prompt, at: "messages") { request.json }
        var reader = ReplyReader(connection)
        // Gateways exist that do not stream.
        guard !response.contentType.hasPrefix("application/json") else {
            return try await reader.readWhole(
                response, part: { form.answered(ReplyPart(messagesEvent: $0)) }, emit: emit)
        }
        return try await reader.follow(response, by: ServerSentEventParser.self) { event in
            if event.data.allSatisfy(\.isWhitespace) { return nil }
            return form.answered(ReplyPart(messagesEvent: try connection.json(event.data.utf8)))
        } emit: {
            try await emit($0)
        }
    }

    private func maximumTokens(for prompt: Prompt) async throws -> Int {
        if let asked = prompt.options.maximumTokens ?? endpoint.defaultMaximumTokens { return asked }
        let known = try await facts.facts(of: "\(endpoint.baseURL) \(endpoint.modelID)") {
            let json = try await connection.getJSON("models/\(endpoint.modelID)")
            return ModelFacts(maximumTokens: json["max_tokens"]?.integerValue.flatMap(Int.init(exactly:)))
        }
        guard let maximum = known.maximumTokens, maximum > 0 else { return Self.usualMaximumTokens }
        // The prompt has to fit beside the answer.
        return min(maximum, max(Self.usualMaximumTokens, contextWindow / 4))
    }
}
