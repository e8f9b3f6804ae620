import Domain
import HTTPTypes
import OrderedJSON
import Testing

/// What SDKs read of a failure: a status that says whether asking again can help, and an error object.
@Suite struct CompletionFailureTests {
    private static let path = "/v1/openai/chat/completions"

    @Test(arguments: [
        (ServiceError(.upstream, "wrong", providerStatus: 400), 400, nil, "invalid_request_error"),
        (ServiceError(.upstream, "wrong", providerStatus: 422), 400, nil, "invalid_request_error"),
        (ServiceError(.upstream, "long", providerStatus: 413), 413, nil, "invalid_request_error"),
        (ServiceError(.upstream, "slow", retryAfter: 17, providerStatus: 429), 429, "17", "rate_limit_error"),
        (ServiceError(.upstream, "busy", providerStatus: 429), 429, "1", "rate_limit_error"),
        (ServiceError(.upstream, "busy", retryAfter: 3, providerStatus: 503), 503, "3", "server_error"),
        (ServiceError(.upstream, "busy", providerStatus: 529), 503, "1", "server_error"),
        (ServiceError(.upstream, "broken", providerStatus: 500), 502, "1", "server_error"),
        // The key of this server is no business of the client's.
        (ServiceError(.upstream, "key", providerStatus: 401), 502, nil, "server_error"),
        (ServiceError(.upstream, "unreachable"), 502, "1", "server_error"),
        (ServiceError(.unavailable, "not set"), 503, nil, "server_error"),
        (ServiceError(.unavailable, "full", retryAfter: 2), 503, "2", "server_error"),
        (ServiceError(.invalid, "bad"), 400, nil, "invalid_request_error"),
    ]) func `a failure before the first token has a status, streamed or not`(
        failure: ServiceError, status: Int, retryAfter: String?, type: String
    ) async throws {
        try await TestServer.run(model: ConversingModel([.failure(failure)])) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            for streams in [false, true] {
                let body: JSON = [
                    "model": "w", "stream": .bool(streams), "messages": [["role": "user", "content": "x"]],
                ]
                let answer = try await client.response(.post, Self.path, body)
                let error = try #require(try JSON(parsing: answer.text)["error"])
                #expect(answer.status == status)
                #expect(answer.headers[.retryAfter] == retryAfter)
                #expect(error["message"]?.stringValue == failure.message && error["type"]?.stringValue == type)
                #expect(error["code"] != nil && error["param"] == .null)
                let isFinal = status >= 500 && retryAfter == nil
                #expect(answer.headers[try #require(HTTPField.Name("x-should-retry"))] == (isFinal ? "false" : nil))
            }
        }
    }

    @Test func `a rate limit has OpenAI's code`() async throws {
        let failure = ServiceError(.upstream, "slow", providerStatus: 429)
        try await TestServer.run(model: ConversingModel([.failure(failure)])) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let (_, text) = try await client.send(
                .post, Self.path, ["model": "w", "messages": [["role": "user", "content": "x"]]])
            #expect(try JSON(parsing: text)["error"]?["code"] == "rate_limit_exceeded")
        }
    }
}
