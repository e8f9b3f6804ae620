import Domain
import HTTPTypes
import OrderedJSON
import Testing

/// OpenAI's API where its own clients look for it: `/v1`, with its own statuses.
@Suite struct OpenAIAddressTests {
    private static let question: JSON = ["role": "user", "content": "When does the harbour open?"]

    @Test func `every operation answers under both addresses alike`() async throws {
        try await TestServer.run(model: ScriptedModel(["At ", "seven."])) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            for path in ["/models", "/models/w", "/vector_stores", "/vector_stores/w", "/vector_stores/w/files"] {
                let plain = try await client.send(.get, address: "/v1" + path)
                let other = try await client.send(.get, address: "/api/v1/openai" + path)
                #expect(plain.status == 200 && plain == other, "\(path)")
            }
            let answer = try await client.send(
                .post, address: "/v1/chat/completions", ["model": "w", "messages": [Self.question]])
            #expect(answer.status == 200 && answer.text.contains("At seven."))
            let embedded = try await client.send(.post, address: "/v1/embeddings", ["input": "x"])
            #expect(embedded.status == 200)
            let capitals = try await client.send(.get, address: "/V1/Models")
            #expect(capitals.status == 200)
        }
    }

    @Test func `a key that is missing or wrong is 401, and one that may not do it 403`() async throws {
        try await TestServer.run { client in
            for (key, message) in [("", "No API key was sent"), ("Bearer AAAAAAA-BBBBBBB", "Invalid auth token.")] {
                let answer = try await client.send(.get, address: "/v1/models", authorization: key)
                let error = try JSON(parsing: answer.text)["error"]
                #expect(answer.status == 401)
                #expect(error?["type"] == "authentication_error" && error?["code"] == "invalid_api_key")
                #expect(error?["message"]?.stringValue?.hasPrefix(message) == true)
            }
            let reader = try await client.withKey(scopes: [.read])
            let answer = try await reader.send(.post, address: "/v1/chat/completions", ["model": "w"])
            #expect(answer.status == 403)
            #expect(try JSON(parsing: answer.text)["error"]?["type"] == "permission_error")
            let developers = try await client.send(.get, "/v1/openai/models", authorization: "")
            #expect(developers.status == 403)
        }
    }

    @Test func `a model that is no workspace is not found`() async throws {
        try await TestServer.run { client in
            for (address, status) in [("/v1/chat/completions", 404), ("/api/v1/openai/chat/completions", 401)] {
                let answer = try await client.send(
                    .post, address: address, ["model": "gpt-4o", "messages": [Self.question]])
                #expect(answer.status == status, "\(address)")
                #expect(try JSON(parsing: answer.text)["error"]?["code"] == "model_not_found")
            }
            let found = try await client.send(.get, address: "/v1/models/gpt-4o")
            #expect(found.status == 404 && found.text.contains("model_not_found"))
        }
    }

    @Test func `a limit of the provider's is passed on with the pause that it asks for`() async throws {
        let failure = ServiceError(.upstream, "Too many.", retryAfter: 7, providerStatus: 429)
        try await TestServer.run(model: ScriptedModel([], failure: failure)) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w", "chatMode": "chat"])
            let answer = try await client.response(
                .post, address: "/v1/chat/completions", ["model": "w", "messages": [Self.question]])
            #expect(answer.status == 429 && answer.headers[.retryAfter] == "7")
            #expect(try JSON(parsing: answer.text)["error"]?["code"] == "rate_limit_exceeded")
        }
    }

    @Test func `what is not there is said in OpenAI's shape`() async throws {
        try await TestServer.run { client in
            let unknown = try await client.send(.get, address: "/v1/assistants")
            #expect(unknown.status == 404)
            #expect(try JSON(parsing: unknown.text)["error"]?["message"]?.stringValue?.isEmpty == false)
            let picture = try await client.send(.post, address: "/v1/images/generations", ["prompt": ""])
            #expect(picture.status == 400)
            #expect(try JSON(parsing: picture.text)["error"]?["message"] == "A prompt is required.")
        }
    }
}
