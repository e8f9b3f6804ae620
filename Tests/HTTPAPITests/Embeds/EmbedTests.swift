import Domain
import HTTPTypes
import HummingbirdTesting
import NIOCore
import OrderedJSON
import Persistence
import Testing

/// Embeds: what is set about them, who may ask, how often, and what others see.
@Suite struct EmbedTests {
    private static let session = "6F9619FF-8B86-D011-B42D-00CF4FC964FF"

    private static func make(_ client: TestClient, _ more: JSONObject = [:]) async throws -> String {
        try await client.makeWorkspace(text: "The harbour opens at seven.")
        var body: JSONObject = ["workspace_slug": "w", "chat_mode": "chat"]
        for member in more.members { body[member.key] = member.value }
        let made = try await client.json(.post, "/v1/embed/new", .object(body))
        return try #require(made["embed"]?["uuid"]?.stringValue)
    }

    private static func ask(
        _ client: TestClient, _ uuid: String, _ message: String = "When?", session: String = session,
        origin: String? = nil, type: String? = "text/plain;charset=UTF-8", more: JSONObject = [:]
    ) async throws -> (status: Int, allowed: String?, text: String, retryAfter: Int?) {
        var body: JSONObject = [
            "message": .string(message), "sessionId": .string(session), "username": .null, "prompt": .null,
            "model": .null, "temperature": .null,
        ]
        for member in more.members { body[member.key] = member.value }
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.origin] = origin
        return try await client.client.execute(
            uri: "/api/embed/\(uuid)/stream-chat", method: .post, headers: headers,
            body: ByteBuffer(string: JSON.object(body).text)
        ) {
            (
                Int($0.status.code), $0.headers[.accessControlAllowOrigin], String(buffer: $0.body),
                $0.headers[.retryAfter].flatMap { Int($0) }
            )
        }
    }

    @Test func `A39 a visitor is answered in a stream, and remembered by session`() async throws {
        try await TestServer.run(model: ScriptedModel(["At ", "seven."])) { client in
            let uuid = try await Self.make(client)
            let answer = try await Self.ask(client, uuid)
            #expect(answer.status == 200)
            let frames = try TestClient.frames(in: answer.text)
            #expect(frames.map { $0["textResponse"] } == ["At ", "seven.", ""])
            #expect(frames.last?["close"] == true)
            #expect(frames.allSatisfy { $0["sources"] == [] && $0["id"] == $0["uuid"] })
            let untyped = try await Self.ask(
                client, uuid, session: "00000000-0000-0000-0000-000000000001", type: nil)
            #expect(untyped.status == 200)
            let history = try await client.json(.get, "/embed/\(uuid)/\(Self.session)")["history"]?.arrayValue
            #expect(history?.map { $0["content"] } == ["When?", "At seven."])
            #expect(history?.last?["metrics"] == [:])
            let other = try await client.json(.get, "/embed/\(uuid)/00000000-0000-0000-0000-000000000000")
            #expect(other == ["history": []])
            let chats = try await client.json(.get, "/v1/embed/\(uuid)/chats")["chats"]?.arrayValue
            #expect(chats?.first?["response_text"] == "At seven.")
            let response = try JSON(parsing: chats?.first?["response"]?.stringValue ?? "")
            #expect(response["text"] == "At seven.")
            #expect(chats?.first?["metrics"]?["model"] == "scripted")
            let reset = try await client.send(.delete, "/embed/\(uuid)/\(Self.session)")
            #expect(reset.status == 200 && reset.text.isEmpty)
            let after = try await client.json(.get, "/embed/\(uuid)/\(Self.session)")
            #expect(after == ["history": []])
            let kept = try await client.json(.get, "/v1/embed/\(uuid)/chats/\(Self.session.lowercased())")
            #expect(kept["chats"]?.arrayValue?.first?["include"] == false)
            let none = try await client.send(.get, "/v1/workspace/w/chats")
            #expect(!none.text.contains("seven"))
        }
    }

    private static func history(_ client: TestClient, _ uuid: String, referer: String) async throws -> Int {
        try await client.client.execute(
            uri: "/api/embed/\(uuid)/\(session)", method: .get, headers: [.referer: referer]
        ) { Int($0.status.code) }
    }

    @Test func `a domain of another alphabet is the one that browsers write in ASCII`() async throws {
        try await TestServer.run { client in
            let uuid = try await Self.make(client, ["allowlist_domains": ["münchen.example"]])
            let list = try await client.json(.get, "/v1/embed")["embeds"]?.arrayValue?.first?["allowlist_domains"]
            #expect(list == ["https://xn--mnchen-3ya.example"])
            let answer = try await Self.ask(client, uuid, origin: "https://xn--mnchen-3ya.example")
            #expect(answer.status == 200)
        }
    }

    @Test func `A28 only pages that are allowed are answered, and no look-alikes`() async throws {
        try await TestServer.run { client in
            let uuid = try await Self.make(
                client,
                ["allowlist_domains": ["example.org", " HTTPS://Shop.Example.com:443/ ", "https://*.wild.example"]])
            let list = try await client.json(.get, "/v1/embed")["embeds"]?.arrayValue?.first?["allowlist_domains"]
            #expect(list == ["https://example.org", "https://shop.example.com", "https://*.wild.example"])
            for origin in ["https://example.org", "https://shop.example.com", "https://a.wild.example"] {
                let answer = try await Self.ask(client, uuid, origin: origin)
                #expect(answer.status == 200 && answer.allowed == origin, "\(origin)")
            }
            let fromSamePage = try await Self.history(client, uuid, referer: "https://example.org/a/page?x=1")
            #expect(fromSamePage == 200)
            let fromOtherPage = try await Self.history(client, uuid, referer: "https://evil.test/https://example.org/")
            #expect(fromOtherPage == 401)
            for origin in [
                nil, "null", "", "http://example.org", "https://example.org.evil.test", "https://evilexample.org",
                "https://example.org:8443", "https://sub.example.org", "https://wild.example", "https://awild.example",
                "https://example.org@evil.test", "https://evil.test/https://example.org", "https://.wild.example",
            ] as [String?] {
                let answer = try await Self.ask(client, uuid, origin: origin)
                #expect(answer.status == 401, "\(origin ?? "none"): \(answer.status)")
                #expect(answer.text.contains("Invalid request."))
            }
        }
    }

    @Test func `A40 what is wrong about an embed is refused, and changes nothing`() async throws {
        try await TestServer.run { client in
            let uuid = try await Self.make(client, ["allowlist_domains": "example.org, example.com"])
            for (body, status) in [
                (["allowlist_domains": ["not an origin"]], 400), (["allowlist_domains": 5], 400),
                (["allowlist_domains": ["http://example.org"]], 400), (["allowlist_domains": ""], 400),
                (["allowed_models": [5]], 400), (["enabled": "true"], 400), (["enabled": nil], 400),
                (["chat_mode": 5], 400),
                (["max_chats_per_day": "many"], 400), (["allow_model_override": 1], 400),
                (["workspace_id": 99], 404), (["workspace_slug": "none"], 404),
            ] as [(JSON, Int)] {
                let answer = try await client.send(.post, "/v1/embed/\(uuid)", body)
                #expect(answer.status == status, "\(body)")
            }
            let nothing = try await client.json(.post, "/v1/embed/\(uuid)", ["x": 1])
            #expect(nothing == ["success": false, "error": "No valid fields to update!"])
            let embed = try await client.json(.get, "/v1/embed")["embeds"]?.arrayValue?.first
            #expect(embed?["allowlist_domains"] == ["https://example.org", "https://example.com"])
            #expect(embed?["enabled"] == true)
            for (body, status, message) in [
                ([:], 400, "Workspace slug is required"), (["workspace_slug": "none"], 404, "Workspace not found"),
            ] as [(JSON, Int, String)] {
                let answer = try await client.send(.post, "/v1/embed/new", body)
                #expect(answer.status == status && answer.text.contains(message))
            }
            let unknown = try await client.send(.post, "/v1/embed/none", ["enabled": false])
            #expect(unknown.status == 404 && unknown.text.contains("Embed not found"))
            let session = try await client.send(.get, "/v1/embed/\(uuid)/chats/none")
            #expect(session.status == 404 && session.text.contains("Embed or session not found"))
        }
    }

    @Test func `A39 limits hold for questions that come at once`() async throws {
        try await TestServer.run { client in
            let uuid = try await Self.make(client, ["max_chats_per_day": 5, "max_chats_per_session": 3])
            let first = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await Self.ask(client, uuid).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(first.filter { $0 == 200 }.count == 3)
            let session = try await Self.ask(client, uuid)
            #expect(session.status == 429)
            #expect(session.retryAfter.map { (86_000...86_400).contains($0) } == true)
            #expect(
                try JSON(parsing: session.text)["error"]
                    == "Your quota for this chat has been reached. Try again later or contact the site owner.")
            let others = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        try await Self.ask(
                            client, uuid, session: "00000000-0000-0000-0000-00000000000\(number)"
                        ).status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(others.filter { $0 == 200 }.count == 2)
            let full = try await Self.ask(client, uuid)
            #expect(full.retryAfter.map { (86_000...86_400).contains($0) } == true)
            let day = try JSON(parsing: full.text)
            #expect(day["error"] == "Rate limit exceeded")
            #expect(
                day["errorMsg"]
                    == "The quota for this chat has been reached. Try again later or contact the site owner.")
        }
    }

    @Test func `A39 questions that cannot be asked are refused in the order of the wire`() async throws {
        try await TestServer.run { client in
            let uuid = try await Self.make(client)
            for (session, message, status, error) in [
                ("x", "hi", 404, "Invalid session ID."), (Self.session, "  ", 400, "Message is empty."),
                (Self.session, String(repeating: "x", count: 32_001), 400, "The message is too long."),
            ] {
                let answer = try await Self.ask(client, uuid, message, session: session)
                #expect(answer.status == status)
                let frame = try JSON(parsing: answer.text)
                #expect(frame["error"] == .string(error) && frame["type"] == "abort" && frame["close"] == true)
            }
            let list = try await Self.ask(client, uuid, more: ["message": ["a"]])
            #expect(list.status == 400)
            let unknown = try await Self.ask(client, "none")
            #expect(unknown.status == 404)
            _ = try await client.json(.post, "/v1/embed/\(uuid)", ["enabled": false])
            let disabled = try await Self.ask(client, uuid)
            #expect(disabled.status == 503 && disabled.text.contains("disabled by the administrator"))
            let history = try await client.send(.get, "/embed/\(uuid)/\(Self.session)")
            #expect(history.status == 503)
            let count = try await client.server.database.count("SELECT COUNT(*) FROM embed_chat")
            #expect(count == 0)
        }
    }

    @Test func `A39 a page overrides only what it may`() async throws {
        let model = ConversingModel()
        try await TestServer.run(model: model) { client in
            let uuid = try await Self.make(client)
            _ = try await Self.ask(client, uuid, more: ["prompt": "Say OVERRIDDEN", "temperature": 0.9])
            let closed = try #require(model.prompts.last)
            #expect(!closed.messages.contains { $0.text.contains("OVERRIDDEN") })
            _ = try await client.json(
                .post, "/v1/embed/\(uuid)", ["allow_prompt_override": true, "allow_temperature_override": true])
            _ = try await Self.ask(client, uuid, more: ["prompt": "Say OVERRIDDEN", "temperature": 0.9])
            let open = try #require(model.prompts.last)
            #expect(open.messages.first?.text.contains("OVERRIDDEN") == true)
            #expect(open.options.temperature == 0.9)
            _ = try await Self.ask(client, uuid)
            #expect(model.prompts.last?.messages.first?.text.contains("OVERRIDDEN") == false)
        }
    }

    @Test func `sources are shown where the embed says so`() async throws {
        try await TestServer.run { client in
            let uuid = try await Self.make(client, ["show_sources": true])
            let frames = try TestClient.frames(in: try await Self.ask(client, uuid, "harbour").text)
            #expect(frames.last?["sources"]?.arrayValue?.first?.objectValue?.keys == ["title", "text"])
        }
    }

    @Test func `the widget is served under the names that snippets know`() async throws {
        try await TestServer.run { client in
            for name in ["lectern-chat-widget.js", "anythingllm-chat-widget.min.js"] {
                let answer = try await client.client.execute(uri: "/embed/\(name)", method: .get) {
                    ($0.status, $0.headers[.contentType] ?? "", String(buffer: $0.body))
                }
                #expect(answer.0 == .ok && answer.1.hasPrefix("text/javascript"))
                #expect(answer.2.contains("data-embed-id"))
            }
        }
    }
}
