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
        let hasBeaten = Gate()
        let router = Router()
        router.post("/") { request, _ in
            var request = request
            _ = try await request.collectBody(upTo: 1000)
            return EventStream.response(to: request, heartbeat: .milliseconds(10)) { events in
                try await events.send(["n": 1])
                try await hasBeaten.pass()
                try await events.send(["n": 2])
            } closeEarly: { _ in
            }
        }
        let application = Application(router: router)
        try await application.test(.live) { client in
            let port = try #require(client.port)
            let text = try await RawConnection(port: port).run { inbound, outbound in
                try await outbound.write(
                    ByteBuffer(string: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
                var text = ""
                for try await bytes in inbound {
                    text += String(buffer: bytes)
                    if text.contains(": ping") { hasBeaten.open() }
                }
                return text
            }
            let first = try #require(text.firstRange(of: "data: {\"n\":1}\n\n"))
            let beat = try #require(text.firstRange(of: ": ping\n\n"))
            let second = try #require(text.firstRange(of: "data: {\"n\":2}\n\n"))
            #expect(first.upperBound <= beat.lowerBound && beat.upperBound <= second.lowerBound)
        }
    }
}
