package import AsyncHTTPClient
package import Domain
import EventStreams
import OrderedJSON

/// A model behind Google's own Gemini API.
///
/// Google's endpoint for OpenAI's clients knows no threshold of safety and refuses one that is sent; and its models since Gemini 3 want
/// what they thought before a call back with the call's result, for which OpenAI's wire has no place.
package struct GeminiModel: LanguageModel {
    private let endpoint: GeminiEndpoint
    private let connection: ProviderConnection

    /// - Parameter client: made with `HTTPClient.Configuration.modelProviders` and the same `timeouts`; the caller keeps it
    ///   and shuts it down.
    package init(
        endpoint: GeminiEndpoint, client: HTTPClient, timeouts: ProviderTimeouts = ProviderTimeouts(),
        retries: RetryPolicy = RetryPolicy()
    ) {
        self.endpoint = endpoint
        connection = ProviderConnection(
            name: endpoint.label, baseURL: endpoint.baseURL, apiKey: endpoint.apiKey,
            keyHeader: .named("x-goog-api-key"), customHeaders: CustomHeaders(), timeouts: timeouts, retries: retries,
            client: client)
    }

    package var providerName: String { endpoint.providerName }
    package var modelID: String { endpoint.modelID }
    package var contextWindow: Int { endpoint.contextWindow }
    package var supportsTools: Bool { endpoint.supportsTools }
    package var acceptsImages: Bool { true }

    /// What `emit` throws is passed on as it is; everything that the provider does wrong is a `ServiceError`.
    package func reply(
        to prompt: Prompt, emit: (ReplyEvent) async throws -> Void
    ) async throws -> ReplySummary {
        let request = GeminiRequest(prompt: prompt, endpoint: endpoint)
        let name =
            endpoint.modelID.hasPrefix("models/") ? endpoint.modelID.dropFirst("models/".count) : endpoint.modelID[...]
        let path = "models/\(String(name).percentEncoded):streamGenerateContent?alt=sse"
        let response = try await connection.ask(prompt, at: path) { request.json }
        var reader = ReplyReader(connection)
        var hasCalls = false
        func part(_ json: JSON) -> ReplyPart {
            let part = ReplyPart(gemini: json)
            hasCalls = hasCalls || !part.toolCalls.isEmpty
            return part
        }
        var summary: ReplySummary
        if response.contentType.hasPrefix("application/json") {
            summary = try await reader.readWhole(response, part: part, emit: emit)
        } else {
            summary = try await reader.follow(response, by: ServerSentEventParser.self) { event in
                if event.data.allSatisfy(\.isWhitespace) { return nil }
                return part(try connection.json(event.data.utf8))
            } emit: {
                try await emit($0)
            }
        }
        // The wire says `STOP` for these, too.
        if hasCalls, summary.finishReason == .stop { summary.finishReason = .toolCalls }
        return summary
    }
}
