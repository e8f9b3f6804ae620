import AsyncHTTPClient
import Domain
import Foundation
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// Amazon Bedrock's Converse API, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct BedrockModelTests {
    private static let credentials = AWSCredentials(
        accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret-of-it", sessionToken: "token-of-it")

    private func withModel<Result>(
        configure: (inout ConverseEndpoint) -> Void = { _ in },
        _ body: (FakeProvider, BedrockModel) async throws -> Result
    ) async throws -> Result {
        try await FakeProvider.run { provider in
            var endpoint = ConverseEndpoint(
                providerName: "AWSBedrockLLM", label: "AWS Bedrock", baseURL: provider.origin,
                authentication: .signature(Self.credentials, region: "eu-central-1"),
                modelID: "us.amazon.nova-lite-v1:0", contextWindow: 8000)
            configure(&endpoint)
            let target = endpoint
            return try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
                try await body(provider, BedrockModel(endpoint: target, client: client, retries: .never))
            }
        }
    }

    private static let stamp = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)

    private static let answer = FakeChatReply.stream(
        .awsEvent("messageStart", ["role": "assistant"]),
        .awsEvent("contentBlockDelta", ["contentBlockIndex": 0, "delta": ["reasoningContent": ["text": "Hm."]]]),
        .awsEvent("contentBlockDelta", ["contentBlockIndex": 1, "delta": ["text": "Hel"]]),
        .awsEvent("contentBlockDelta", ["contentBlockIndex": 1, "delta": ["text": "lo"]]),
        .awsEvent("contentBlockStop", ["contentBlockIndex": 1]),
        .awsEvent("messageStop", ["stopReason": "end_turn"]),
        .awsEvent(
            "metadata",
            ["usage": ["inputTokens": 25, "outputTokens": 9, "totalTokens": 34], "metrics": ["latencyMs": 1]]))

    @Test func `an answer comes in pieces, with what it cost`() async throws {
        try await withModel { provider, model in
            provider.answerChats(Self.answer)
            let (events, summary) = try await model.ask()
            #expect(events == [.reasoning("Hm."), .text("Hel"), .text("lo")])
            #expect(summary == ReplySummary(promptTokens: 25, completionTokens: 9))
        }
    }

    @Test func `tools are called`() async throws {
        try await withModel { provider, model in
            let block = { (delta: JSON) -> FakeChatReply.Step in
                .awsEvent("contentBlockDelta", ["contentBlockIndex": 1, "delta": ["toolUse": ["input": delta]]])
            }
            provider.answerChats(
                .stream(
                    .awsEvent(
                        "contentBlockStart",
                        ["contentBlockIndex": 1, "start": ["toolUse": ["toolUseId": "tooluse_1", "name": "search"]]]),
                    block(.string(#"{"q":"#)), block(.string(#""a"}"#)),
                    .awsEvent("messageStop", ["stopReason": "tool_use"]), .awsEvent("metadata", [:])))
            let (events, summary) = try await model.ask()
            let call = ToolCall(id: "tooluse_1", name: "search", arguments: #"{"q":"a"}"#, values: ["q": .text("a")])
            #expect(events.withoutPieces == [.toolCall(call)])
            #expect(summary.finishReason == .toolCalls)
        }
    }

    @Test func `an answer that is asked for whole is read whole`() async throws {
        try await withModel(configure: { $0.allowsStreaming = false }) { provider, model in
            provider.answerChats(
                .json([
                    "output": [
                        "message": [
                            "role": "assistant",
                            "content": [
                                ["reasoningContent": ["reasoningText": ["text": "Hm."]]], ["text": "Hi"],
                                ["toolUse": ["toolUseId": "t", "name": "look", "input": ["n": 1]]],
                            ],
                        ]
                    ], "stopReason": "max_tokens", "usage": ["inputTokens": 3, "outputTokens": 2],
                ]))
            let (events, summary) = try await model.ask()
            let call = ToolCall(id: "t", name: "look", arguments: #"{"n":1}"#, values: ["n": .integer(1)])
            #expect(events.withoutPieces == [.reasoning("Hm."), .text("Hi"), .toolCall(call)])
            #expect(summary == ReplySummary(promptTokens: 3, completionTokens: 2, finishReason: .length))
            #expect(provider.requests.last?.path == "/model/us.amazon.nova-lite-v1%3A0/converse")
        }
    }

    @Test(
        arguments: [("throttlingException", 429), ("validationException", 400), ("somethingNew", nil)]
            as [(String, Int?)])
    func `an exception inside the answer has the status that it would have had`(name: String, status: Int?) async throws
    {
        try await withModel { provider, model in
            provider.answerChats(.stream(.awsEvent(name, ["message": "Too much."], isException: true)))
            let error = await #expect(throws: ServiceError.self) { try await model.ask() }
            #expect(error?.providerStatus == status && error?.message == "AWS Bedrock failed: Too much.")
        }
    }

    @Test func `requests are signed for the region, or carry Bedrock's own key`() async throws {
        try await withModel { provider, model in
            provider.answerChats(Self.answer)
            _ = try await model.ask()
            let request = try #require(provider.requests.last)
            #expect(request.path == "/model/us.amazon.nova-lite-v1%3A0/converse-stream")
            let names = "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token"
            let pattern =
                #/AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\d{8}/eu-central-1/bedrock/aws4_request, SignedHeaders=(.*), Signature=[0-9a-f]{64}/#
            let match = request.headers["authorization"]?.wholeMatch(of: pattern)
            #expect(match.map { String($0.1) } == names)
            #expect(request.headers["x-amz-security-token"] == "token-of-it")
            #expect(request.headers["x-amz-content-sha256"] == AWSRequestSigner.digest(of: request.bytes))
            let time = try Date(request.headers["x-amz-date"] ?? "", strategy: Self.stamp)
            let host = String(provider.origin.dropFirst("http://".count))
            let own = [
                (name: "host", value: host), (name: "content-type", value: "application/json"),
                (name: "x-amz-content-sha256", value: AWSRequestSigner.digest(of: request.bytes)),
            ]
            let again = AWSRequestSigner(Self.credentials, region: "eu-central-1", service: "bedrock").headers(
                for: AWSRequestSigner.Request(
                    method: "POST", path: request.path, headers: own,
                    bodyDigest: AWSRequestSigner.digest(of: request.bytes)), at: time)
            #expect(again.last?.value == request.headers["authorization"])
        }
        try await withModel(configure: { $0.authentication = .key("bedrock-key") }) { provider, model in
            provider.answerChats(Self.answer)
            _ = try await model.ask()
            #expect(provider.requests.last?.headers["authorization"] == "Bearer bedrock-key")
        }
    }

    @Test func `a request is what the API takes`() async throws {
        var prompt = Prompt(
            messages: [
                Message(role: .system, text: "Be short."), Message(role: .assistant, text: "Welcome. "),
                Message(
                    role: .user, text: "Which?",
                    media: [
                        MediaAttachment(name: "a", mediaType: "image/jpg", url: "data:image/jpg;base64,QUJD"),
                        MediaAttachment(name: "b", mediaType: "image/png", url: "https://h/b.png"),
                    ]),
                Message(
                    role: .assistant, text: "",
                    toolCalls: [ToolCall(id: "t1", name: "search", arguments: #"{"q":"a"}"#)]),
                Message(role: .tool, text: "found", toolCallID: "t1"), Message(role: .tool, text: "", toolCallID: "t2"),
                Message(role: .user, text: "Well?"),
            ], question: "Well?")
        prompt.options.temperature = 1.5
        prompt.options.stop = ["\n", "END"]
        prompt.options.tools = [ToolDefinition(name: "search", description: "Finds.", parameters: nil)]
        prompt.options.toolChoice = .required
        let tool: JSON = [
            "toolSpec": [
                "name": "search", "description": "Finds.",
                "inputSchema": ["json": ["type": "object", "properties": [:]]],
            ]
        ]
        let expected: JSON = [
            "messages": [
                ["role": "user", "content": [["text": "…"]]], ["role": "assistant", "content": [["text": "Welcome."]]],
                [
                    "role": "user",
                    "content": [["image": ["format": "jpeg", "source": ["bytes": "QUJD"]]], ["text": "Which?"]],
                ],
                [
                    "role": "assistant",
                    "content": [["toolUse": ["toolUseId": "t1", "name": "search", "input": ["q": "a"]]]],
                ],
                [
                    "role": "user",
                    "content": [
                        ["toolResult": ["toolUseId": "t1", "content": [["text": "found"]]]],
                        ["toolResult": ["toolUseId": "t2", "content": [["json": [:]]]]], ["text": "Well?"],
                    ],
                ],
            ], "system": [["text": "Be short."]],
            "inferenceConfig": ["maxTokens": 4096, "temperature": 1, "stopSequences": ["END"]],
            "toolConfig": ["tools": [tool], "toolChoice": ["any": [:]]],
        ]
        let sent = prompt
        try await withModel { provider, model in
            provider.answerChats(Self.answer)
            _ = try await model.ask(sent)
            #expect(provider.requests.last?.body == expected)
            // Calls of old are refused without their tools.
            var later = sent
            later.options.tools = []
            later.options.toolChoice = nil
            _ = try await model.ask(later)
            #expect(provider.requests.last?.body["toolConfig"]?["tools"]?.arrayValue?.count == 1)
        }
        try await withModel(configure: { $0.takesInstructions = false }) { provider, model in
            provider.answerChats(Self.answer)
            _ = try await model.ask()
            let body = try #require(provider.requests.last?.body)
            #expect(body["system"] == nil)
            #expect(body["messages"] == [["role": "user", "content": [["text": "Be short."], ["text": "Hello?"]]]])
        }
    }
}
