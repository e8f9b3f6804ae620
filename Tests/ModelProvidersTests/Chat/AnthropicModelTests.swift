import AsyncHTTPClient
import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// Anthropic's Messages API, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct AnthropicModelTests {
    private func withModel<Result>(
        configure: (inout MessagesEndpoint) -> Void = { _ in },
        _ body: (FakeProvider, AnthropicModel) async throws -> Result
    ) async throws -> Result {
        try await FakeProvider.run { provider in
            var endpoint = MessagesEndpoint(
                providerName: "AnthropicLLM", label: "Anthropic", baseURL: provider.baseURL, apiKey: "sk-ant-1234567",
                modelID: "claude-x", contextWindow: 200_000)
            configure(&endpoint)
            let target = endpoint
            return try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
                try await body(
                    provider,
                    AnthropicModel(endpoint: target, client: client, facts: ModelFactsCache(), retries: .never))
            }
        }
    }

    private static let answer = FakeChatReply.events(
        [
            "type": "message_start",
            "message": ["usage": ["input_tokens": 5, "cache_read_input_tokens": 20, "output_tokens": 1]],
        ],
        ["type": "content_block_start", "index": 0, "content_block": ["type": "text", "text": ""]],
        ["type": "ping"],
        ["type": "content_block_delta", "index": 0, "delta": ["type": "text_delta", "text": "Hel"]],
        ["type": "content_block_delta", "index": 0, "delta": ["type": "text_delta", "text": "lo"]],
        ["type": "content_block_stop", "index": 0],
        ["type": "message_delta", "delta": ["stop_reason": "end_turn"], "usage": ["output_tokens": 9]],
        ["type": "message_stop"])

    @Test func `an answer comes in pieces, with what it cost`() async throws {
        try await withModel { provider, model in
            provider.answerChats(Self.answer)
            let (events, summary) = try await model.ask()
            #expect(events == [.text("Hel"), .text("lo")])
            #expect(summary == ReplySummary(promptTokens: 25, completionTokens: 9))
        }
    }

    @Test func `thoughts are told apart, and tools are called`() async throws {
        try await withModel { provider, model in
            provider.answerChats(
                .events(
                    [
                        "type": "content_block_start", "index": 0,
                        "content_block": ["type": "thinking", "thinking": ""],
                    ],
                    [
                        "type": "content_block_delta", "index": 0,
                        "delta": ["type": "thinking_delta", "thinking": "Hm."],
                    ],
                    [
                        "type": "content_block_delta", "index": 0,
                        "delta": ["type": "signature_delta", "signature": "x"],
                    ],
                    [
                        "type": "content_block_start", "index": 1,
                        "content_block": ["type": "tool_use", "id": "toolu_1", "name": "search", "input": [:]],
                    ],
                    [
                        "type": "content_block_delta", "index": 1,
                        "delta": ["type": "input_json_delta", "partial_json": #"{"q":"#],
                    ],
                    [
                        "type": "content_block_delta", "index": 1,
                        "delta": ["type": "input_json_delta", "partial_json": #""a"}"#],
                    ],
                    ["type": "message_delta", "delta": ["stop_reason": "tool_use"]], ["type": "message_stop"]))
            let (events, summary) = try await model.ask()
            #expect(
                events.withoutPieces == [
                    .reasoning("Hm."),
                    .toolCall(
                        ToolCall(id: "toolu_1", name: "search", arguments: #"{"q":"a"}"#, values: ["q": .text("a")])),
                ])
            #expect(events.contains(.toolCallPiece(ToolCallPiece(index: 0, id: nil, name: nil, arguments: #""a"}"#))))
            #expect(summary.finishReason == .toolCalls)
        }
    }

    @Test func `a message that comes whole is read as well`() async throws {
        try await withModel { provider, model in
            provider.answerChats(
                .json([
                    "type": "message",
                    "content": [
                        ["type": "text", "text": "Hi"],
                        ["type": "tool_use", "id": "t", "name": "look", "input": ["n": 1]],
                    ], "stop_reason": "max_tokens", "usage": ["input_tokens": 3, "output_tokens": 2],
                ]))
            let (events, summary) = try await model.ask()
            #expect(
                events.withoutPieces == [
                    .text("Hi"),
                    .toolCall(ToolCall(id: "t", name: "look", arguments: #"{"n":1}"#, values: ["n": .integer(1)])),
                ])
            #expect(summary == ReplySummary(promptTokens: 3, completionTokens: 2, finishReason: .length))
        }
    }

    @Test func `a request is what the API takes`() async throws {
        var prompt = Prompt(
            messages: [
                Message(role: .system, text: "Be short."), Message(role: .assistant, text: "Welcome. "),
                Message(
                    role: .user, text: "Which?",
                    media: [
                        MediaAttachment(name: "a", mediaType: "image/png", url: "data:image/png;base64,QUJD"),
                        MediaAttachment(name: "b", mediaType: "image/jpeg", url: "https://h/b.jpg"),
                        MediaAttachment(name: "c", mediaType: "audio/wav", url: "data:audio/wav;base64,QUJD"),
                    ]),
                Message(
                    role: .assistant, text: "",
                    toolCalls: [
                        ToolCall(id: "t1", name: "search", arguments: #"{"q":"a"}"#),
                        ToolCall(id: "t2", name: "search", arguments: "nonsense"),
                    ]),
                Message(role: .tool, text: "found", toolCallID: "t1"), Message(role: .tool, text: "", toolCallID: "t2"),
                Message(role: .user, text: "Well?"),
            ], question: "Well?")
        prompt.options.temperature = 1.5
        prompt.options.topP = 0.5
        prompt.options.stop = ["\n", "END"]
        prompt.options.maximumTokens = 77
        prompt.options.tools = [
            ToolDefinition(
                name: "search", description: "Finds.",
                parameters: .named([ToolParameter("q", .string, "What.", isRequired: true)]))
        ]
        prompt.options.toolChoice = .required
        prompt.options.allowsParallelToolCalls = false
        let sent = prompt
        try await withModel(configure: { $0.cacheLifetime = "1h" }) { provider, model in
            provider.answerChats(Self.answer)
            _ = try await model.ask(sent)
            let request = try #require(provider.requests.last)
            #expect(request.path == "/v1/messages" && request.headers["x-api-key"] == "sk-ant-1234567")
            #expect(request.headers["anthropic-version"] == "2023-06-01" && request.headers["authorization"] == nil)
            let schema: JSON = [
                "type": "object", "properties": ["q": ["type": "string", "description": "What."]], "required": ["q"],
                "additionalProperties": false,
            ]
            let picture: JSON = [
                "type": "image", "source": ["type": "base64", "media_type": "image/png", "data": "QUJD"],
            ]
            #expect(
                request.body == [
                    "model": "claude-x", "max_tokens": 77,
                    "system": [
                        ["type": "text", "text": "Be short.", "cache_control": ["type": "ephemeral", "ttl": "1h"]]
                    ],
                    "messages": [
                        ["role": "user", "content": [["type": "text", "text": "…"]]],
                        ["role": "assistant", "content": [["type": "text", "text": "Welcome."]]],
                        [
                            "role": "user",
                            "content": [
                                picture, ["type": "image", "source": ["type": "url", "url": "https://h/b.jpg"]],
                                ["type": "text", "text": "Which?"],
                            ],
                        ],
                        [
                            "role": "assistant",
                            "content": [
                                ["type": "tool_use", "id": "t1", "name": "search", "input": ["q": "a"]],
                                ["type": "tool_use", "id": "t2", "name": "search", "input": [:]],
                            ],
                        ],
                        [
                            "role": "user",
                            "content": [
                                ["type": "tool_result", "tool_use_id": "t1", "content": "found"],
                                ["type": "tool_result", "tool_use_id": "t2"], ["type": "text", "text": "Well?"],
                            ],
                        ],
                    ], "temperature": 1, "stop_sequences": ["END"],
                    "tools": [["name": "search", "description": "Finds.", "input_schema": schema]],
                    "tool_choice": ["type": "any", "disable_parallel_tool_use": true], "stream": true,
                ])
        }
    }

    @Test func `an answer in a form is a text`() async throws {
        var prompt = Prompt.hello
        prompt.options.responseFormat = .jsonSchema(#"{"name":"x","schema":{"type":"object"}}"#)
        let sent = prompt
        try await withModel { provider, model in
            provider.answerChats(
                .events(
                    [
                        "type": "content_block_start", "index": 0,
                        "content_block": ["type": "tool_use", "id": "toolu_1", "name": "answer", "input": [:]],
                    ],
                    [
                        "type": "content_block_delta", "index": 0,
                        "delta": ["type": "input_json_delta", "partial_json": #"{"a":"#],
                    ],
                    [
                        "type": "content_block_delta", "index": 0,
                        "delta": ["type": "input_json_delta", "partial_json": "1}"],
                    ],
                    ["type": "message_delta", "delta": ["stop_reason": "tool_use"]], ["type": "message_stop"]))
            let (events, summary) = try await model.ask(sent)
            #expect(events == [.text(#"{"a":"#), .text("1}")] && summary.finishReason == .stop)
            let body = try #require(provider.requests.last?.body)
            #expect(
                body["tool_choice"] == ["type": "tool", "name": "answer", "disable_parallel_tool_use": true])
            #expect(body["tools"]?.arrayValue?.first?["input_schema"] == ["type": "object"])
            #expect(model.acceptsResponseFormats)
        }
        try await withModel(configure: { $0.supportsTools = false }) { _, model in
            #expect(!model.acceptsResponseFormats)
        }
    }

    @Test(arguments: [(64_000, 50_000), (8_000, 8_000), (nil, 4096)])
    func `an answer may be as long as the server lets it, which is asked once`(says: Int?, expected: Int) async throws {
        try await withModel { provider, model in
            if let says { provider.keep(["id": "claude-x", "max_tokens": JSON(says)], at: "/v1/models/claude-x") }
            provider.answerChats(Self.answer)
            _ = try await model.ask()
            _ = try await model.ask()
            let chats = provider.requests.filter { $0.path == "/v1/messages" }
            #expect(chats.map { $0.body["max_tokens"] } == [JSON(expected), JSON(expected)])
            #expect(provider.requests.count == 3 && provider.requests[0].headers["x-api-key"] == "sk-ant-1234567")
        }
    }
}
