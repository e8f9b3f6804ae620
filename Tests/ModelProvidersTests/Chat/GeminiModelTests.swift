import AsyncHTTPClient
import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// Google's own Gemini API, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct GeminiModelTests {
    private func withModel<Result>(
        configure: (inout GeminiEndpoint) -> Void = { _ in }, _ body: (FakeProvider, GeminiModel) async throws -> Result
    ) async throws -> Result {
        try await FakeProvider.run { provider in
            var endpoint = GeminiEndpoint(
                providerName: "GeminiLLM", label: "Gemini", baseURL: provider.baseURL, apiKey: "g-123456",
                modelID: "gemini-3-x", contextWindow: 100_000)
            configure(&endpoint)
            let target = endpoint
            return try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
                try await body(provider, GeminiModel(endpoint: target, client: client, retries: .never))
            }
        }
    }

    private static func chunk(_ parts: JSON..., finish: JSON = .null, usage: JSON = .null) -> JSON {
        [
            "candidates": [
                ["content": ["role": "model", "parts": .array(parts)], "finishReason": finish, "index": 0]
            ],
            "usageMetadata": usage, "modelVersion": "gemini-3-x",
        ]
    }

    private static let answer = FakeChatReply.events(
        chunk(["text": "Hm.", "thought": true]), chunk(["text": "Hel"], usage: ["promptTokenCount": 25]),
        chunk(
            ["text": "lo"], finish: "STOP",
            usage: ["promptTokenCount": 25, "candidatesTokenCount": 6, "thoughtsTokenCount": 3, "totalTokenCount": 34]))

    @Test func `an answer comes in pieces, with what it cost`() async throws {
        try await withModel { provider, model in
            provider.answerChats(Self.answer)
            let (events, summary) = try await model.ask()
            #expect(events == [.reasoning("Hm."), .text("Hel"), .text("lo")])
            #expect(summary == ReplySummary(promptTokens: 25, completionTokens: 9))
            let request = try #require(provider.requests.last)
            #expect(request.path == "/v1/models/gemini-3-x:streamGenerateContent")
            #expect(request.headers["x-goog-api-key"] == "g-123456" && request.headers["authorization"] == nil)
        }
    }

    @Test func `tools are called, and what was thought before a call goes back with it`() async throws {
        try await withModel { provider, model in
            let call: JSON = ["functionCall": ["name": "search", "args": ["q": "a"]], "thoughtSignature": "c2ln"]
            let second: JSON = ["functionCall": ["name": "look", "id": "own"]]
            provider.answerChats(.events(Self.chunk(call, second, finish: "STOP")), Self.answer)
            let (events, summary) = try await model.ask()
            #expect(summary.finishReason == .toolCalls)
            let calls = events.compactMap { event in if case .toolCall(let call) = event { call } else { nil } }
            #expect(calls.map(\.name) == ["search", "look"] && calls.map(\.signature) == ["c2ln", nil])
            #expect(calls.map(\.arguments) == [#"{"q":"a"}"#, ""] && calls.last?.id == "own")
            var prompt = Prompt.hello
            prompt.messages.append(Message(role: .assistant, text: "", toolCalls: calls))
            prompt.messages.append(Message(role: .tool, text: "found", toolCallID: calls.first?.id))
            _ = try await model.ask(prompt)
            let contents = provider.requests.last?.body["contents"]?.arrayValue
            #expect(
                contents?.dropFirst() == [
                    ["role": "model", "parts": [call, ["functionCall": ["name": "look", "args": [:]]]]],
                    [
                        "role": "user",
                        "parts": [["functionResponse": ["name": "search", "response": ["result": "found"]]]],
                    ],
                ])
        }
    }

    @Test func `calls whose thoughts nobody kept are sent as Google has it`() async throws {
        var prompt = Prompt.hello
        prompt.messages.append(
            Message(role: .assistant, text: "", toolCalls: [ToolCall(id: "1", name: "search", arguments: "{}")]))
        prompt.messages.append(Message(role: .tool, text: "", toolCallID: "1"))
        let sent = prompt
        for (model, signature) in [("gemini-3-x", "skip_thought_signature_validator"), ("gemini-2.5-pro", nil)]
            as [(String, String?)]
        {
            try await withModel(configure: { $0.modelID = model }) { provider, model in
                provider.answerChats(Self.answer)
                _ = try await model.ask(sent)
                let parts = provider.requests.last?.body["contents"]?.arrayValue?[1]["parts"]
                #expect(parts?.arrayValue?.first?["thoughtSignature"]?.stringValue == signature)
            }
        }
    }

    @Test(
        arguments: [
            ("MAX_TOKENS", .length), ("SAFETY", .contentFilter), ("STOP", .stop), ("SOMETHING_NEW", .stop),
        ] as [(String, ReplySummary.FinishReason)])
    func `an answer says why it ended`(reason: String, expected: ReplySummary.FinishReason) async throws {
        try await withModel { provider, model in
            let chunk = Self.chunk(["text": "x"], finish: .string(reason))
            for reply in [FakeChatReply.events(chunk), .json(chunk)] {
                provider.answerChats(reply)
                let summary = try await model.ask().summary
                #expect(summary.finishReason == expected)
            }
        }
    }

    @Test func `a prompt that is blocked has no answer, and says so`() async throws {
        try await withModel { provider, model in
            provider.answerChats(.events(["promptFeedback": ["blockReason": "SAFETY"], "usageMetadata": [:]]))
            let (events, summary) = try await model.ask()
            #expect(events.isEmpty && summary.finishReason == .contentFilter)
        }
    }

    @Test func `a request is what the API takes`() async throws {
        var prompt = Prompt(
            messages: [
                Message(role: .system, text: "Be short."),
                Message(
                    role: .user, text: "Which?",
                    media: [
                        MediaAttachment(name: "a", mediaType: "image/png", url: "data:image/png;base64,QUJD"),
                        MediaAttachment(name: "b", mediaType: "image/png", url: "https://h/b.png"),
                    ]),
            ], question: "Which?")
        prompt.options.temperature = 0.5
        prompt.options.topP = 0.25
        prompt.options.maximumTokens = 7
        prompt.options.stop = ["END"]
        prompt.options.seed = 3
        prompt.options.reasoningEffort = "low"
        prompt.options.responseFormat = .jsonSchema(#"{"name":"x","schema":{"type":"object"}}"#)
        prompt.options.tools = [
            ToolDefinition(name: "search", description: "Finds.", parameters: .schema(#"{"type":"object"}"#))
        ]
        prompt.options.toolChoice = .named("search")
        let sent = prompt
        try await withModel(configure: { $0.safetyThreshold = "BLOCK_NONE" }) { provider, model in
            provider.answerChats(Self.answer)
            _ = try await model.ask(sent)
            let body = try #require(provider.requests.last?.body)
            let harms = ["HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT"]
            #expect(
                body == [
                    "systemInstruction": ["parts": [["text": "Be short."]]],
                    "contents": [
                        [
                            "role": "user",
                            "parts": [["inlineData": ["mimeType": "image/png", "data": "QUJD"]], ["text": "Which?"]],
                        ]
                    ],
                    "generationConfig": [
                        "temperature": 0.5, "topP": 0.25, "maxOutputTokens": 7, "stopSequences": ["END"], "seed": 3,
                        "thinkingConfig": ["thinkingLevel": "low"], "responseMimeType": "application/json",
                        "responseJsonSchema": ["type": "object"],
                    ],
                    "tools": [
                        [
                            "functionDeclarations": [
                                [
                                    "name": "search", "description": "Finds.",
                                    "parametersJsonSchema": ["type": "object"],
                                ]
                            ]
                        ]
                    ], "toolConfig": ["functionCallingConfig": ["mode": "ANY", "allowedFunctionNames": ["search"]]],
                    "safetySettings": .array(
                        harms.map { ["category": .string("HARM_CATEGORY_\($0)"), "threshold": "BLOCK_NONE"] }),
                ])
        }
    }

    @Test func `models that take no instruction are told it by the user, older ones count their thoughts`() async throws
    {
        var prompt = Prompt.hello
        prompt.options.reasoningEffort = "low"
        let sent = prompt
        try await withModel(configure: {
            $0.takesInstructions = false
            $0.modelID = "models/gemini-2.5-flash"
        }) { provider, model in
            provider.answerChats(Self.answer)
            _ = try await model.ask(sent)
            let request = try #require(provider.requests.last)
            #expect(request.path == "/v1/models/gemini-2.5-flash:streamGenerateContent")
            #expect(
                request.body == [
                    "contents": [
                        ["role": "user", "parts": [["text": "Be short."]]],
                        ["role": "model", "parts": [["text": "Okay."]]],
                        ["role": "user", "parts": [["text": "Hello?"]]],
                    ], "generationConfig": ["thinkingConfig": ["thinkingBudget": 1024]],
                ])
        }
    }
}
