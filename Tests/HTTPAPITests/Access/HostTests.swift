import HTTPTypes
import HummingbirdTesting
import OrderedJSON
import Testing

@Suite struct HostTests {
    @Test(arguments: ["/api/v1/auth", "/api/ping", "/api/v1/openai/models", "/nothing"])
    func `A29 a name that was led here by somebody else's DNS finds nobody`(path: String) async throws {
        try await TestServer.run(through: .live) { client in
            let answer = try await ask(path, at: "rebound.example:3001", client)
            #expect(answer.hasPrefix("HTTP/1.1 421 "))
            #expect(answer.contains("LECTERN_HOSTS"))
            #expect(answer.contains("rebound.example:3001"))
            let own = try await ask(path, at: "127.0.0.1", client)
            #expect(!own.hasPrefix("HTTP/1.1 421 "))
        }
    }

    @Test func `the refusal is JSON in the shape of the address`() async throws {
        try await TestServer.run(through: .live) { client in
            let plain = try await body(of: ask("/api/v1/auth", at: "a\"b.example", client))
            #expect(plain["error"]?.stringValue?.contains("a\"b.example") == true)
            let openAI = try await body(of: ask("/api/v1/openai/models", at: "a.example", client))
            #expect(openAI["error"]?["message"]?.stringValue?.contains("a.example") == true)
        }
    }

    @Test func `a listed name is answered`() async throws {
        try await TestServer.run(environment: ["LECTERN_HOSTS": "lectern.example"], through: .live) { client in
            let answer = try await ask("/api/v1/auth", at: "lectern.example", client)
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test(arguments: [([:], "200"), (["LECTERN_HOSTS": "lectern.example"], "421")])
    func `a server that others reach asks for the name only where names are listed`(
        environment: [String: String], status: String
    ) async throws {
        try await TestServer.run(environment: environment, listensOnLoopback: false, through: .live) { client in
            let answer = try await ask("/api/v1/auth", at: "other.example", client)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        }
    }

    @Test func `HTTP 1 point 0 need not name a server`() async throws {
        try await TestServer.run(through: .live) { client in
            let port = try #require(client.client.port)
            let answer = try await RawConnection.exchange(["GET /api/ping HTTP/1.0\r\n\r\n"], port: port)
            #expect(answer.contains(" 200 "))
        }
    }

    private func ask(_ path: String, at host: String, _ client: TestClient) async throws -> String {
        let head =
            "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nAuthorization: Bearer \(client.key)\r\nConnection: close\r\n\r\n"
        return try await RawConnection.exchange([head], port: try #require(client.client.port))
    }

    private func body(of answer: String) throws -> JSON {
        let end = try #require(answer.firstRange(of: "\r\n\r\n"))
        return try JSON(parsing: String(answer[end.upperBound...]))
    }
}
