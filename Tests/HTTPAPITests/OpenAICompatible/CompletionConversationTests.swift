import Domain
import HTTPTypes
import OrderedJSON
import Testing

/// What the OpenAI API makes of a conversation that the client brings, and of a model that thinks.
@Suite struct CompletionConversationTests {
    private static let path = "/v1/openai/chat/completions"

    @Test func `a follow-up finds the sources of the question before it`() async throws {
        try await TestServer.run(model: ConversingModel()) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            _ = try await client.json(.post, "/v1/workspace/w/update", ["chatMode": "query"])
            let answer = try await client.json(
                .post, Self.path,
                [
                    "model": "w",
                    "messages": [
                        ["role": "user", "content": "When does the harbour open?"],
                        ["role": "assistant", "content": "Early."], ["role": "user", "content": "and why?"],
                    ],
                ])
            #expect(answer["choices"]?.arrayValue?.first?["message"]?["content"] == "Hi")
            #expect(answer["sources"]?.arrayValue?.count == 1)
        }
    }

    @Test func `what the model thinks stands in a field of its own`() async throws {
        let events: [ReplyEvent] = [.reasoning("Let me "), .reasoning("see."), .text("{\"a\":"), .text("1}")]
        try await TestServer.run(model: ConversingModel([.events(events)])) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let body: JSONObject = ["model": "w", "messages": [["role": "user", "content": "Why?"]]]
            let whole = try await client.json(.post, Self.path, .object(body))
            let message = whole["choices"]?.arrayValue?.first?["message"]
            #expect(message?["content"] == "{\"a\":1}")
            #expect(message?["reasoning_content"] == "Let me see.")
            let (chunks, _) = try chunks(
                in: try await client.send(.post, Self.path, .object(body.merging(["stream": true]))).text)
            let deltas = chunks.compactMap { $0["choices"]?.arrayValue?.first?["delta"] }
            #expect(deltas.compactMap { $0["content"]?.stringValue }.joined() == "{\"a\":1}")
            #expect(deltas.compactMap { $0["reasoning_content"]?.stringValue }.joined() == "Let me see.")
            #expect(deltas.map { $0["role"] } == ["assistant", nil, nil, nil, nil])
            // In the workspace's own chat it stays in the text, as that wire has it.
            let chat = try await client.json(.post, "/v1/workspace/w/chat", ["message": "Why?"])
            #expect(chat["textResponse"] == "<think>Let me see.</think>{\"a\":1}")
        }
    }

    @Test func `a refusal says that it is one`() async throws {
        try await TestServer.run(model: ConversingModel()) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w", "chatMode": "query"])
            let answer = try await client.json(
                .post, Self.path, ["model": "w", "messages": [["role": "user", "content": "Why?"]]])
            let message = answer["choices"]?.arrayValue?.first?["message"]
            #expect(message?["refusal"] == message?["content"])
            #expect(message?["content"]?.stringValue?.hasPrefix("There is no relevant") == true)
        }
    }

    @Test func `what a model cannot see whole is said`() async throws {
        try await TestServer.run(model: ConversingModel(contextWindow: 1024)) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let long = JSON.string(String(repeating: "Why is that so? ", count: 1000))
            let answer = try await client.json(
                .post, Self.path, ["model": "w", "messages": [["role": "user", "content": long]]])
            #expect(answer["warnings"]?.arrayValue?.count == 1)
        }
    }

    @Test(arguments: ["/v1/openai/assistants", "/v1/openai/nothing"])
    func `what the OpenAI API does not have is said in its shape`(path: String) async throws {
        try await TestServer.run(model: ConversingModel()) { client in
            let (status, text) = try await client.send(.post, path, [:])
            #expect(status == 404)
            #expect(try JSON(parsing: text)["error"]?["message"]?.stringValue?.isEmpty == false)
        }
    }
}
