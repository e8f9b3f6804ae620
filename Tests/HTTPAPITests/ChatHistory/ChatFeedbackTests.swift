import Domain
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Testing

@Suite struct ChatFeedbackTests {
    @Test func `what a reader thinks of an answer is listed with it`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let id = try await client.store("q")
            for feedback in [true, false, nil, true] as [JSON] {
                let answer = try await client.send(
                    .post, "/v1/workspace/w/chat-feedback/\(id)", ["feedback": feedback])
                #expect(answer.status == 200)
                #expect(answer.text == #"{"success":true}"#)
                let listed = try await client.json(.get, "/v1/workspace/w/chats")["history"]?.arrayValue?.last
                #expect(listed?["feedbackScore"] == feedback)
            }
        }
    }

    @Test func `an answer of another workspace is out of reach`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w", "other")
            let id = try await client.store("q")
            for path in ["other/chat-feedback/\(id)", "nowhere/chat-feedback/\(id)", "w/chat-feedback/99"] {
                let answer = try await client.send(.post, "/v1/workspace/\(path)", ["feedback": true])
                #expect(answer.status == 404, "\(path)")
            }
            let listed = try await client.json(.get, "/v1/workspace/w/chats")["history"]?.arrayValue?.last
            #expect(listed?["feedbackScore"] == .null)
        }
    }

    @Test(arguments: ["0", "-1", "9223372036854775808", "1.5", "NaN", "1%20or%201=1", "%00"])
    func `A43 an id that is none finds no chat`(id: String) async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            try await client.store("q")
            let answer = try await client.send(.post, "/v1/workspace/w/chat-feedback/\(id)", ["feedback": true])
            #expect(answer.status == 404)
            let listed = try await client.json(.get, "/v1/workspace/w/chats")["history"]?.arrayValue?.last
            #expect(listed?["feedbackScore"] == .null)
        }
    }

    @Test(arguments: [#"{}"#, #"{"feedback":1}"#, #"{"feedback":"true"}"#, #"{"feedback":{"set":true}}"#])
    func `A14 feedback is yes, no or nothing`(body: String) async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let id = try await client.store("q")
            let answer = try await client.send(.post, "/v1/workspace/w/chat-feedback/\(id)", raw: body)
            #expect(answer.status == 400)
            #expect(answer.text.contains("feedback must be true, false or null."))
        }
    }
}
