import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ChatRetryTests {
    @Test(arguments: [408, 429, 500, 502, 503, 504, 529])
    func `a passing failure before the first byte is tried again`(status: Int) async throws {
        try await withModel(retries: .immediately(2)) { provider, model in
            let failure = FakeChatReply.failure(status, "busy", headers: [("Retry-After", "0")])
            provider.answerChats(failure, failure, .answer("ok"))
            let found = try await model.ask().events
            #expect(found == [.text("ok")])
            #expect(provider.requests.count == 3)
            #expect(Set(provider.requests.map(\.body.text)).count == 1)
        }
    }

    @Test(arguments: [400, 401, 403, 404, 422, 501])
    func `a lasting failure is not tried again`(status: Int) async throws {
        try await withModel(retries: .immediately(2)) { provider, model in
            provider.answerChats(.failure(status, "no"))
            await #expect(throws: ServiceError.self) { _ = try await model.ask() }
            #expect(provider.requests.count == 1)
        }
    }

    @Test func `retries come to an end`() async throws {
        try await withModel(retries: .immediately(2)) { provider, model in
            provider.answerChats(.failure(429, "busy"))
            let error = await #expect(throws: ServiceError.self) { _ = try await model.ask() }
            #expect(error?.message == "GenericOpenAI answered 429 Too Many Requests: busy.")
            #expect(provider.requests.count == 3)
        }
    }

    @Test func `a pause that is too long is not waited for`() async throws {
        try await withModel(retries: .immediately(2)) { provider, model in
            provider.answerChats(.failure(429, "tomorrow", headers: [("Retry-After", "86400")]))
            await #expect(throws: ServiceError.self) { _ = try await model.ask() }
            #expect(provider.requests.count == 1)
        }
    }

    @Test func `nothing is tried again once the reply has begun`() async throws {
        try await withModel(retries: .immediately(2)) { provider, model in
            provider.answerChats(.stream(.text("one"), .breakOff), .answer("two"))
            await #expect(throws: ServiceError.self) { _ = try await model.ask() }
            #expect(provider.requests.count == 1)
        }
    }
}
