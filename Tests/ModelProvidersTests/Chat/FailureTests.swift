import AsyncHTTPClient
import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// Providers that fail, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct FailureTests {
    /// What the model says when the provider answers so.
    private func message(
        _ replies: FakeChatReply, timeouts: ProviderTimeouts = ProviderTimeouts(),
        configure: (inout OpenAICompatibleEndpoint) -> Void = { _ in }
    ) async throws -> String {
        try await withModel(timeouts: timeouts, configure: configure) { provider, model in
            provider.answerChats(replies)
            let error = await #expect(throws: ServiceError.self) { _ = try await model.ask() }
            #expect(error?.code == .upstream)
            return error?.message ?? ""
        }
    }

    @Test func `a refusal carries the status and what the provider says`() async throws {
        #expect(
            try await message(.failure(400, "The model `x` does not exist"))
                == "GenericOpenAI answered 400 Bad Request: The model `x` does not exist.")
        #expect(
            try await message(.body("<html><title>Oops</title></html>", contentType: "text/html", status: 502))
                == "GenericOpenAI answered 502 Bad Gateway: Oops.")
        #expect(
            try await message(.body("", contentType: "text/plain", status: 503))
                == "GenericOpenAI answered 503 Service Unavailable.")
    }

    @Test func `the key is never repeated`() async throws {
        let configure: (inout OpenAICompatibleEndpoint) -> Void = {
            $0.apiKey = "my-very-own-key"
            $0.customHeaders = CustomHeaders(parsing: "X-Secret:hush-hush")
        }
        let said = "Incorrect API key provided: my-very-own-key (hush-hush, sk-12345678)"
        let hidden = "Incorrect API key provided: [hidden] ([hidden], [hidden])"
        #expect(
            try await message(.failure(401, said), configure: configure)
                == "GenericOpenAI answered 401 Unauthorized: \(hidden).")
        #expect(
            try await message(.stream(.error(said)), configure: configure) == "GenericOpenAI failed: \(hidden).")
    }

    @Test func `an error body is read only so far`() async throws {
        var flood = FakeChatReply.stream(.flood(chunk: 1000, count: 10_000_000))
        flood.status = 500
        #expect(try await message(flood).hasPrefix("GenericOpenAI answered 500 Internal Server Error: data: {"))
    }

    @Test func `an error in mid-stream ends the reply after what came before`() async throws {
        try await withModel { provider, model in
            provider.answerChats(.stream(.text("one"), .error("out of memory"), .text("two"), .done))
            var events: [ReplyEvent] = []
            let error = await #expect(throws: ServiceError.self) {
                _ = try await model.reply(to: .hello) { events.append($0) }
            }
            #expect(error?.message == "GenericOpenAI failed: out of memory.")
            #expect(events == [.text("one")])
        }
    }

    @Test func `a connection that breaks in mid-stream is an error`() async throws {
        #expect(
            try await message(.stream(.text("one"), .breakOff))
                == "GenericOpenAI closed the connection before its answer was complete.")
    }

    @Test func `a provider that falls silent is given up`() async throws {
        let timeouts = ProviderTimeouts(idle: .milliseconds(200))
        let found = try await message(.stream(.text("one"), .hang), timeouts: timeouts)
        #expect(found == "GenericOpenAI sent nothing for 0.2 s.")
        let found2 = try await message(.silence, timeouts: timeouts)
        #expect(found2 == "GenericOpenAI sent nothing for 0.2 s.")
    }

    @Test func `a provider that never begins is given up`() async throws {
        let timeouts = ProviderTimeouts(firstByte: .milliseconds(200))
        #expect(
            try await message(.silence, timeouts: timeouts) == "GenericOpenAI did not begin to answer within 0.2 s.")
    }

    @Test func `a provider that never comes to an end is given up`() async throws {
        let timeouts = ProviderTimeouts(total: .milliseconds(200))
        let endless = FakeChatReply.stream(.flood(chunk: 10, count: 5_000_000))
        let found3 = try await message(endless, timeouts: timeouts)
        #expect(found3 == "The answer of GenericOpenAI did not come to an end.")
    }

    @Test(arguments: [": ping\n\n", "data:\n\n", #"data: {"choices":[{"delta":{"content":""}}]}"# + "\n\n"])
    func `signs of life are no answer`(sign: String) async throws {
        let timeouts = ProviderTimeouts(idle: .milliseconds(200))
        let signs = [FakeChatReply.Step](repeating: .bytes(Array(sign.utf8)), count: 5_000_000)
        let found = try await message(.stream(signs), timeouts: timeouts)
        #expect(found.hasPrefix("The answer of GenericOpenAI does not go on: nothing came but signs of life"))
    }

    @Test func `a failure carries the provider's status and the pause that it asks for`() async throws {
        func error(_ reply: FakeChatReply) async throws -> ServiceError? {
            try await withModel { provider, model in
                provider.answerChats(reply)
                return await #expect(throws: ServiceError.self) { _ = try await model.ask() }
            }
        }
        let limited = try await error(.failure(429, "slow down", headers: [("Retry-After", "17")]))
        #expect(limited?.providerStatus == 429 && limited?.retryAfter == 17)
        let soon = try await error(.failure(503, "busy", headers: [("retry-after-ms", "1500")]))
        #expect(soon?.providerStatus == 503 && soon?.retryAfter == 2)
        // Gateways say so inside an answer that has begun.
        let frame = #"data: {"error":{"message":"limit","code":429}}"# + "\n\n"
        let inside = try await error(.stream(.bytes(Array(frame.utf8))))
        #expect(inside?.providerStatus == 429 && inside?.message == "GenericOpenAI failed: limit.")
        let broken = try await error(.stream(.text("x"), .breakOff))
        #expect(broken != nil && broken?.providerStatus == nil)
    }

    @Test func `a reply without measure is cut off`() async throws {
        let flood = FakeChatReply.stream(.flood(chunk: 1024 * 1024, count: 1000))
        let found4 = try await message(flood)
        #expect(found4 == "The answer of GenericOpenAI does not come to an end.")
    }

    @Test func `an event without measure is cut off`() async throws {
        let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 5 * 1024 * 1024)
        #expect(try await message(.stream(.bytes(bytes))).contains("holds an event longer than"))
    }

    @Test func `a redirect is not followed`() async throws {
        try await FakeProvider.run { elsewhere in
            let location = [(name: "Location", value: elsewhere.baseURL + "/chat/completions")]
            let said = try await message(.body("", contentType: "text/plain", status: 307, headers: location))
            #expect(said.hasPrefix("GenericOpenAI answered 307 Temporary Redirect. Redirects are not followed"))
            #expect(elsewhere.requests.isEmpty)
        }
    }

    @Test(arguments: [
        (FakeChatReply.body("<html>Welcome to the hotel</html>", contentType: "text/html"), "holds no chat completion"),
        (.stream(), "holds no chat completion"),
        (.stream(.bytes(Array("data: nonsense\n\n".utf8))), "is not JSON"),
        (.stream(.text("a"), .bytes(Array(#"data: {"choices":[{"de"#.utf8))), "is not JSON"),
        (.body("nonsense", contentType: "application/json"), "is not JSON"),
        (.json(["object": "list"]), "is not a chat completion"),
    ])
    func `answers that are none are refused`(reply: FakeChatReply, problem: String) async throws {
        let found5 = try await message(reply)
        #expect(found5 == "The answer of GenericOpenAI \(problem).")
    }

    @Test func `an error inside a successful answer is an error`() async throws {
        let found6 = try await message(.json(["error": ["message": "overloaded"]]))
        #expect(found6 == "GenericOpenAI failed: overloaded.")
        let found7 = try await message(.json(["error": [:]]))
        #expect(found7 == "GenericOpenAI failed: it does not say why.")
    }

    @Test(arguments: [
        ("http://127.0.0.1:1/v1", "GenericOpenAI could not be reached at 127.0.0.1:1 (Connection refused)."),
        (
            "http://user:password@127.0.0.1:1/v1",
            "GenericOpenAI could not be reached at 127.0.0.1:1 (Connection refused)."
        ),
        ("nonsense", "The base path of GenericOpenAI is not a URL that can be reached."),
        ("", "The base path of GenericOpenAI is not a URL that can be reached."),
        ("ftp://127.0.0.1/v1", "The base path of GenericOpenAI is not a URL that can be reached."),
    ])
    func `an address where nobody answers is named`(baseURL: String, expected: String) async throws {
        try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
            let endpoint = OpenAICompatibleEndpoint.generic(baseURL: baseURL, apiKey: nil, modelID: "m")
            let model = OpenAICompatibleModel(endpoint: endpoint, client: client, retries: .immediately(2))
            let error = await #expect(throws: ServiceError.self) { _ = try await model.ask() }
            #expect(error?.message == expected)
        }
    }
}
