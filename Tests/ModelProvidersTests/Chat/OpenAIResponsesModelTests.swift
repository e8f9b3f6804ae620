import AsyncHTTPClient
import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// OpenAI's Responses API, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct OpenAIResponsesModelTests {
    private func withModel<Result>(
        configure: (inout OpenAICompatibleEndpoint) -> Void = { _ in },
        _ body: (FakeProvider, OpenAIResponsesModel) async throws -> Result
    ) async throws -> Result {
        try await FakeProvider.run { provider in
            var endpoint = OpenAICompatibleEndpoint(
                providerName: "OpenAiLLM", label: "OpenAI", baseURL: provider.baseURL, apiKey: "sk-1234567",
                modelID: "gpt-x", contextWindow: 100_000, maximumTokensField: "max_completion_tokens",
                requestsUsage: true)
            configure(&endpoint)
            let target = endpoint
            return try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
                try await body(provider, OpenAIResponsesModel(endpoint: target, client: client, retries: .never))
            }
        }
    }

    private static func end(_ status: JSON = "completed", _ details: JSON = .null, usage: JSON = .null) -> JSON {
        [
            "type": .string("response.\(status.stringValue ?? "")"),
            "response": [
                "object": "response", "status": status, "incomplete_details": details, "error": .null, "usage": usage,
            ],
        ]
    }

    private static func delta(_ text: String) -> JSON {
        [
            "type": "response.output_text.delta", "output_index": 1, "content_index": 0, "delta": .string(text),
            "logprobs": [],
        ]
    }

    @Test func `an answer comes in pieces, with what it cost`() async throws {
        try await withModel { provider, model in
            provider.answerChats(
                .events(
                    ["type": "response.created", "response": ["status": "in_progress", "error": .null]],
                    ["type": "response.in_progress", "response": ["status": "in_progress"]],
                    ["type": "response.output_item.added", "output_index": 0, "item": ["type": "reasoning"]],
                    ["type": "response.reasoning_summary_text.delta", "output_index": 0, "delta": "Hm."],
                    ["type": "response.output_item.added", "output_index": 1, "item": ["type": "message"]],
                    Self.delta("Hel"), Self.delta("lo"),
                    ["type": "response.output_text.done", "output_index": 1, "text": "Hello"],
                    Self.end(usage: ["input_tokens": 25, "output_tokens": 9, "total_tokens": 34])))
            let (events, summary) = try await model.ask()
            #expect(events == [.reasoning("Hm."), .text("Hel"), .text("lo")])
            #expect(summary == ReplySummary(promptTokens: 25, completionTokens: 9))
        }
    }

    @Test(arguments: [true, false]) func `tools are called, whether their arguments come in pieces or not`(
        inPieces: Bool
    ) async throws {
        let arguments = #"{"q":"a"}"#
        let item: JSON = [
            "type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "search", "arguments": "",
        ]
        var done = item.objectValue ?? JSONObject()
        done["arguments"] = .string(arguments)
        var events: [JSON] = [["type": "response.output_item.added", "output_index": 0, "item": item]]
        if inPieces {
            for piece in [#"{"q":"#, #""a"}"#] {
                events.append([
                    "type": "response.function_call_arguments.delta", "output_index": 0, "item_id": "fc_1",
                    "delta": .string(piece),
                ])
            }
        }
        events += [
            ["type": "response.function_call_arguments.done", "output_index": 0, "arguments": .string(arguments)],
            ["type": "response.output_item.done", "output_index": 0, "item": .object(done)], Self.end(),
        ]
        let stream = FakeChatReply.stream(events.map(FakeChatReply.Step.event))
        try await withModel { provider, model in
            provider.answerChats(stream)
            let (events, summary) = try await model.ask()
            let call = ToolCall(id: "call_1", name: "search", arguments: arguments, values: ["q": .text("a")])
            #expect(events.withoutPieces == [.toolCall(call)])
            #expect(summary.finishReason == .toolCalls)
        }
    }

    @Test(
        arguments: [
            ("max_output_tokens", .length), ("content_filter", .contentFilter),
        ] as [(String, ReplySummary.FinishReason)])
    func `an answer that is cut says why`(reason: String, expected: ReplySummary.FinishReason) async throws {
        try await withModel { provider, model in
            provider.answerChats(
                .events(Self.delta("Hel"), Self.end("incomplete", ["reason": .string(reason)])))
            let (events, summary) = try await model.ask()
            #expect(events == [.text("Hel")] && summary.finishReason == expected)
        }
    }

    @Test(
        arguments: [("rate_limit_exceeded", 429), ("server_error", 500), ("invalid_prompt", 400), ("other", nil)]
            as [(String, Int?)])
    func `a failure inside the answer has the status that it would have had`(code: String, status: Int?) async throws {
        try await withModel { provider, model in
            let error: JSON = ["code": .string(code), "message": "It broke."]
            let events: [JSON] = [
                ["type": "response.failed", "response": ["status": "failed", "error": error]],
                ["type": "error", "code": .string(code), "message": "It broke."],
            ]
            for event in events {
                provider.answerChats(.events(event))
                let failure = await #expect(throws: ServiceError.self) { try await model.ask() }
                #expect(failure?.providerStatus == status && failure?.message == "OpenAI failed: It broke.")
            }
        }
    }

    @Test func `a response that comes whole is read as well`() async throws {
        try await withModel(configure: { $0.allowsStreaming = false }) { provider, model in
            provider.answerChats(
                .json([
                    "object": "response", "status": "completed", "error": .null,
                    "output": [
                        ["type": "reasoning", "summary": [["type": "summary_text", "text": "Hm."]]],
                        ["type": "message", "content": [["type": "output_text", "text": "Hi"]]],
                        ["type": "function_call", "call_id": "c", "name": "look", "arguments": "{}"],
                    ], "usage": ["input_tokens": 3, "output_tokens": 2],
                ]))
            let (events, summary) = try await model.ask()
            #expect(
                events.withoutPieces == [
                    .reasoning("Hm."), .text("Hi"),
                    .toolCall(ToolCall(id: "c", name: "look", arguments: "{}", values: [:])),
                ])
            #expect(summary == ReplySummary(promptTokens: 3, completionTokens: 2, finishReason: .toolCalls))
            #expect(provider.requests.last?.body["stream"] == nil)
        }
    }

    @Test func `a request is what the API takes`() async throws {
        var prompt = Prompt(
            messages: [
                Message(role: .system, text: "Be short."),
                Message(
                    role: .user, text: "Which?",
                    media: [MediaAttachment(name: "a", mediaType: "image/png", url: "data:image/png;base64,QUJD")]),
                Message(
                    role: .assistant, text: "",
                    toolCalls: [ToolCall(id: "t1", name: "search", arguments: #"{"q":"a"}"#)]),
                Message(role: .tool, text: "found", toolCallID: "t1"), Message(role: .assistant, text: "That."),
                Message(role: .user, text: "Well?"),
            ], question: "Well?")
        prompt.options.temperature = 0.5
        prompt.options.topP = 0.25
        prompt.options.maximumTokens = 7
        prompt.options.reasoningEffort = "low"
        prompt.options.responseFormat = .jsonSchema(#"{"name":"x","schema":{"type":"object"},"strict":true}"#)
        prompt.options.tools = [ToolDefinition(name: "search", description: "Finds.", parameters: nil)]
        prompt.options.toolChoice = .named("search")
        prompt.options.allowsParallelToolCalls = false
        let sent = prompt
        try await withModel { provider, model in
            provider.answerChats(.events(Self.delta("ok"), Self.end()))
            _ = try await model.ask(sent)
            let request = try #require(provider.requests.last)
            #expect(request.path == "/v1/responses" && request.headers["authorization"] == "Bearer sk-1234567")
            #expect(
                request.body == [
                    "model": "gpt-x",
                    "input": [
                        ["role": "system", "content": "Be short."],
                        [
                            "role": "user",
                            "content": [
                                ["type": "input_text", "text": "Which?"],
                                ["type": "input_image", "image_url": "data:image/png;base64,QUJD"],
                            ],
                        ],
                        [
                            "type": "function_call", "call_id": "t1", "name": "search",
                            "arguments": .string(#"{"q":"a"}"#),
                        ], ["type": "function_call_output", "call_id": "t1", "output": "found"],
                        ["role": "assistant", "content": "That."], ["role": "user", "content": "Well?"],
                    ], "store": false, "temperature": 0.5, "top_p": 0.25, "max_output_tokens": 16,
                    "reasoning": ["effort": "low"],
                    "text": [
                        "format": ["type": "json_schema", "name": "x", "schema": ["type": "object"], "strict": true]
                    ],
                    "tools": [
                        [
                            "type": "function", "name": "search", "description": "Finds.",
                            "parameters": ["type": "object", "properties": [:]], "strict": false,
                        ]
                    ], "tool_choice": ["type": "function", "name": "search"], "parallel_tool_calls": false,
                    "stream": true,
                ])
        }
    }

    @Test func `what the API does not know is asked of chat completions`() async throws {
        let changes: [@Sendable (inout Prompt) -> Void] = [
            { $0.options.stop = ["END"] }, { $0.options.seed = 1 }, { $0.options.logitBias = ["1": 1] },
            { $0.options.presencePenalty = 1 }, { $0.options.frequencyPenalty = 1 },
            { $0.options.tokenAlternatives = 2 },
            { $0.messages[1].media = [MediaAttachment(name: "a", mediaType: "audio/wav", url: "data:;base64,QQ==")] },
        ]
        try await withModel { provider, model in
            for change in changes {
                var prompt = Prompt.hello
                change(&prompt)
                provider.answerChats(.answer("Hi"))
                let events = try await model.ask(prompt).events
                #expect(events == [.text("Hi")])
                #expect(provider.requests.last?.path == "/v1/chat/completions")
            }
        }
    }
}
