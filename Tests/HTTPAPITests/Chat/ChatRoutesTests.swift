import Domain
import Foundation
import HTTPTypes
import OrderedJSON
import Testing

@Suite struct ChatRoutesTests {
    @Test func `a streamed answer ends with sources and the id of the chat`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let (status, text) = try await client.send(
                .post, "/v1/workspace/w/stream-chat", ["message": "When does the harbour open?"])
            let frames = try TestClient.frames(in: text)
            #expect(status == 200)
            #expect(
                frames.map { $0["type"] } == [
                    "textResponseChunk", "textResponseChunk", "textResponseChunk", "finalizeResponseStream",
                ])
            #expect(frames.compactMap { $0["textResponse"]?.stringValue }.joined() == "Hi there")
            #expect(frames.allSatisfy { $0["id"] == frames[0]["id"] && $0["uuid"] == frames[0]["id"] })
            #expect(frames[2]["sources"]?.arrayValue?.first?["chunk"] == "The harbour opens at seven.")
            #expect(frames[3]["chatId"]?.integerValue == 1)
            #expect(frames[3]["close"] == true)
        }
    }

    @Test func `a model that fails after its first words ends in an error that is one`() async throws {
        let model = ScriptedModel(["Hi"], failure: ServiceError(.upstream, "the model broke"))
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let answer = try await client.send(.post, "/v1/workspace/w/chat", ["message": "harbour"])
            #expect(answer.status == 500)
            let parsed = try JSON(parsing: answer.text)
            #expect(parsed["type"] == "abort")
            let frames = try TestClient.frames(
                in: try await client.send(.post, "/v1/workspace/w/stream-chat", ["message": "harbour"]).text)
            #expect(frames.map { $0["type"] } == ["textResponseChunk", "abort", "finalizeResponseStream"])
            #expect(frames[1]["error"] == "the model broke")
            #expect(frames[2]["error"] == "the model broke")
        }
    }

    @Test func `query mode refuses where nothing is found, without a language model`() async throws {
        let model = ScriptedModel([], failure: ServiceError(.unavailable, "no model"))
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let answer = try await client.json(
                .post, "/v1/workspace/w/chat", ["message": "anything", "mode": "query"])
            #expect(
                answer["textResponse"] == "There is no relevant information in this workspace to answer your query.")
            #expect(answer["sources"] == [])
        }
    }

    @Test func `what cannot be asked is an abort with its reason`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            for (path, body, error) in [
                ("nowhere", ["message": "x"], "Workspace nowhere is not a valid workspace."),
                ("w", ["message": ""], "Message is empty"), ("w", ["message": 7], "Message must be a string."),
                ("w", ["message": "x", "mode": "poetry"], "poetry is not a valid mode."),
            ] as [(String, JSON, String)] {
                let (status, text) = try await client.send(.post, "/v1/workspace/\(path)/chat", body)
                let answer = try JSON(parsing: text)
                #expect(status == 400)
                #expect(answer["error"]?.stringValue == error)
                #expect(answer["type"] == "abort")
            }
        }
    }

    @Test func `a document that comes with a question is used for it, and one that cannot be read is named`()
        async throws
    {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let good: JSON = [
                "name": "note.txt", "mime": "application/anythingllm-document",
                "contentString": .string(
                    "data:text/plain;charset=utf-8;base64," + Data("It opens at six.".utf8).base64EncodedString()),
            ]
            let bad: JSON = [
                "name": "x.pdf", "mime": "application/anythingllm-document", "contentString": "bm8gcGRm",
            ]
            let answer = try await client.json(
                .post, "/v1/workspace/w/chat",
                ["message": "When?", "mode": "query", "attachments": [good, bad]])
            #expect(answer["textResponse"] == "Hi there")
            #expect(answer["sources"]?.arrayValue?.first?["text"] == "It opens at six.")
            #expect(answer["warnings"]?.arrayValue?.first?.stringValue?.hasPrefix("x.pdf could not be read") == true)
            let broken = try await client.json(
                .post, "/v1/workspace/w/chat",
                [
                    "message": "x",
                    "attachments": [["name": "a", "mime": "application/anythingllm-document", "contentString": "?"]],
                ])
            #expect(broken["warnings"]?.arrayValue?.first?.stringValue?.contains("a ") == true)
            let listed = try await client.json(.get, "/v1/documents")["localFiles"]?["items"]
            #expect(listed == [])
        }
    }
}
