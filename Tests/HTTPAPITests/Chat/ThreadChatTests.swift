import Domain
import Foundation
import HTTPTypes
import OrderedJSON
import Testing

/// Operations 46 and 47.
@Suite struct ThreadChatTests {
    @Test func `a thread is a conversation of its own`() async throws {
        let model = ConversingModel([.text("x")], supportsTools: false)
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "t"])
            _ = try await client.json(.post, "/v1/workspace/w/chat", ["message": "outside"])
            _ = try await client.json(.post, "/v1/workspace/w/thread/t/chat", ["message": "one", "sessionId": "s"])
            _ = try await client.json(
                .post, "/v1/workspace/w/thread/t/chat", ["message": "two", "userId": "nobody"])
            #expect(model.prompts.last?.messages.dropFirst().map(\.text) == ["one", "x", "two"])
            let chats = try await client.json(.get, "/v1/workspace/w/thread/t/chats")["history"]?.arrayValue ?? []
            #expect(chats.map { $0["content"] } == ["one", "x", "two", "x"])

            let reset = try await client.json(.post, "/v1/workspace/w/thread/t/chat", ["reset": true])
            #expect(reset["textResponse"] == "Chat history was reset!")
            _ = try await client.json(.post, "/v1/workspace/w/thread/t/chat", ["message": "three"])
            #expect(model.prompts.last?.messages.dropFirst().map(\.text) == ["three"])
            _ = try await client.json(.post, "/v1/workspace/w/chat", ["message": "again"])
            #expect(model.prompts.last?.messages.dropFirst().map(\.text) == ["outside", "x", "again"])
            // A stream ends its connection, so it comes last.
            let frames = try await client.stream("/v1/workspace/w/thread/t", ["message": "four"])
            #expect(frames.last?["chatId"] == 6)
            #expect(model.prompts.last?.messages.dropFirst().map(\.text) == ["three", "x", "four"])
        }
    }

    @Test func `refusals in a thread are stored there`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "t"])
            let refusal = try await client.json(
                .post, "/v1/workspace/w/thread/t/chat", ["message": "x", "mode": "query"])
            #expect(refusal["chatId"] == 1)
            let all = try await client.json(.get, "/v1/workspace/w/thread/t/chats?includeExcluded=true")
            #expect(all["history"]?.arrayValue?.count == 2)
            let rest = try await client.json(.get, "/v1/workspace/w/chats?includeExcluded=true")
            #expect(rest["history"] == [])
        }
    }

    @Test(
        arguments: [
            ("nowhere/thread/t/chat", ["message": "x"], 404, "Workspace nowhere not found."),
            ("w/thread/none/chat", ["message": "x"], 404, "Thread none not found."),
            ("v/thread/t/chat", ["message": "x"], 404, "Thread t not found."),
            ("w/thread/T/chat", ["message": "x"], 404, "Thread T not found."),
            ("w/thread/t/chat", ["message": ""], 400, "Message is empty"),
            ("w/thread/t/chat", ["message": "x", "mode": "no"], 400, "no is not a valid mode."),
            ("nowhere/thread/t/stream-chat", ["message": "x"], 400, "Workspace nowhere or thread t is not valid."),
            ("w/thread/none/stream-chat", ["message": "x"], 400, "Workspace w or thread none is not valid."),
            ("v/thread/t/stream-chat", ["message": "x"], 400, "Workspace v or thread t is not valid."),
            ("w/thread/t/stream-chat", [:], 400, "Message is empty"),
        ] as [(String, JSON, Int, String)])
    func `what cannot be asked is an abort with its reason`(
        path: String, body: JSON, status: Int, error: String
    ) async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "v"])
            _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "t"])
            let answer = try await client.send(.post, "/v1/workspace/\(path)", body)
            #expect(answer.status == status)
            let object = try JSON(parsing: answer.text)
            for (key, value) in [
                "type": "abort", "textResponse": .null, "sources": [], "close": true, "error": .string(error),
            ] as [String: JSON] {
                #expect(object[key] == value, "\(key)")
            }
        }
    }
}
