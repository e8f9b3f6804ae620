import Domain
import HTTPTypes
import OrderedJSON
import Testing

/// Functions, as tools were called before, and calls of tools while they are made.
@Suite struct CompletionFunctionTests {
    private static let path = "/v1/openai/chat/completions"
    private static let question: JSON = ["role": "user", "content": "What time is it?"]
    private static let functions: JSON = [["name": "clock", "parameters": ["type": "object"]]]
    private static let call: JSON = ["name": "clock", "arguments": "{\"zone\":\"UTC\"}"]
    private static let event = ReplyEvent.toolCall(ToolCall(id: "c1", name: "clock", arguments: "{\"zone\":\"UTC\"}"))

    @Test func `a function's call is returned, and its result goes back`() async throws {
        let model = ConversingModel([.events([Self.event]), .text("Noon.")])
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let first = try await client.json(
                .post, Self.path,
                [
                    "model": "w", "messages": [Self.question], "functions": Self.functions,
                    "function_call": ["name": "clock"],
                ])
            let choice = try #require(first["choices"]?.arrayValue?.first)
            #expect(choice["finish_reason"] == "function_call")
            #expect(choice["message"] == ["role": "assistant", "content": nil, "function_call": Self.call])
            let options = try #require(model.prompts.first?.options)
            #expect(options.toolChoice == .named("clock") && options.allowsParallelToolCalls == false)

            let second = try await client.json(
                .post, Self.path,
                [
                    "model": "w", "functions": Self.functions,
                    "messages": [
                        Self.question, choice["message"] ?? .null,
                        ["role": "function", "name": "clock", "content": "12:00"],
                    ],
                ])
            #expect(second["choices"]?.arrayValue?.first?["message"]?["content"] == "Noon.")
            let messages = try #require(model.prompts.last?.messages)
            #expect(messages.map(\.role) == [.system, .user, .assistant, .tool])
            #expect(messages[2].toolCalls.first?.id == messages[3].toolCallID && messages[3].text == "12:00")
        }
    }

    @Test func `a result without its call is one all the same`() async throws {
        let model = ConversingModel()
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let messages: JSON = [Self.question, ["role": "function", "name": "clock", "content": nil]]
            let (status, _) = try await client.send(.post, Self.path, ["model": "w", "messages": messages])
            #expect(status == 200)
            let sent = try #require(model.prompts.last?.messages)
            #expect(sent.map(\.role) == [.system, .user, .assistant, .tool])
            #expect(sent[2].toolCalls.map(\.name) == ["clock"] && sent[3].toolCallID == sent[2].toolCalls.first?.id)
        }
    }

    @Test func `a streamed call comes as it is made, under either name`() async throws {
        let events: [ReplyEvent] = [
            .toolCallPiece(ToolCallPiece(index: 0, id: "c1", name: "clock", arguments: "")),
            .toolCallPiece(ToolCallPiece(index: 0, id: nil, name: nil, arguments: "{\"zone\":")),
            .toolCallPiece(ToolCallPiece(index: 0, id: nil, name: nil, arguments: "\"UTC\"}")),
            Self.event,
        ]
        try await TestServer.run(model: ConversingModel([.events(events)])) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            var body: JSONObject = ["model": "w", "messages": [Self.question], "stream": true]
            body["functions"] = Self.functions
            var deltas = try await self.deltas(client, body).compactMap { $0["function_call"] }
            #expect(
                deltas == [
                    ["name": "clock", "arguments": ""], ["arguments": "{\"zone\":"], ["arguments": "\"UTC\"}"],
                ])
            body["functions"] = nil
            body["tools"] = [["type": "function", "function": ["name": "clock"]]]
            deltas = try await self.deltas(client, body).compactMap { $0["tool_calls"]?.arrayValue?.first }
            #expect(
                deltas == [
                    ["index": 0, "id": "c1", "type": "function", "function": ["name": "clock", "arguments": ""]],
                    ["index": 0, "function": ["arguments": "{\"zone\":"]],
                    ["index": 0, "function": ["arguments": "\"UTC\"}"]],
                ])
        }
    }

    private func deltas(_ client: TestClient, _ body: JSONObject) async throws -> [JSON] {
        let (chunks, _) = try chunks(in: try await client.send(.post, Self.path, .object(body)).text)
        return chunks.compactMap { $0["choices"]?.arrayValue?.first?["delta"] }
    }

    @Test func `of the tools, those that are allowed are offered`() async throws {
        let model = ConversingModel()
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let tools = ["a", "b", "c"].map { ["type": "function", "function": ["name": .string($0)]] as JSON }
            let (status, _) = try await client.send(
                .post, Self.path,
                [
                    "model": "w", "messages": [Self.question], "tools": .array(tools),
                    "tool_choice": [
                        "type": "allowed_tools", "allowed_tools": ["mode": "required", "tools": [tools[0], tools[2]]],
                    ],
                ])
            #expect(status == 200)
            #expect(model.prompts.last?.options.tools.map(\.name) == ["a", "c"])
            #expect(model.prompts.last?.options.toolChoice == .required)
        }
    }
}
