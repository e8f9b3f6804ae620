import Domain
import Synchronization
import Testing

@testable import Engine

@Suite struct ToolSupportTests {
    private struct Model: LanguageModel {
        let providerName = "TestLLM"
        let modelID = "m"
        let contextWindow = 8192
        let supportsTools = true
        let acceptsImages = false
        func reply(to prompt: Prompt, emit: (ReplyEvent) async throws -> Void) async throws -> ReplySummary {
            ReplySummary()
        }
    }

    @Test(arguments: [
        (400, "X answered 400 Bad Request: tools are not supported.", false),
        (422, "X answered 422: unknown field tool_choice.", false),
        (400, "X answered 400 Bad Request: the context is too long.", true),
        (500, "X answered 500: tools failed.", true), (nil, "X could not be reached; no tools.", true),
    ]) func `only a refusal because of tools is remembered`(status: Int?, message: String, takesTools: Bool) {
        let support = ToolSupport()
        support.refused(ServiceError(.upstream, message, providerStatus: status), by: Model())
        #expect(support.takesTools(Model()) == takesTools)
    }

    @Test func `it is remembered for a bounded time`() {
        let now = Mutex(ContinuousClock.Instant.now)
        let support = ToolSupport(memory: .seconds(600)) { now.withLock { $0 } }
        support.refused(
            ServiceError(.upstream, "X answered 400: no tools here.", providerStatus: 400), by: Model())
        #expect(!support.takesTools(Model()))
        now.withLock { $0 += .seconds(601) }
        #expect(support.takesTools(Model()))
    }
}
