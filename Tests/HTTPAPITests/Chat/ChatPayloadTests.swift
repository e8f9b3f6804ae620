import Domain
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

/// What a chat request may say, and what becomes of an answer that is none.
@Suite struct ChatPayloadTests {
    @Test(arguments: ["0", "false", "null", " "])
    func `a session may be called as it likes`(session: String) async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            _ = try await client.json(
                .post, "/v1/workspace/w/chat", ["message": "q", "sessionId": .string(session)])
            let main = try await client.server.chats.history(of: Conversation(workspaceID: 1), limit: 10)
            #expect(main.isEmpty)
            let own = try await client.server.chats.history(
                of: Conversation(workspaceID: 1, sessionID: session), limit: 10)
            #expect(own.count == 1)
        }
    }

    @Test(
        arguments: [
            ["message": "x", "reset": "maybe"], ["message": "x", "reset": "no"], ["message": "x", "reset": []],
            ["message": "x", "reset": 2], ["message": ["a": 1], "reset": true],
            ["message": "x", "sessionId": ["a": 1]],
            ["message": "x", "sessionId": []], ["message": ["x"]], ["message": true],
            ["message": "x", "attachments": [5]],
            [
                "message": "x",
                "attachments": [["name": "a.png", "mime": "image/png", "contentString": "not base64 !!"]],
            ],
            ["message": "x", "attachments": [["mime": "image/png", "contentString": "data:image/png;base64,@@@"]]],
            ["message": "x", "attachments": [["mime": "image/png", "contentString": "data:image/png;base64,"]]],
            ["message": "x", "attachments": .array(Array(repeating: ["contentString": "AAAA"], count: 101))],
        ] as [JSON])
    func `what is not clear is refused, and changes nothing`(body: JSON) async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            _ = try await client.json(.post, "/v1/workspace/w/chat", ["message": "kept"])
            let (status, text) = try await client.send(.post, "/v1/workspace/w/chat", body)
            #expect(status == 400, "\(text)")
            #expect(try JSON(parsing: text)["type"] == "abort")
            let history = try await client.server.chats.history(of: Conversation(workspaceID: 1), limit: 10)
            #expect(history.map(\.prompt) == ["kept"])
        }
    }

    @Test func `a picture is something to answer from in query mode`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let image: JSON = ["mime": "image/png", "contentString": "data:image/png;base64,AAAA"]
            let answer = try await client.json(
                .post, "/v1/workspace/w/chat", ["message": "What is it?", "mode": "query", "attachments": [image]])
            #expect(answer["textResponse"] == "Hi there")
        }
    }

    @Test func `an answer that breaks off is kept where its beginning was seen`() async throws {
        let model = ScriptedModel(["Hi"], failure: ServiceError(.upstream, "the model broke"))
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            _ = try await client.send(.post, "/v1/workspace/w/chat", ["message": "unseen"])
            _ = try await client.send(.post, "/v1/workspace/w/stream-chat", ["message": "seen"])
            let history = try await client.json(.get, "/v1/workspace/w/chats")["history"]?.arrayValue ?? []
            #expect(history.map { $0["content"] } == ["seen", "Hi"])
            #expect(history.last?["metrics"]?["partial"] == true)
            #expect((history.last?["metrics"]?["completion_tokens"]?.integerValue ?? 0) > 0)
        }
    }

    @Test func `thoughts alone are no answer, and earlier ones are not shown to the model again`() async throws {
        let model = ConversingModel([
            .events([.reasoning("hm")]), .events([.reasoning("hm"), .text("Yes.")]), .text("x"),
        ])
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let empty = try await client.json(.post, "/v1/workspace/w/chat", ["message": "one"])
            #expect(empty["error"] == "No text completion could be completed with this input.")
            let full = try await client.json(.post, "/v1/workspace/w/chat", ["message": "two"])
            #expect(full["textResponse"] == "<think>hm</think>Yes.")
            _ = try await client.json(.post, "/v1/workspace/w/chat", ["message": "three"])
            #expect(model.prompts.last?.messages.dropFirst().map(\.text) == ["two", "Yes.", "three"])
        }
    }
}
