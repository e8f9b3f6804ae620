import Domain
import HTTPAPI
import HTTPTypes
import HummingbirdTesting
import NIOCore
import OrderedJSON
import Testing

/// What clients do to a connection, over real sockets.
@Suite struct ConnectionTests {
    private static func run(
        model: any LanguageModel = ScriptedModel(["Hi", " there"]), limits: ConnectionLimits = ConnectionLimits(),
        _ body: @escaping @Sendable (TestClient, _ port: Int) async throws -> Void
    ) async throws {
        try await TestServer.run(model: model, limits: limits) { client in
            try await body(client, try #require(client.client.port))
        }
    }

    private static func head(
        _ method: String, _ path: String, key: String? = nil, _ fields: [String] = []
    ) -> String {
        let authorization = key.map { ["Authorization: Bearer \($0)"] } ?? []
        return (["\(method) /api\(path) HTTP/1.1", "Host: localhost"] + authorization + fields).joined(
            separator: "\r\n")
            + "\r\n\r\n"
    }

    private static func statuses(_ text: String) -> [Int] {
        text.matches(of: #/HTTP/1\.1 (\d\d\d) /#).compactMap { Int($0.1) }
    }

    // MARK: Framing

    @Test(arguments: ["/nowhere", "/v1/openai/nowhere", "/v1/workspace/w/chat", "/ping"])
    func `an answer to HEAD has no body, whatever goes wrong`(path: String) async throws {
        try await Self.run { client, port in
            let answer = try await RawConnection.exchange(
                [
                    Self.head("HEAD", path, key: client.key),
                    Self.head("GET", "/v1/auth", key: client.key, ["Connection: close"]),
                ], port: port)
            #expect(answer.contains("\r\n\r\nHTTP/1.1 200 OK"))
            #expect(Self.statuses(answer).count == 2)
        }
    }

    @Test func `an answer to HEAD says the length that GET has, or none where nobody knows it`() async throws {
        try await Self.run { client, port in
            let answer = try await RawConnection.exchange(
                [
                    Self.head("HEAD", "/v1/system/event-logs?format=csv", key: client.key),
                    Self.head("HEAD", "/ping", key: client.key, ["Connection: close"]),
                ], port: port)
            let heads = answer.split(separator: "\r\n\r\n", omittingEmptySubsequences: false).map { $0.lowercased() }
            #expect(heads.count == 3 && heads[2].isEmpty)
            #expect(!heads[0].contains("content-length") && heads[0].hasPrefix("http/1.1 200"))
            #expect(heads[1].contains("content-length: 15") && heads[1].hasPrefix("http/1.1 200"))
        }
    }

    @Test(arguments: ["", "Host: a\r\nHost: b\r\n"])
    func `a request for no server, or for two, is refused with a reason and an id`(hosts: String) async throws {
        try await Self.run { _, port in
            let answer = try await RawConnection.exchange(["GET /api/ping HTTP/1.1\r\n\(hosts)\r\n"], port: port)
            #expect(Self.statuses(answer) == [400])
            #expect(answer.contains("x-request-id: ") && answer.contains(#""error":"The request cannot be read"#))
        }
    }

    @Test func `a body that nobody wants is not read to its end`() async throws {
        try await Self.run { _, port in
            let head = Self.head("POST", "/v1/document/upload", ["Content-Length: 10000000000"])
            let answer = try await RawConnection.exchange([head, String(repeating: "x", count: 100_000)], port: port)
            #expect(Self.statuses(answer) == [403])
            #expect(answer.lowercased().contains("connection: close"))
        }
    }

    @Test func `a small body that nobody wants does not cost the connection`() async throws {
        try await Self.run { client, port in
            let answer = try await RawConnection.exchange(
                [
                    Self.head("POST", "/v1/workspace/new", ["Content-Length: 2"]), "{}",
                    Self.head("GET", "/v1/auth", key: client.key, ["Connection: close"]),
                ], port: port)
            #expect(Self.statuses(answer) == [403, 200])
        }
    }

    @Test(arguments: [
        "huge\r\n{}\r\n0\r\n\r\n", "0x2\r\n{}\r\n0\r\n\r\n", "-2\r\n{}\r\n0\r\n\r\n", "2\n{}\n0\n\n",
        "2\r\n{}xx0\r\n\r\n",
        "\r\n{}\r\n0\r\n\r\n", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    ])
    func `a damaged chunk is the client's mistake and ends the connection`(body: String) async throws {
        try await Self.run { client, port in
            let head = Self.head(
                "POST", "/v1/workspace/new", key: client.key,
                ["Content-Type: application/json", "Transfer-Encoding: chunked"])
            let next = Self.head("GET", "/v1/auth", key: client.key, ["Connection: close"])
            let answer = try await RawConnection.exchange([head + body + next], port: port)
            #expect(Self.statuses(answer) == [400])
        }
    }

    @Test(arguments: [
        (["Transfer-Encoding:\tchunked", "Content-Length: 4"], 400), (["Transfer-Encoding: chunked, chunked"], 400),
        (["Content-Length: 4", "Content-Length: 5"], 400), (["Content-Length: 4", "Content-Length: 4"], 400),
        (["Content-Length: +4"], 400), (["Content-Length: 4, 4"], 400), (["Content-Length: 0x4"], 400),
        (["Transfer-Encoding: chunked", "Content-Length: 4"], 400), (["Transfer-Encoding: xchunked"], 501),
        (["Transfer-Encoding: gzip, chunked"], 501), (["Transfer-Encoding: identity"], 501),
        (["Transfer-Encoding : chunked"], 400), (["Bad\u{0}Name: x"], 400),
    ])
    func `A48 a request whose end is in doubt is refused, and nothing behind it is read`(
        fields: [String], status: Int
    ) async throws {
        try await Self.run { client, port in
            let first = Self.head("GET", "/v1/auth", key: client.key)
            let doubtful = Self.head("POST", "/v1/workspace/new", key: client.key, fields) + "0\r\n\r\n"
            let hidden = Self.head("GET", "/v1/workspaces", key: client.key)
            let answer = try await RawConnection.exchange([first + doubtful + hidden], port: port)
            #expect(Self.statuses(answer) == [200, status])
        }
    }

    @Test(arguments: [
        ("/v1/workspace/w/chat", 16_000_000, false, 403), ("/nowhere", 16, true, 404),
        ("/v1/workspace/w/chat", 999_000_000, true, 413), ("/v1/workspace/w/update", 3_000_000, true, 413),
    ])
    func `a body that is refused unread is not asked for`(path: String, length: Int, isKnown: Bool, status: Int)
        async throws
    {
        try await Self.run { client, port in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let head = Self.head(
                "POST", path, key: isKnown ? client.key : nil,
                ["Content-Type: application/json", "Content-Length: \(length)", "Expect: 100-continue"])
            let answer = try await RawConnection.exchange([head], port: port)
            #expect(Self.statuses(answer) == [status])
        }
    }

    @Test func `an invitation to send a body comes after the answer before it`() async throws {
        try await Self.run { client, port in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let question = #"{"message":"hi"}"#
            let stream = Self.head(
                "POST", "/v1/workspace/w/stream-chat", key: client.key,
                ["Content-Type: application/json", "Content-Length: \(question.utf8.count)"])
            let expecting = Self.head(
                "POST", "/v1/workspace/w/update", key: client.key,
                [
                    "Content-Type: application/json", "Content-Length: 2", "Expect: 100-continue", "Connection: close",
                ])
            let answer = try await RawConnection(port: port).run { inbound, outbound in
                try await outbound.write(ByteBuffer(string: stream + question + expecting))
                var answer = ""
                for try await bytes in inbound {
                    answer += String(buffer: bytes)
                    if answer.hasSuffix("100 Continue\r\n\r\n") { try await outbound.write(ByteBuffer(string: "{}")) }
                }
                return answer
            }
            #expect(Self.statuses(answer) == [200, 100, 200])
            #expect(answer.contains("\r\n0\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"))
        }
    }

    // MARK: Keeping connections

    @Test(arguments: ["stream-chat", "chat"])
    func `a connection outlives an answer of a model`(route: String) async throws {
        try await Self.run { client, port in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let question = #"{"message":"hi"}"#
            let ask = Self.head(
                "POST", "/v1/workspace/w/\(route)", key: client.key,
                ["Content-Type: application/json", "Content-Length: \(question.utf8.count)"])
            let last = Self.head("GET", "/v1/auth", key: client.key, ["Connection: close"])
            let answer = try await RawConnection.exchange([ask + question + ask + question + last], port: port)
            #expect(Self.statuses(answer) == [200, 200, 200])
            #expect(answer.hasSuffix(#"{"authenticated":true}"#))
        }
    }

    @Test(arguments: ["stream-chat", "chat"])
    func `a client that disconnects ends a model that has said nothing`(route: String) async throws {
        let model = SilentModel()
        try await Self.run(model: model) { client, port in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let question = #"{"message":"hi"}"#
            let ask = Self.head(
                "POST", "/v1/workspace/w/\(route)", key: client.key,
                ["Content-Type: application/json", "Content-Length: \(question.utf8.count)"])
            try await RawConnection(port: port).run { _, outbound in
                try await outbound.write(ByteBuffer(string: ask + question))
                await model.started()
            }
            await model.ended()
        }
    }

    @Test func `a client of HTTP 1.0 reads a stream to the end of the connection`() async throws {
        try await Self.run { client, port in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let question = #"{"message":"hi"}"#
            let ask =
                "POST /api/v1/workspace/w/stream-chat HTTP/1.0\r\nAuthorization: Bearer \(client.key)\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(question.utf8.count)\r\n\r\n\(question)"
            let answer = try await RawConnection.exchange([ask], port: port)
            #expect(!answer.lowercased().contains("transfer-encoding"))
            #expect(answer.contains("\r\n\r\ndata: {"))
        }
    }

    // MARK: Slow clients

    @Test func `A47 a body that does not come ends the connection`() async throws {
        var limits = ConnectionLimits()
        (limits.bodyGrace, limits.inspection) = (.milliseconds(50), .milliseconds(20))
        try await Self.run(limits: limits) { client, port in
            let head = Self.head(
                "POST", "/v1/workspace/new", key: client.key,
                ["Content-Type: application/json", "Content-Length: 100"])
            let answer = try await RawConnection.exchange([head + "{"], port: port)
            #expect(Self.statuses(answer) == [408])
        }
    }

    @Test func `A47 a reader that takes nothing ends its answer`() async throws {
        var limits = ConnectionLimits()
        (limits.stalledReader, limits.inspection) = (.milliseconds(100), .milliseconds(20))
        let model = FloodingModel()
        try await Self.run(model: model, limits: limits) { client, port in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let question = #"{"message":"hi"}"#
            let ask = Self.head(
                "POST", "/v1/workspace/w/stream-chat", key: client.key,
                ["Content-Type: application/json", "Content-Length: \(question.utf8.count)"])
            try await RawConnection(port: port).run { _, outbound in
                try await outbound.write(ByteBuffer(string: ask + question))
                await model.ended()
            }
        }
    }

    @Test func `all bodies together have a bound`() async throws {
        var limits = ConnectionLimits()
        limits.collectedBodies = 3 << 20
        try await Self.run(limits: limits) { client, _ in
            let text = JSON.string(String(repeating: "x", count: 6 << 20))
            let refused = try await client.send(
                .post, "/v1/document/raw-text", ["textContent": text, "metadata": ["title": "t"]])
            #expect(refused.status == 503)
            let small = JSON.string(String(repeating: "x", count: 2 << 20))
            let taken = try await client.send(
                .post, "/v1/document/raw-text", ["textContent": small, "metadata": ["title": "t"]])
            #expect(taken.status == 200)
        }
    }
}
