package import AsyncHTTPClient
package import Domain
import EventStreams
import OrderedJSON

/// A model behind OpenAI's Responses API, which nothing is left with: each request says all that it rests on.
///
/// What that API does not know (a seed, words to stop at, penalties, probabilities, sound) is asked of chat completions, which the same
/// server offers beside it.
package struct OpenAIResponsesModel: LanguageModel {
    private let endpoint: OpenAICompatibleEndpoint
    private let connection: ProviderConnection
    private let completions: OpenAICompatibleModel

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
        completions = OpenAICompatibleModel(
            endpoint: endpoint, client: client, timeouts: timeouts, retries: retries)
    }

    package var providerName: String { endpoint.providerName }
    package var modelID: String { endpoint.modelID }
    package var contextWindow: Int { endpoint.contextWindow }
    package var defaultTemperature: Double { endpoint.defaultTemperature }
    package var supportsTools: Bool { endpoint.supportsTools }
    package var acceptsImages: Bool { completions.acceptsImages }

    /// What `emit` throws is passed on as it is; everything that the provider does wrong is a `ServiceError`.
    package func reply(
        to prompt: Prompt, emit: (ReplyEvent) async throws -> Void
    ) async throws -> ReplySummary {
        guard ResponsesRequest.canSay(prompt) else { return try await completions.reply(to: prompt, emit: emit) }
        let request = ResponsesRequest(prompt: prompt, endpoint: endpoint)
        let response = try await connection.ask(prompt, at: "responses") { request.json }
        var reader = ReplyReader(connection)
        var events = ResponseEvents()
        guard !response.contentType.hasPrefix("application/json") else {
            return try await reader.readWhole(response, part: { events.part(whole: $0) }, emit: emit)
        }
        return try await reader.follow(response, by: ServerSentEventParser.self) { event in
            if event.data.allSatisfy(\.isWhitespace) { return nil }
            return events.part(try connection.json(event.data.utf8))
        } emit: {
            try await emit($0)
        }
    }
}
