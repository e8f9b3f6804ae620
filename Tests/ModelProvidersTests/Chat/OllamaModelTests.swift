import AsyncHTTPClient
import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// Ollama's own API, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct OllamaModelTests {
    private func withModel<Result>(
        configure: (inout OllamaEndpoint) -> Void = { _ in }, _ body: (FakeProvider, OllamaModel) async throws -> Result
    ) async throws -> Result {
        try await FakeProvider.run { provider in
            var endpoint = OllamaEndpoint(
                providerName: "OllamaAILLM", label: "Ollama", baseURL: provider.origin, modelID: "llama3.2")
            configure(&endpoint)
            let target = endpoint
            return try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
                try await body(
                    provider, OllamaModel(endpoint: target, client: client, facts: ModelFactsCache(), retries: .never))
            }
        }
    }

    private static let answer = FakeChatReply.lines(
        ["model": "llama3.2", "message": ["role": "assistant", "content": "", "thinking": "Hm."], "done": false],
        ["model": "llama3.2", "message": ["role": "assistant", "content": "Hi"], "done": false],
        [
            "model": "llama3.2", "message": ["role": "assistant", "content": ""], "done": true, "done_reason": "stop",
            "prompt_eval_count": 26, "eval_count": 3, "eval_duration": 1000,
        ])

    @Test func `an answer comes line by line, with what it cost`() async throws {
        try await withModel { provider, model in
            provider.answerChats(Self.answer)
            let (events, summary) = try await model.ask()
            #expect(events == [.reasoning("Hm."), .text("Hi")])
            #expect(summary == ReplySummary(promptTokens: 26, completionTokens: 3))
        }
    }

    @Test func `lines may be cut anywhere, and the last may lack its end`() async throws {
        let text =
            #"{"message":{"content":"Grüße"},"done":false}"# + "\r\n\n" + #"{"message":{"content":"!"},"done":true}"#
        try await withModel { provider, model in
            for cut in [1, 20, 26, 27, 28, 46, 50] {
                let bytes = Array(text.utf8)
                provider.answerChats(.stream(.bytes(Array(bytes[..<cut])), .bytes(Array(bytes[cut...]))))
                let events = try await model.ask().events
                #expect(events == [.text("Grüße"), .text("!")], "\(cut)")
            }
        }
    }

    @Test func `calls come whole and are given ids`() async throws {
        try await withModel { provider, model in
            let call: JSON = ["function": ["name": "search", "arguments": ["q": "a"]]]
            provider.answerChats(
                .lines(
                    ["message": ["content": "", "tool_calls": [call, call]], "done": false],
                    ["message": ["content": ""], "done": true, "done_reason": "stop"]))
            let (events, summary) = try await model.ask()
            let calls = events.compactMap { if case .toolCall(let call) = $0 { call } else { nil } }
            #expect(calls.map(\.name) == ["search", "search"] && calls[0].id != calls[1].id)
            #expect(calls[0].arguments == #"{"q":"a"}"# && calls[0].values == ["q": .text("a")])
            #expect(summary.finishReason == .toolCalls)
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
                Message(role: .tool, text: "found", toolCallID: "t1"),
            ], question: "Which?")
        prompt.options.temperature = 0.2
        prompt.options.maximumTokens = 50
        prompt.options.seed = 7
        prompt.options.stop = ["END"]
        prompt.options.responseFormat = .jsonSchema(#"{"name":"x","schema":{"type":"object"}}"#)
        prompt.options.tools = [ToolDefinition(name: "search", description: "Finds.", parameters: nil)]
        let sent = prompt
        try await withModel(configure: {
            $0.windowLimit = 8192
            $0.keepAliveSeconds = -1
            $0.apiKey = "k-123456"
        }) { provider, model in
            provider.answerChats(Self.answer)
            _ = try await model.ask(sent)
            let request = try #require(provider.requests.last)
            #expect(request.path == "/api/chat" && request.headers["authorization"] == "Bearer k-123456")
            #expect(
                request.body == [
                    "model": "llama3.2",
                    "messages": [
                        ["role": "system", "content": "Be short."],
                        ["role": "user", "content": "Which?", "images": ["QUJD"]],
                        [
                            "role": "assistant", "content": "",
                            "tool_calls": [["function": ["name": "search", "arguments": ["q": "a"]]]],
                        ], ["role": "tool", "content": "found", "tool_name": "search"],
                    ], "stream": true, "keep_alive": -1,
                    "options": ["temperature": 0.2, "num_ctx": 8192, "num_predict": 50, "seed": 7, "stop": ["END"]],
                    "tools": [
                        [
                            "type": "function",
                            "function": [
                                "name": "search", "description": "Finds.",
                                "parameters": ["type": "object", "properties": [:]],
                            ],
                        ]
                    ], "format": ["type": "object"],
                ])
        }
    }

    @Test(
        arguments: [
            (131_072, nil, 16384), (131_072, 32_768, 32_768), (2048, 32_768, 2048), (nil, 8192, 8192), (nil, nil, 4096),
        ] as [(Int?, Int?, Int)])
    func `the window is the model's, as far as operators allow it`(says: Int?, limit: Int?, expected: Int) async throws
    {
        try await withModel(configure: { $0.windowLimit = limit }) { provider, model in
            if let says {
                provider.keep(
                    [
                        "model_info": ["general.architecture": "llama", "llama.context_length": JSON(says)],
                        "capabilities": ["completion", "vision"],
                    ], at: "/api/show")
            }
            let prepared = try await model.prepared()
            #expect(prepared.contextWindow == expected)
            // An older server does not say what its models can do.
            #expect(prepared.supportsTools == (says == nil) && prepared.acceptsImages)
            _ = try await model.prepared()
            #expect(provider.requests.map(\.path) == ["/api/show"])
            provider.answerChats(Self.answer)
            _ = try await prepared.ask()
            #expect(provider.requests.last?.body["options"]?["num_ctx"] == JSON(expected))
        }
    }
}
