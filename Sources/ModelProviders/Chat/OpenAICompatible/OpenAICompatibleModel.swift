package import AsyncHTTPClient
package import Domain
import NIOCore
import OrderedJSON

/// A model behind any endpoint that speaks OpenAI's chat-completions dialect.
package struct OpenAICompatibleModel: LanguageModel {
    private let endpoint: OpenAICompatibleEndpoint
    private let connection: ProviderConnection

    /// - Parameter client: made with `HTTPClient.Configuration.modelProviders` and the same `timeouts`; the caller keeps it
    ///   and shuts it down.
    package init(
        endpoint: OpenAICompatibleEndpoint, client: HTTPClient, timeouts: ProviderTimeouts = ProviderTimeouts(),
        retries: RetryPolicy = RetryPolicy()
    ) {
        self.endpoint = endpoint
        connection = ProviderConnection(
            name: endpoint.label, baseURL: endpoint.baseURL, apiKey: endpoint.apiKey,
            customHeaders: endpoint.customHeaders, timeouts: timeouts, retries: retries, client: client)
    }

    package var providerName: String { endpoint.providerName }
    package var modelID: String { endpoint.modelID }
    package var contextWindow: Int { endpoint.contextWindow }
    package var defaultTemperature: Double { endpoint.defaultTemperature }
    package var supportsTools: Bool { endpoint.supportsTools }
    package var acceptsImages: Bool { if case .omitted = endpoint.imageEncoding { false } else { true } }

    /// What `emit` throws is passed on as it is; everything that the provider does wrong is a `ServiceError`.
    package func reply(
        to prompt: Prompt, emit: (ReplyEvent) async throws -> Void
    ) async throws -> ReplySummary {
        let request = ChatCompletionRequest(prompt: prompt, endpoint: endpoint)
        let response = try await connection.ask(prompt, at: "chat/completions") { request.json }
        var reader = ReplyReader(connection)
        // Some servers ignore that a stream was asked for.
        guard endpoint.allowsStreaming, !response.contentType.hasPrefix("application/json") else {
            return try await reader.readWhole(response, part: ReplyPart.init(chatCompletion:), emit: emit)
        }
        return try await reader.follow(response, by: ServerSentEventParser.self, part: part, emit: emit)
    }

    private func part(_ event: ServerSentEvent) throws -> ReplyPart? {
        if event.data == "[DONE]" { return ReplyPart(isLast: true) }
        // Some gateways keep the connection alive with empty events.
        if event.data.allSatisfy(\.isWhitespace) { return nil }
        return ReplyPart(chatCompletion: try connection.json(event.data.utf8))
    }
}
