import Domain
import ModelProviders
import TestSupport
import Testing

/// What happens to the connection when nobody wants the reply any more.
@Suite(.timeLimit(.minutes(1))) struct DisconnectTests {
    private struct ReaderGone: Error {}

    @Test func `cancelling closes the connection of a provider that has fallen silent`() async throws {
        try await withModel { provider, model in
            provider.answerChats(.stream(.text("first"), .hang))
            let first = Gate()
            let task = Task { try await model.reply(to: .hello) { _ in first.open() } }
            try await first.pass()
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            try await provider.state.wait { $0.disconnections == 1 }
        }
    }

    @Test func `cancelling closes the connection of a provider that talks on`() async throws {
        try await withModel { provider, model in
            provider.answerChats(.stream(.flood(chunk: 1000, count: 10_000_000)))
            let first = Gate()
            let task = Task { try await model.reply(to: .hello) { _ in first.open() } }
            try await first.pass()
            task.cancel()
            await #expect(throws: (any Error).self) { _ = try await task.value }
            try await provider.state.wait { $0.disconnections == 1 }
        }
    }

    @Test func `cancelling before the first byte closes the connection and is not retried`() async throws {
        try await withModel(retries: .immediately(5)) { provider, model in
            provider.answerChats(.silence)
            let task = Task { try await model.ask() }
            try await provider.state.wait { $0.requests.count == 1 }
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            try await provider.state.wait { $0.disconnections == 1 }
            #expect(provider.requests.count == 1)
        }
    }

    @Test func `an error of the reader is passed on as it is and closes the connection`() async throws {
        try await withModel { provider, model in
            provider.answerChats(.stream(.text("first"), .hang))
            await #expect(throws: ReaderGone.self) {
                _ = try await model.reply(to: .hello) { _ in throw ReaderGone() }
            }
            try await provider.state.wait { $0.disconnections == 1 }
        }
    }

    @Test func `cancelling ends the pause before a retry`() async throws {
        let patient = RetryPolicy(maximumRetries: 1, maximumDelay: .seconds(1000))
        try await withModel(retries: patient) { provider, model in
            provider.answerChats(.failure(429, "later", headers: [("Retry-After", "900")]))
            let task = Task { try await model.ask() }
            try await provider.state.wait { $0.requests.count == 1 }
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
        }
    }
}
