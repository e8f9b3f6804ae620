import Domain
import HTTPTypes
import HummingbirdTesting
import OrderedJSON
import Testing

@Suite struct MCPTransportTests {
    @Test(arguments: [
        ("2024-11-05", "2024-11-05"), ("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"), ("1999-01-01", "2025-11-25"),
    ]) func `the client's revision is taken where it is known`(wanted: String, agreed: String) async throws {
        try await TestServer.run { client in
            let answer = try await client.post(
                mcp: TestClient.request("initialize", ["protocolVersion": .string(wanted), "capabilities": [:]]))
            let result = try answer.json["result"]
            #expect(answer.status == 200)
            #expect(result?["protocolVersion"] == .string(agreed))
            #expect(result?["serverInfo"]?["name"] == "lectern")
            #expect(result?["capabilities"]?.objectValue?.keys == ["tools", "resources"])
            #expect(answer.headers[HTTPField.Name("Mcp-Session-Id")!]?.count == 36)
        }
    }

    @Test func `a session serves until it is ended`() async throws {
        try await TestServer.run { client in
            let session = try await client.beginMCPSession()
            let notified = try await client.post(
                mcp: #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, session: session)
            #expect(notified.status == 202)
            #expect(notified.text.isEmpty)
            let ping = try await client.post(
                mcp: TestClient.request("ping", id: "a"), session: session, revision: "2025-06-18")
            #expect(try ping.json == ["jsonrpc": "2.0", "id": "a", "result": [:]])

            let end = try await client.client.execute(
                uri: "/mcp", method: .delete,
                headers: [.authorization: "Bearer \(client.key)", HTTPField.Name("Mcp-Session-Id")!: session]
            ) { $0.status.code }
            #expect(end == 204)
            let late = try await client.post(mcp: TestClient.request("ping"), session: session)
            #expect(late.status == 404)
            #expect(try late.json["error"]?["message"]?.stringValue?.contains("has ended") == true)
        }
    }

    @Test(arguments: ["", "x", "../..", "00000000-0000-0000-0000-00000000000g"])
    func `what was never a session is none`(session: String) async throws {
        try await TestServer.run { client in
            let answer = try await client.post(mcp: TestClient.request("ping"), session: session)
            #expect(answer.status == 404)
        }
    }

    @Test(arguments: [
        ("{", -32700), ("", -32700), ("7", -32600), (#"{"id":1,"method":"ping"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}"#, -32600), ("[]", -32600),
    ]) func `what is no message is refused`(body: String, code: Int64) async throws {
        try await TestServer.run { client in
            let answer = try await client.post(mcp: body)
            #expect(answer.status == 400)
            #expect(try answer.json["error"]?["code"] == .integer(code))
            #expect(try answer.json["id"] == .null)
        }
    }

    @Test func `a request that cannot be served says why under its own id`() async throws {
        try await TestServer.run { client in
            let unknown = try await client.mcp("prompts/list")
            #expect(unknown["id"] == 1)
            #expect(unknown["error"]?["code"] == -32601)
            let tool = try await client.mcp("tools/call", ["name": "rm"])
            #expect(tool["error"]?["code"] == -32602)
            let revision = try await client.post(mcp: TestClient.request("ping"), revision: "2026-01-01")
            #expect(revision.status == 400)
            let accept = try await client.post(mcp: TestClient.request("ping"), accept: "text/html")
            #expect(accept.status == 406)
            let type = try await client.post(mcp: "ping", fields: [.contentType: "text/plain"])
            #expect(type.status == 415)
        }
    }

    @Test func `lists of messages are of the old revisions`() async throws {
        let ping = TestClient.request("ping", id: 1)
        let list =
            "[\(ping),\(TestClient.request("nothing", id: 2)),"
            + #"{"jsonrpc":"2.0","method":"notifications/initialized"}]"#
        try await TestServer.run { client in
            let old = try await client.post(mcp: list, revision: "2025-03-26")
            #expect(old.status == 200)
            #expect(try old.json.arrayValue?.map { $0["id"] } == [1, 2])
            #expect(try old.json.arrayValue?.last?["error"]?["code"] == -32601)
            let new = try await client.post(mcp: list, revision: "2025-06-18")
            #expect(new.status == 400)
        }
    }

    @Test func `nobody gets in, and is told how`() async throws {
        try await TestServer.run { client in
            let answer = try await client.post(mcp: TestClient.request("ping"), authorization: "Bearer wrong")
            #expect(answer.status == 401)
            #expect(answer.headers[.wwwAuthenticate] == "Bearer")
            #expect(try answer.json["error"]?["message"]?.stringValue?.isEmpty == false)
        }
    }

    @Test(arguments: [
        ("http://localhost:6274", 200), ("http://127.0.0.1", 200), ("https://rebound.example", 403), ("null", 403),
        ("chrome-extension://abcdef", 403),
    ]) func `A29 pages from elsewhere are refused on loopback`(origin: String, status: Int) async throws {
        try await TestServer.run { client in
            let answer = try await client.post(mcp: TestClient.request("ping"), fields: [.origin: origin])
            #expect(answer.status == status)
        }
    }

    @Test func `listed pages may ask, and are shown the session`() async throws {
        try await TestServer.run(environment: ["LECTERN_HOSTS": "app.example,localhost"]) { client in
            let answer = try await client.post(
                mcp: TestClient.request("initialize", ["protocolVersion": "2025-06-18"]),
                fields: [.origin: "https://app.example"])
            #expect(answer.status == 200)
            #expect(answer.headers[.accessControlExposeHeaders] == "Mcp-Session-Id")
        }
    }

    @Test func `GET is answered that there is nothing to hear`() async throws {
        try await TestServer.run { client in
            let answer = try await client.client.execute(
                uri: "/mcp", method: .get,
                headers: [.authorization: "Bearer \(client.key)", .accept: "text/event-stream"]
            ) { ($0.status.code, $0.headers[.allow]) }
            #expect(answer.0 == 405)
            #expect(answer.1 == "DELETE, POST")
        }
    }

    @Test(arguments: ["application/json", "application/json, text/event-stream"])
    func `a request is cancelled by its id, in its session alone`(accept: String) async throws {
        let model = SilentModel()
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspace(text: "The pump is red.")
            let (session, other) = (try await client.beginMCPSession(), try await client.beginMCPSession())
            let question = TestClient.request(
                "tools/call", ["name": "ask", "arguments": ["question": "Which colour?"]], id: 7)
            let cancellation = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"#
            async let answer = client.post(mcp: question, accept: accept, session: session)
            await model.started()
            #expect(try await client.post(mcp: cancellation, session: other).status == 202)
            #expect(try await client.post(mcp: cancellation, session: session).status == 202)
            await model.ended()
            let ended = try await answer
            #expect(ended.status == 200)
            if accept.contains("event-stream") {
                #expect(try ended.events == [])
            } else {
                #expect(try ended.json["error"]?["code"] == -32800)
            }
        }
    }
}
