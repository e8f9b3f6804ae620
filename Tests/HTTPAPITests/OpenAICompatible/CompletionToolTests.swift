import Domain
import HTTPTypes
import OrderedJSON
import Testing

/// Tools of the client: offered, called, and their results taken back.
@Suite struct CompletionToolTests {
    private static let path = "/v1/openai/chat/completions"
    private static let tools: JSON = [
        [
            "type": "function",
            "function": [
                "name": "clock", "description": "Tells the time.", "strict": true,
                "parameters": ["type": "object", "properties": ["zone": ["type": "string"]]],
            ],
        ]
    ]
    private static let question: JSON = ["role": "user", "content": "When does the harbour open?"]
    private static let call: JSON = [
        "id": "c1", "type": "function", "function": ["name": "clock", "arguments": "{\"zone\":\"UTC\"}"],
    ]
    private static let event = ReplyEvent.toolCall(ToolCall(id: "c1", name: "clock", arguments: "{\"zone\":\"UTC\"}"))

    @Test func `a model's calls are returned, and their results go back to it`() async throws {
        let model = ConversingModel([.events([Self.event]), .text("It opens now.")])
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let first = try await client.json(
                .post, Self.path,
                [
                    "model": "w", "messages": [Self.question], "tools": Self.tools, "tool_choice": "required",
                    "parallel_tool_calls": false,
                ])
            let choice = first["choices"]?.arrayValue?.first
            #expect(choice?["finish_reason"] == "tool_calls")
            let message = try #require(choice?["message"])
            #expect(message == ["role": "assistant", "content": nil, "tool_calls": [Self.call]])
            let options = try #require(model.prompts.first?.options)
            #expect(options.tools.first?.name == "clock" && options.tools.first?.isStrict == true)
            #expect(options.toolChoice == .required && options.allowsParallelToolCalls == false)

            let second = try await client.json(
                .post, Self.path,
                [
                    "model": "w", "tools": Self.tools,
                    "messages": [
                        Self.question, message,
                        ["role": "tool", "tool_call_id": "c1", "content": [["type": "text", "text": "seven"]]],
                    ],
                ])
            #expect(second["choices"]?.arrayValue?.first?["message"]?["content"] == "It opens now.")
            // The last message of the user is what the documents are searched for.
            #expect(second["sources"]?.arrayValue?.first?["chunk"] == "The harbour opens at seven.")
            let prompt = try #require(model.prompts.last)
            #expect(prompt.messages.map(\.role) == [.system, .user, .assistant, .tool])
            #expect(
                prompt.messages[2].toolCalls == [ToolCall(id: "c1", name: "clock", arguments: "{\"zone\":\"UTC\"}")])
            #expect(prompt.messages[3].toolCallID == "c1" && prompt.messages[3].text == "seven")
        }
    }

    @Test func `a stream says the calls after the text, numbered`() async throws {
        let second = ReplyEvent.toolCall(ToolCall(id: "c2", name: "clock", arguments: "{}"))
        try await TestServer.run(model: ConversingModel([.events([.text("One moment."), Self.event, second])])) {
            client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let body: JSON = ["model": "w", "messages": [Self.question], "tools": Self.tools, "stream": true]
            let (chunks, last) = try chunks(in: try await client.send(.post, Self.path, body).text)
            #expect(chunks.count == 4 && last == "[DONE]")
            let choices = chunks.compactMap { $0["choices"]?.arrayValue?.first }
            #expect(choices.allSatisfy { $0["delta"]?["content"]?.stringValue != nil })
            let calls = choices.flatMap { $0["delta"]?["tool_calls"]?.arrayValue ?? [] }
            try #require(calls.map { $0["index"] } == [0, 1])
            #expect(calls[0]["id"] == "c1" && calls[0]["type"] == "function")
            #expect(calls[0]["function"] == ["name": "clock", "arguments": "{\"zone\":\"UTC\"}"])
            #expect(choices.map { $0["finish_reason"] } == [.null, .null, .null, "tool_calls"])
        }
    }

    @Test func `calls alone are no history, in no later prompt`() async throws {
        let model = ConversingModel([.events([Self.event]), .text("done")])
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            _ = try await client.json(
                .post, Self.path, ["model": "w", "messages": [Self.question], "tools": Self.tools])
            let session: JSON = ["message": "x", "sessionId": "openai:"]
            _ = try await client.json(.post, "/v1/workspace/w/chat", session)
            #expect(model.prompts.last?.messages.map(\.role) == [.system, .user])
        }
    }

    @Test func `results that are longer than the window are cut, and none is left out`() async throws {
        let model = ConversingModel(contextWindow: 1024)
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let long = JSON.string(String(repeating: "seven bells ", count: 5000))
            _ = try await client.json(
                .post, Self.path,
                [
                    "model": "w", "tools": Self.tools,
                    "messages": [
                        Self.question, ["role": "assistant", "tool_calls": [Self.call]],
                        ["role": "tool", "tool_call_id": "c1", "content": long],
                    ],
                ])
            let messages = try #require(model.prompts.first?.messages)
            #expect(messages.map(\.role) == [.system, .user, .assistant, .tool])
            let tokens = messages.reduce(0) { $0 + TokenEstimate.tokens(in: $1.text) }
            #expect(tokens < 1024)
            #expect(messages[3].text.hasPrefix("seven bells"))
        }
    }

    @Test func `a model without tools is offered none, and refuses what it could not answer as asked`() async throws {
        let model = ConversingModel(supportsTools: false, acceptsResponseFormats: false)
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let body: JSONObject = ["model": "w", "messages": [Self.question]]
            for (fields, parameter) in [
                (["tools": Self.tools, "tool_choice": "required"], "tools"),
                (["tools": Self.tools, "tool_choice": ["type": "function", "function": ["name": "clock"]]], "tools"),
                (["response_format": ["type": "json_object"]], "response_format"),
            ] as [(JSONObject, String)] {
                let (status, text) = try await client.send(.post, Self.path, .object(body.merging(fields)))
                #expect(status == 400)
                #expect(try JSON(parsing: text)["error"]?["param"]?.stringValue == parameter)
            }
            #expect(model.prompts.isEmpty)
            let fields: JSONObject = [
                "tools": Self.tools, "tool_choice": "none", "response_format": ["type": "text"],
            ]
            let taken = try await client.send(.post, Self.path, .object(body.merging(fields)))
            #expect(taken.status == 200)
            #expect(model.prompts.first?.options.tools == [])
        }
    }
}
