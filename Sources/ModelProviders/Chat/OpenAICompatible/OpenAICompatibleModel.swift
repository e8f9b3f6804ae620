package import AsyncHTTPClient
package import Domain
import EventStreams
import NIOCore
import OrderedJSON

/// A model behind any endpoint that speaks OpenAI's chat-completions dialect.
package struct OpenAICompatibleModel: LanguageModel {
    private var endpoint: OpenAICompatibleEndpoint
    private let connection: ProviderConnection
    private let server: LocalServer
    private let cache: ModelFactsCache

    /// - Parameter client: made with `HTTPClient.Configuration.modelProviders` and the same `timeouts`; the caller keeps it
    ///   and shuts it down.
    package init(
        endpoint: OpenAICompatibleEndpoint, client: HTTPClient, facts: ModelFactsCache = ModelFactsCache(),
        timeouts: ProviderTimeouts = ProviderTimeouts(), retries: RetryPolicy = RetryPolicy()
    ) {
        self.endpoint = endpoint
        cache = facts
        let connect = { (baseURL: String) in
            ProviderConnection(
                name: endpoint.label, baseURL: baseURL, apiKey: endpoint.apiKey,
                keyHeader: endpoint.keyHeader.map { .named($0) } ?? .bearer, customHeaders: endpoint.customHeaders,
                timeouts: timeouts, retries: retries, client: client)
        }
        connection = connect(endpoint.baseURL)
        server = LocalServer(connection, root: connect(LocalServer.root(of: endpoint.baseURL)))
    }

    package var providerName: String { endpoint.providerName }
    package var modelID: String { endpoint.modelID }
    package var contextWindow: Int { endpoint.contextWindow }
    package var defaultTemperature: Double { endpoint.defaultTemperature }
    package var supportsTools: Bool { endpoint.supportsTools }
    package var acceptsImages: Bool { if case .omitted = endpoint.imageEncoding { false } else { true } }

    package func prepared() async throws -> any LanguageModel {
        guard let listing = endpoint.windowListing else { return self }
        let facts = try await cache.facts(of: "\(endpoint.baseURL) \(endpoint.modelID)") {
            ModelFacts(contextWindow: try await server.window(of: endpoint.modelID, in: listing.place))
        }
        guard let listed = facts.contextWindow else { return self }
        var model = self
        model.endpoint.contextWindow = listing.window(listed: listed)
        return model
    }

    /// What `emit` throws is passed on as it is; everything that the provider does wrong is a `ServiceError`.
    package func reply(
        to prompt: Prompt, emit: (ReplyEvent) async throws -> Void
    ) async throws -> ReplySummary {
        try await load()
        let request = ChatCompletionRequest(prompt: prompt, endpoint: endpoint)
        let response = try await connection.ask(prompt, at: "chat/completions") { request.json }
        guard var filter = filter(for: prompt) else {
            return try await read(response, each: { _ in }, emit: emit)
        }
        let summary: ReplySummary
        do {
            summary = try await read(response, each: { filter.note($0) }) { event in
                if case .text(let text) = event {
                    try await Self.say(filter.add(text), emit)
                } else {
                    try await emit(event)
                }
            }
        } catch {
            try await Self.say(filter.finish(), emit)
            throw error
        }
        try await Self.say(filter.finish(), emit)
        return summary
    }

    private static func say(_ text: String, _ emit: (ReplyEvent) async throws -> Void) async throws {
        if !text.isEmpty { try await emit(.text(text)) }
    }

    private func filter(for prompt: Prompt) -> (any ReplyFilter)? {
        if endpoint.loading == .foundry { return ElementFilter("tool_call") }
        // Where passages have numbers of their own, `[1]` is one of these.
        return endpoint.quotesWeb && !prompt.passages.contains { $0.number != nil } ? WebQuotations() : nil
    }

    /// A server that has it loaded already is asked at most twice a minute.
    private func load() async throws {
        guard let loading = endpoint.loading else { return }
        let name = "loading \(endpoint.baseURL) \(endpoint.modelID) \(endpoint.contextWindow)"
        _ = try await cache.facts(of: name, for: ModelFactsCache.lifetimeOfFailures) {
            try await server.load(endpoint.modelID, window: endpoint.contextWindow, by: loading)
            return ModelFacts()
        }
    }

    private func read(
        _ response: ProviderResponse, each: (JSON) -> Void, emit: (ReplyEvent) async throws -> Void
    ) async throws -> ReplySummary {
        var reader = ReplyReader(connection)
        func part(_ json: JSON) -> ReplyPart {
            each(json)
            return ReplyPart(chatCompletion: json)
        }
        // Some servers ignore that a stream was asked for.
        guard endpoint.allowsStreaming, !response.contentType.hasPrefix("application/json") else {
            return try await reader.readWhole(response, part: part, emit: emit)
        }
        return try await reader.follow(response, by: ServerSentEventParser.self) { event in
            if event.data == "[DONE]" { return ReplyPart(isLast: true) }
            // Some gateways keep the connection alive with empty events.
            if event.data.allSatisfy(\.isWhitespace) { return nil }
            return part(try connection.json(event.data.utf8))
        } emit: {
            try await emit($0)
        }
    }
}
