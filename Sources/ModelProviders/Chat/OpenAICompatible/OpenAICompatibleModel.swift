package import AsyncHTTPClient
package import Domain
import NIOCore
import OrderedJSON

/// A model behind any endpoint that speaks OpenAI's chat-completions dialect.
package struct OpenAICompatibleModel: LanguageModel {
    /// In bytes; longer than any window that a model has.
    private static let maximumReplyLength = 16 * 1024 * 1024
    /// In bytes, for one event of a stream.
    private static let maximumEventLength = 4 * 1024 * 1024

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
        let path = "chat/completions"
        let response =
            prompt.messages.contains { !$0.media.isEmpty }
            ? try await connection.post(large: { request.json }, to: path)
            : try await connection.post(request.json, to: path)
        // Some servers ignore that a stream was asked for.
        let isWhole = !endpoint.allowsStreaming || response.contentType.hasPrefix("application/json")
        var reply = Reply()
        if isWhole {
            try await reply.add(wholeCompletion(in: response), emit: emit)
        } else {
            try await follow(response, adding: &reply, emit: emit)
        }
        for call in reply.toolCalls.complete { try await emit(.toolCall(call)) }
        return reply.summary
    }

    private func wholeCompletion(in response: ProviderResponse) async throws -> ChatCompletionPart {
        let body = try await response.body.collect(upTo: Self.maximumReplyLength)
        let part = try completionPart(body.readableBytesView)
        guard part.isCompletion else { throw connection.unusable("is not a chat completion") }
        return part
    }

    /// Reads to the end of the stream and not to the finish reason, since the usage comes after it. An end without a finish
    /// reason finishes the reply too: not every server sends one.
    private func follow(
        _ response: ProviderResponse, adding reply: inout Reply, emit: (ReplyEvent) async throws -> Void
    ) async throws {
        var events = ServerSentEvents(
            response.body, maximumEventLength: Self.maximumEventLength, patience: connection.timeouts.idle
        ).makeAsyncIterator()
        var isDone = false
        while !isDone, let event = try await next(&events, of: reply) {
            isDone = event.data == "[DONE]"
            // Some gateways keep the connection alive with empty events.
            if isDone || event.data.allSatisfy(\.isWhitespace) { continue }
            let part = try completionPart(event.data.utf8)
            try await reply.add(part, emit: emit)
            guard reply.length <= Self.maximumReplyLength else { throw connection.unusable("does not come to an end") }
            // Afterwards, so that a reader who takes long is not counted as the provider's silence.
            if part.isProgress { events.noteProgress() }
        }
        // `[DONE]` alone is an answer, an empty one; silence is none.
        guard reply.hasBegun || isDone else { throw connection.unusable("holds no chat completion") }
    }

    private func next(
        _ events: inout ServerSentEvents<ProviderBody>.Iterator, of reply: Reply
    ) async throws -> ServerSentEvent? {
        do { return try await events.next() } catch is ServerSentEventParser.EventTooLong {
            throw connection.unusable("holds an event longer than \(Self.maximumEventLength) bytes")
        } catch is ServerSentEvents<ProviderBody>.NoProgress {
            // What comes after the finish reason is the usage at best.
            if reply.isFinished { return nil }
            let wait = connection.timeouts.idle.inSeconds
            throw connection.unusable("does not go on: nothing came but signs of life, for \(wait) or without measure")
        } catch is ServiceError where reply.isFinished {
            // The reply is complete; how the connection ends afterwards does not matter.
            return nil
        }
    }

    private func completionPart(_ bytes: some Collection<UInt8>) throws -> ChatCompletionPart {
        guard let json = try? JSON(parsing: bytes) else { throw connection.unusable("is not JSON") }
        let part = ChatCompletionPart(json)
        if let failure = part.error { throw connection.reported(failure.message, status: failure.status) }
        return part
    }
}

/// What has come of a reply so far.
private struct Reply {
    private(set) var summary = ReplySummary()
    private(set) var toolCalls = ToolCallCollector()
    /// In bytes.
    private(set) var length = 0
    private(set) var hasBegun = false
    private(set) var isFinished = false

    mutating func add(_ part: ChatCompletionPart, emit: (ReplyEvent) async throws -> Void) async throws {
        hasBegun = hasBegun || part.isCompletion
        // Some vendors send usage with every chunk: the last one counts.
        summary.promptTokens = part.promptTokens ?? summary.promptTokens
        summary.completionTokens = part.completionTokens ?? summary.completionTokens
        if let reason = part.finishReason, !reason.isEmpty {
            isFinished = true
            // Whatever is neither of the others (`eos`, `function_call`) ended the reply where the model wanted.
            summary.finishReason = reason == "max_tokens" ? .length : .init(rawValue: reason) ?? .stop
        }
        length += part.text.utf8.count + part.reasoning.utf8.count
        if !part.reasoning.isEmpty { try await emit(.reasoning(part.reasoning)) }
        if !part.text.isEmpty { try await emit(.text(part.text)) }
        if !part.probabilities.isEmpty { try await emit(.probabilities(part.probabilities)) }
        for call in part.toolCalls {
            length += call.arguments.utf8.count
            if let piece = toolCalls.add(call) { try await emit(.toolCallPiece(piece)) }
        }
    }
}
