import Domain
import HTTPAPI
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import OrderedJSON
import Testing

/// What the server says about requests: ids and metrics.
@Suite struct RequestRecordTests {
    @Test func `every answer has an id, which a client may choose`() async throws {
        try await TestServer.run { client in
            let field = try #require(HTTPField.Name("x-request-id"))
            let paths = ["/api/ping", "/api/v1/auth", "/api/v1/nowhere"]
            for path in paths {
                let own = try await client.client.execute(uri: path, method: .get, headers: [field: "trace-1.a_B"])
                #expect(own.headers[field] == "trace-1.a_B", "\(path)")
                let made = try await client.client.execute(uri: path, method: .get)
                #expect(made.headers[field]?.isEmpty == false, "\(path)")
                let refused = try await client.client.execute(uri: path, method: .get, headers: [field: "a b\u{7F}"])
                #expect(refused.headers[field]?.contains(" ") == false, "\(path)")
            }
        }
    }

    @Test func `metrics are for holders of a key, and name routes and not paths`() async throws {
        try await TestServer.run { client in
            let (refused, _) = try await client.send(.get, "/metrics", authorization: "Bearer wrong")
            #expect(refused == 403)
            _ = try await client.send(.get, "/v1/workspace/some-name")
            let (status, text) = try await client.send(.get, "/metrics")
            #expect(status == 200)
            #expect(text.contains("process_resident_memory_bytes "))
            #expect(!text.contains("some-name"))
        }
    }

    @Test func `a large answer is whole, and the same as before`() async throws {
        try await TestServer.run { client in
            let text = String(repeating: "word ", count: 200_000)
            let stored = try await client.json(
                .post, "/v1/document/raw-text",
                ["textContent": .string(text), "metadata": ["title": "t"]])
            #expect(stored["documents"]?.arrayValue?.first?["pageContent"]?.stringValue == text)
        }
    }
}
