import AsyncHTTPClient
import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// The same faults on every wire that models are spoken to, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct WireFaultTests {
    enum Wire: CaseIterable, Sendable {
        case chatCompletions, responses, messages, gemini, converse, ollama

        func model(_ provider: FakeProvider, _ client: HTTPClient, _ timeouts: ProviderTimeouts, _ retries: RetryPolicy)
            -> any LanguageModel
        {
            switch self {
            case .chatCompletions:
                return OpenAICompatibleModel(
                    endpoint: .generic(baseURL: provider.baseURL, apiKey: "very-secret-key"), client: client,
                    timeouts: timeouts, retries: retries)
            case .responses:
                return OpenAIResponsesModel(
                    endpoint: .generic(baseURL: provider.baseURL, apiKey: "very-secret-key"), client: client,
                    timeouts: timeouts, retries: retries)
            case .messages:
                return AnthropicModel(
                    endpoint: MessagesEndpoint(
                        providerName: "AnthropicLLM", label: "Anthropic", baseURL: provider.baseURL,
                        apiKey: "very-secret-key", modelID: "m", contextWindow: 4096), client: client,
                    facts: ModelFactsCache(), timeouts: timeouts, retries: retries)
            case .gemini:
                return GeminiModel(
                    endpoint: GeminiEndpoint(
                        providerName: "GeminiLLM", label: "Gemini", baseURL: provider.baseURL,
                        apiKey: "very-secret-key", modelID: "m", contextWindow: 4096), client: client,
                    timeouts: timeouts, retries: retries)
            case .converse:
                return BedrockModel(
                    endpoint: ConverseEndpoint(
                        providerName: "AWSBedrockLLM", label: "AWS Bedrock", baseURL: provider.origin,
                        authentication: .key("very-secret-key"), modelID: "m", contextWindow: 4096), client: client,
                    timeouts: timeouts, retries: retries)
            case .ollama:
                return OllamaModel(
                    endpoint: OllamaEndpoint(
                        providerName: "OllamaAILLM", label: "Ollama", baseURL: provider.origin,
                        apiKey: "very-secret-key",
                        modelID: "m"), client: client, facts: ModelFactsCache(), timeouts: timeouts, retries: retries)
            }
        }

        func text(_ text: String) -> FakeChatReply.Step {
            switch self {
            case .chatCompletions: .text(text)
            case .responses:
                .event(["type": "response.output_text.delta", "output_index": 0, "delta": .string(text)])
            case .messages:
                .event([
                    "type": "content_block_delta", "index": 0, "delta": ["type": "text_delta", "text": .string(text)],
                ])
            case .gemini: .event(["candidates": [["content": ["parts": [["text": .string(text)]]]]]])
            case .converse:
                .awsEvent("contentBlockDelta", ["contentBlockIndex": 0, "delta": ["text": .string(text)]])
            case .ollama: .line(["message": ["content": .string(text)], "done": false])
            }
        }

        func error(_ message: String) -> FakeChatReply.Step {
            switch self {
            case .chatCompletions: .error(message)
            case .responses:
                .event([
                    "type": "response.failed",
                    "response": ["status": "failed", "error": ["code": "server_error", "message": .string(message)]],
                ])
            case .messages:
                .event(["type": "error", "error": ["type": "overloaded_error", "message": .string(message)]])
            case .gemini: .event(["error": ["code": 503, "message": .string(message), "status": "UNAVAILABLE"]])
            case .converse: .awsEvent("throttlingException", ["message": .string(message)], isException: true)
            case .ollama: .line(["error": .string(message)])
            }
        }

        /// A frame that is cut off.
        var half: FakeChatReply.Step {
            let json = #"{"type":"content_block_delta","message":{"cont"#
            if self == .converse { return .bytes(Array(awsMessage([], Array(json.utf8)).dropLast(3))) }
            return .bytes(Array((self == .ollama ? json + "\n" : "data: \(json)\n\n").utf8))
        }
    }

    private func ask(
        _ wire: Wire, _ replies: [FakeChatReply], timeouts: ProviderTimeouts = ProviderTimeouts(),
        retries: RetryPolicy = .never
    ) async throws -> (events: [ReplyEvent], error: ServiceError?) {
        try await FakeProvider.run { provider in
            provider.answerChats(inOrder: replies)
            return try await HTTPClient.withHTTPClient(configuration: .modelProviders(timeouts: timeouts)) { client in
                var events: [ReplyEvent] = []
                do {
                    _ = try await wire.model(provider, client, timeouts, retries).reply(to: .hello) {
                        events.append($0)
                    }
                    return (events, nil)
                } catch let error as ServiceError {
                    return (events, error)
                }
            }
        }
    }

    @Test(arguments: Wire.allCases) func `a refusal tells its status and hides the key`(wire: Wire) async throws {
        for status in [400, 401, 404] {
            let (events, error) = try await ask(wire, [.failure(status, "bad key very-secret-key")])
            #expect(events.isEmpty && error?.providerStatus == status)
            #expect(error?.message.contains("[hidden]") == true && error?.message.contains("very-secret") == false)
        }
    }

    @Test(arguments: Wire.allCases) func `what passes is tried again, and the pause that is asked for is kept`(
        wire: Wire
    ) async throws {
        for status in [429, 500, 503, 529] {
            let busy = FakeChatReply.failure(status, "busy", headers: [("Retry-After", "0")])
            let (events, error) = try await ask(wire, [busy, .stream([wire.text("ok")])], retries: .immediately(1))
            #expect(events == [.text("ok")] && error == nil, "\(status)")
        }
        let (_, error) = try await ask(wire, [.failure(429, "later", headers: [("Retry-After", "17")])])
        #expect(error?.providerStatus == 429 && error?.retryAfter == 17)
    }

    @Test(arguments: Wire.allCases) func `what came before a failure is kept`(wire: Wire) async throws {
        let one = wire.text("one")
        for fault in [FakeChatReply.Step.breakOff, wire.error("out of memory"), wire.half] {
            let (events, error) = try await ask(wire, [.stream([one, fault])])
            #expect(events == [.text("one")] && error?.code == .upstream, "\(fault)")
        }
        let (_, error) = try await ask(wire, [.stream([one, wire.error("out of memory")])])
        #expect(error?.message.hasSuffix("failed: out of memory.") == true)
    }

    @Test(arguments: Wire.allCases) func `silence is given up`(wire: Wire) async throws {
        let short = ProviderTimeouts(idle: .milliseconds(200))
        let (events, error) = try await ask(wire, [.stream([wire.text("one"), .hang])], timeouts: short)
        #expect(events == [.text("one")] && error?.message.contains("sent nothing for 0.2 s") == true)
        let slow = ProviderTimeouts(firstByte: .milliseconds(200))
        let (_, late) = try await ask(wire, [.silence], timeouts: slow)
        #expect(late?.message.contains("did not begin to answer within 0.2 s") == true)
    }

    @Test(arguments: Wire.allCases) func `an end without a reason is an end, and nothing at all is none`(wire: Wire)
        async throws
    {
        let (events, error) = try await ask(wire, [.stream([wire.text("all")])])
        #expect(events == [.text("all")] && error == nil)
        let (none, missing) = try await ask(wire, [.stream([])])
        #expect(none.isEmpty && missing?.message.contains("holds no chat completion") == true)
    }
}
