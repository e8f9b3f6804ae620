import HTTPTypes
import OrderedJSON
import Testing

/// The revision without handshake and sessions.
@Suite struct StatelessMCPTests {
    private static let meta: JSON = [
        "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:],
    ]

    private func send(
        _ method: String, _ parameters: JSONObject = [:], name: String? = nil, saying said: String? = nil,
        accept: String = "application/json", _ client: TestClient
    ) async throws -> TestClient.MCPAnswer {
        var parameters = parameters
        parameters["_meta"] = parameters["_meta"] ?? Self.meta
        var fields: HTTPFields = [HTTPField.Name("Mcp-Method")!: said ?? method]
        fields[HTTPField.Name("Mcp-Name")!] = name
        return try await client.post(
            mcp: TestClient.request(method, .object(parameters)), accept: accept, revision: "2026-07-28", fields: fields
        )
    }

    @Test func `a client learns what there is, and calls it`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspace(text: "The pump is red.")
            let described = try await send("server/discover", [:], client).json["result"]
            #expect(described?["supportedVersions"]?.arrayValue?.last == "2026-07-28")
            #expect(described?["resultType"] == "complete")
            #expect(described?["ttlMs"] == 0 && described?["cacheScope"] == "private")
            #expect(described?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"] == "lectern")
            let tools = try await send("tools/list", [:], client).json["result"]?["tools"]?.arrayValue
            #expect(tools?.count == 6)
            let found = try await send(
                "tools/call", ["name": "search", "arguments": ["query": "pump"]], name: "search", client)
            #expect(found.headers[HTTPField.Name("Mcp-Session-Id")!] == nil)
            let result = try found.json["result"]
            #expect(result?["structuredContent"]?["results"]?.arrayValue?.first?["text"] == "The pump is red.")
            #expect(result?["resultType"] == "complete")
            #expect(result?["ttlMs"] == nil)
        }
    }

    @Test func `headers and message have to say the same`() async throws {
        try await TestServer.run { client in
            let call: JSONObject = ["name": "list_workspaces"]
            for answer in [
                try await send("tools/list", [:], saying: "tools/call", client),
                try await send("tools/call", call, name: "search", client), try await send("tools/call", call, client),
            ] {
                #expect(answer.status == 400)
                #expect(try answer.json["error"]?["code"] == -32020)
                #expect(try answer.json["id"] == 1)
            }
            let encoded = try await send("tools/call", call, name: "=?base64?bGlzdF93b3Jrc3BhY2Vz?=", client)
            #expect(encoded.status == 200)
            let bare = try await send("tools/list", ["_meta": [:]], client)
            #expect(bare.status == 400)
            #expect(try bare.json["error"]?["code"] == -32602)
        }
    }

    @Test func `what is not there has a status of its own`() async throws {
        try await TestServer.run { client in
            for method in ["ping", "initialize", "subscriptions/listen"] {
                let answer = try await send(method, [:], client)
                #expect(answer.status == 404)
                #expect(try answer.json["error"]?["code"] == -32601)
            }
            let uri = "lectern://documents/custom-documents/nothing.json"
            let resource = try await send("resources/read", ["uri": .string(uri)], name: uri, client)
            #expect(resource.status == 400)
            #expect(try resource.json["error"]?["code"] == -32602)
            let later = try await client.post(mcp: TestClient.request("tools/list"), revision: "2031-01-01")
            #expect(later.status == 400)
            #expect(try later.json["error"]?["code"] == -32022)
            #expect(try later.json["error"]?["data"]?["supported"]?.arrayValue?.contains("2025-11-25") == true)
        }
    }

    @Test func `what takes long is a stream with progress`() async throws {
        let model = ConversingModel([.call("list_documents", "{}"), .text("One.")])
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspace(text: "The pump is red.")
            var meta = Self.meta.objectValue ?? [:]
            meta["progressToken"] = 7
            let answer = try await send(
                "tools/call", ["name": "ask", "arguments": ["question": "What?"], "_meta": .object(meta)], name: "ask",
                accept: "application/json, text/event-stream", client)
            let events = try answer.events
            #expect(events.count == 3)
            #expect(events.first?["params"]?["progressToken"] == 7)
            #expect(events.last?["result"]?["structuredContent"]?["answer"] == "One.")
            #expect(events.last?["result"]?["resultType"] == "complete")
        }
    }
}
