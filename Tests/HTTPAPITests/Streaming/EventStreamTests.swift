import Domain
import Hummingbird
import HummingbirdTesting
import NIOCore
import OrderedJSON
import TestSupport
import Testing

@testable import HTTPAPI

@Suite(.timeLimit(.minutes(1))) struct EventStreamTests {
    @Test func `a silent stream shows that it lives, between its events`() async throws {
        let router = Router()
        router.post("/") { request, _ in
            var request = request
            _ = try await request.collectBody(upTo: 1000)
            return EventStream.response(to: request, heartbeat: .milliseconds(10)) { events in
                try await events.send(["n": 1])
                // Long enough for many beats, however slow the machine is.
                try await Task.sleep(for: .milliseconds(300))
                try await events.send(["n": 2])
            } closeEarly: { _ in
            }
        }
        let application = Application(router: router)
        try await application.test(.live) { client in
            let text = try await client.execute(uri: "/", method: .post) { String(buffer: $0.body) }
            #expect(text.hasPrefix("data: {\"n\":1}\n\n: ping\n\n"))
            #expect(text.hasSuffix(": ping\n\ndata: {\"n\":2}\n\n"))
        }
    }
}
