import Domain
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

/// The frames and answers that clients of the wire are written against, byte for byte; only what differs from run to run
/// is named by a letter.
@Suite struct WorkedExampleTests {
    private static let chunk =
        #"data: {"uuid":"U","id":"U","sources":[],"type":"textResponseChunk","textResponse":"Hi","close":false,"error":null}"#

    /// The frames of a stream, with `U` for their id, `M` for the metrics and `S` for sources that are not empty.
    private static func frames(_ text: String) throws -> [String] {
        #expect(text.hasSuffix("\n\n"))
        return try text.split(separator: "\n\n").map { frame in
            let frame = String(frame)
            let parsed = try JSON(parsing: String(frame.dropFirst("data: ".count)))
            let id = try #require(parsed["uuid"]?.stringValue)
            var masked = frame.replacing(id, with: "U")
            if let metrics = parsed["metrics"] { masked = masked.replacing(metrics.text, with: "M") }
            if let sources = parsed["sources"], sources != [] { masked = masked.replacing(sources.text, with: "S") }
            return masked
        }
    }

    @Test func `a stream with one hit`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let (_, text) = try await client.send(
                .post, "/v1/workspace/w/stream-chat", ["message": "When does the harbour open?", "mode": "chat"])
            #expect(
                try Self.frames(text) == [
                    Self.chunk,
                    #"data: {"uuid":"U","id":"U","sources":[],"type":"textResponseChunk","textResponse":" there","close":false,"error":null}"#,
                    #"data: {"uuid":"U","id":"U","sources":S,"type":"textResponseChunk","textResponse":"","close":true,"error":null}"#,
                    #"data: {"uuid":"U","id":"U","type":"finalizeResponseStream","close":true,"error":null,"chatId":1,"metrics":M,"sources":S}"#,
                ])
            let last = try #require(try TestClient.frames(in: text).last)
            #expect(
                last["metrics"]?.objectValue?.keys == [
                    "completion_tokens", "prompt_tokens", "total_tokens", "outputTps", "duration", "model", "provider",
                    "timestamp",
                ])
            let source = try #require(last["sources"]?.arrayValue?.first)
            #expect(source["title"] == "a.txt")
            let score = try #require(source["score"]?.doubleValue)
            let distance = try #require(source["_distance"]?.doubleValue)
            #expect(abs(score + distance - 1) < 1e-5)
        }
    }

    @Test func `a stream whose provider fails after one token`() async throws {
        let model = ScriptedModel(["Hi"], failure: ServiceError(.upstream, "the model broke"))
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let (_, text) = try await client.send(
                .post, "/v1/workspace/w/stream-chat", ["message": "x", "mode": "chat"])
            #expect(
                try Self.frames(text) == [
                    Self.chunk,
                    #"data: {"id":"U","uuid":"U","type":"abort","textResponse":null,"sources":[],"close":true,"error":"the model broke"}"#,
                    #"data: {"uuid":"U","id":"U","type":"finalizeResponseStream","close":true,"error":"the model broke","chatId":1,"metrics":M,"sources":[]}"#,
                ])
            let stored = try await client.server.chats.history(
                of: Conversation(workspaceID: 1), limit: 10)
            #expect(stored.map(\.answer) == ["Hi"])
        }
    }

    @Test func `a stream whose provider refuses the request`() async throws {
        let model = ScriptedModel([], failure: ServiceError(.upstream, "401 no"))
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let (status, text) = try await client.send(
                .post, "/v1/workspace/w/stream-chat", ["message": "x", "mode": "chat"])
            #expect(status == 200)
            #expect(
                try Self.frames(text) == [
                    #"data: {"id":"U","uuid":"U","type":"abort","textResponse":null,"sources":[],"close":true,"error":"401 no"}"#
                ])
            let stored = try await client.server.chats.history(
                of: Conversation(workspaceID: 1), limit: 10)
            #expect(stored.isEmpty)
        }
    }

    @Test func `a question in query mode to an empty workspace`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let (status, text) = try await client.send(
                .post, "/v1/workspace/w/chat", ["message": "x", "mode": "query", "sessionId": "s"])
            #expect(status == 200)
            let answer = try JSON(parsing: text)
            let id = try #require(answer["id"]?.stringValue)
            #expect(
                text.replacing(id, with: "U")
                    == #"{"id":"U","type":"textResponse","close":true,"error":null,"chatId":1,"textResponse":"There is no relevant information in this workspace to answer your query.","sources":[],"metrics":{}}"#
            )
            let listed = try await client.json(.get, "/v1/workspace/w/chats")
            #expect(listed["history"] == [])
            let session = try await client.json(.get, "/v1/workspace/w/chats?apiSessionId=s")
            #expect(session["history"]?.arrayValue?.map { $0["content"] } == ["x", answer["textResponse"]])
        }
    }
}
