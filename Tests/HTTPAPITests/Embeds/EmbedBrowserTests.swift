import Domain
import HTTPTypes
import OrderedJSON
import Testing

/// What browsers ask of embeds: the same rows under other addresses, by ids.
@Suite struct EmbedBrowserTests {
    private static let session = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"

    private static func ask(_ client: TestClient, _ uuid: String, _ message: String) async throws -> Int {
        try await client.send(
            .post, "/embed/\(uuid)/stream-chat", ["message": .string(message), "sessionId": .string(session)]
        ).status
    }

    @Test func `embeds are listed, made, changed and deleted by their ids`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w", "v")
            let made = try await client.json(
                .post, "/embeds/new", ["workspace_id": 1, "chat_mode": "chat", "allowlist_domains": ["example.org"]])
            #expect(made["error"] == .null)
            let id = try #require(made["embed"]?["id"]?.integerValue)
            let uuid = try #require(made["embed"]?["uuid"]?.stringValue)
            _ = try await client.json(.post, "/embeds/new", ["workspace_slug": "v"])
            for (body, status) in [
                ([:], 400), (["workspace_id": 99], 404), (["workspace_id": "x"], 404),
                (["workspace_id": 1, "allowlist_domains": ["no origin"]], 400),
            ] as [(JSON, Int)] {
                let answer = try await client.send(.post, "/embeds/new", body)
                #expect(answer.status == status, "\(body)")
            }
            let embeds = try await client.json(.get, "/embeds")["embeds"]?.arrayValue
            #expect(embeds?.map { $0["workspace"]?["slug"] } == ["v", "w"])
            #expect(embeds?.last?["_count"] == ["embed_chats": 0])
            #expect(embeds?.last?["allowlist_domains"] == ["https://example.org"])
            let changed = try await client.json(
                .post, "/embed/update/\(id)", ["enabled": false, "workspace_id": 2])
            #expect(changed == ["success": true, "error": .null])
            let developers = try await client.json(.get, "/v1/embed")["embeds"]?.arrayValue?.first
            #expect(developers?["enabled"] == false && developers?["workspace_id"] == 2)
            for path in ["99", "x", uuid] {
                let update = try await client.send(.post, "/embed/update/\(path)", ["enabled": true])
                let deletion = try await client.send(.delete, "/embed/\(path)")
                #expect(update.status == 404 && deletion.status == 404, "\(path)")
            }
            let deleted = try await client.json(.delete, "/embed/\(id)")
            #expect(deleted == ["success": true, "error": .null])
            let left = try await client.json(.get, "/embeds")["embeds"]?.arrayValue
            #expect(left?.count == 1)
        }
    }

    @Test func `what visitors asked is shown by pages and deleted one by one`() async throws {
        try await TestServer.run(model: ScriptedModel(["At ", "seven."])) { client in
            try await client.makeWorkspaces("w")
            let uuid = try #require(
                try await client.json(.post, "/embeds/new", ["workspace_id": 1, "chat_mode": "chat"])["embed"]?["uuid"]?
                    .stringValue)
            for question in ["one", "two", "three"] {
                let status = try await Self.ask(client, uuid, question)
                #expect(status == 200)
            }
            let first = try await client.json(.post, "/embed/chats", ["limit": 2])
            #expect(first["chats"]?.arrayValue?.map { $0["prompt"] } == ["three", "two"])
            #expect(first["hasPages"] == true && first["totalChats"] == 3)
            let row = try #require(first["chats"]?.arrayValue?.first)
            #expect(row["embed_config"]?["workspace"] == ["name": "w"])
            #expect(row["response_text"] == "At seven.")
            let response = try JSON(parsing: row["response"]?.stringValue ?? "")
            #expect(response["text"] == "At seven." && response["type"] == "chat")
            let second = try await client.json(.post, "/embed/chats", ["limit": "2", "offset": 1])
            #expect(second["chats"]?.arrayValue?.map { $0["prompt"] } == ["one"] && second["hasPages"] == false)
            let wrong = try await client.send(.post, "/embed/chats", ["offset": -1])
            #expect(wrong.status == 400)
            let id = try #require(row["id"]?.integerValue)
            let deleted = try await client.json(.delete, "/embed/chats/\(id)")
            #expect(deleted == ["success": true, "error": .null])
            for path in ["\(id)", "x"] {
                let answer = try await client.send(.delete, "/embed/chats/\(path)")
                #expect(answer.status == 404)
            }
            let rest = try await client.json(.post, "/embed/chats", [:])
            #expect(rest["chats"]?.arrayValue?.map { $0["prompt"] } == ["two", "one"])
            let events = try await client.send(.post, "/system/event-logs", ["event": "embed_chat_deleted"])
            #expect(events.text.contains("\(id)"))
        }
    }

    @Test func `visitors keep their addresses, and get nothing of those for administrators`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeUser("max", role: "manager")
            let (root, max) = (try await client.asUser("root"), try await client.asUser("max"))
            try await client.makeWorkspaces("w")
            let uuid = try #require(
                try await root.json(.post, "/embeds/new", ["workspace_id": 1])["embed"]?["uuid"]?.stringValue)
            let nobody = TestClient(client: client.client, server: client.server, key: "")
            for (method, path) in [
                (HTTPRequest.Method.get, "/embeds"), (.post, "/embeds/new"), (.post, "/embed/update/1"),
                (.delete, "/embed/1"), (.post, "/embed/chats"), (.delete, "/embed/chats/1"),
                (.delete, "/embed/chats/\(Self.session)"),
            ] {
                let stranger = try await nobody.send(method, path, [:])
                #expect(stranger.status == 401 && stranger.text.contains("No auth token found."), "\(method) \(path)")
                let manager = try await max.send(method, path, [:])
                #expect(manager.status == 401 && manager.text.contains("needs the role admin"), "\(method) \(path)")
            }
            let history = try await nobody.json(.get, "/embed/\(uuid)/\(Self.session)")
            #expect(history == ["history": []])
            let reset = try await nobody.send(.delete, "/embed/\(uuid)/\(Self.session)")
            #expect(reset.status == 200 && reset.text.isEmpty)
            let asked = try await Self.ask(nobody, uuid, "hi")
            #expect(asked == 200)
        }
    }

    @Test func `what operators hide is not shown here either`() async throws {
        try await TestServer.run(environment: ["DISABLE_VIEW_CHAT_HISTORY": "1"]) { client in
            let answer = try await client.send(.post, "/embed/chats", [:])
            #expect(answer.status == 422)
        }
    }
}
