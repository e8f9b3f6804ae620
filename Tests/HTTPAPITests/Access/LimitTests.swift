import Domain
import Engine
import HTTPAPI
import HTTPTypes
import HummingbirdTesting
import NIOCore
import OrderedJSON
import Persistence
import ServerAssembly
import Testing

/// How much callers may ask, and who they say they are.
@Suite struct LimitTests {
    @Test func `A52 a user asks as often in a day as allowed`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            try await client.turnOnMultiUserMode()
            _ = try await client.json(
                .post, "/v1/admin/users/new",
                ["username": "ann", "password": .string(TestClient.password), "dailyMessageLimit": 2])
            _ = try await client.json(.post, "/v1/admin/workspaces/w/manage-users", ["userIds": [2]])
            let ann = try await client.asUser("ann")
            let question: JSON = ["message": "hello", "mode": "chat"]
            for _ in 0..<2 {
                let answer = try await ann.send(.post, "/v1/workspace/w/chat", question)
                #expect(answer.status == 200)
            }
            let third = try await ann.send(.post, "/v1/workspace/w/chat", question)
            #expect(third.status == 429)
            let frames = try await ann.stream("/v1/workspace/w", question)
            #expect(
                frames.map { $0["error"] } == [
                    "You have met your maximum 24 hour chat quota of 2 chats. Try again later."
                ])
            #expect(frames.last?["close"] == true)
            try await client.server.database.write("UPDATE user_question SET asked_at = asked_at - 86400001")
            let later = try await ann.send(.post, "/v1/workspace/w/chat", question)
            #expect(later.status == 200)
        }
    }

    @Test func `A52 a question counts although its thread is deleted, and says when the next one is free`() async throws
    {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            try await client.turnOnMultiUserMode()
            _ = try await client.json(
                .post, "/v1/admin/users/new",
                ["username": "ann", "password": .string(TestClient.password), "dailyMessageLimit": 1])
            _ = try await client.json(.post, "/v1/admin/workspaces/w/manage-users", ["userIds": [2]])
            let ann = try await client.asUser("ann")
            var statuses: [Int] = []
            for name in ["one", "two"] {
                _ = try await ann.json(.post, "/v1/workspace/w/thread/new", ["slug": .string(name)])
                let path = "/v1/workspace/w/thread/\(name)"
                statuses.append(try await ann.send(.post, "\(path)/chat", ["message": "hello", "mode": "chat"]).status)
                _ = try await ann.send(.delete, path)
            }
            #expect(statuses == [200, 429])
            let wait = try await client.client.execute(
                uri: "/api/v1/workspace/w/chat", method: .post,
                headers: [.authorization: "Bearer \(ann.key)", .contentType: "application/json"],
                body: ByteBuffer(string: #"{"message":"hello","mode":"chat"}"#)
            ) { $0.headers[.retryAfter].flatMap { Int($0) } }
            #expect(wait.map { (86_000...86_400).contains($0) } == true)
        }
    }

    @Test func `A52 a key asks for a user as often as the user may, and the user sees it`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            try await client.turnOnMultiUserMode()
            _ = try await client.json(
                .post, "/v1/admin/users/new",
                ["username": "ann", "password": .string(TestClient.password), "dailyMessageLimit": 2])
            _ = try await client.json(.post, "/v1/admin/workspaces/w/manage-users", ["userIds": [2]])
            let made = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "hers", "userId": "2"])
            #expect(made["thread"]?["user_id"] == 2)
            let unknown = try await client.json(.post, "/v1/workspace/w/thread/new", ["userId": 9])
            #expect(unknown == ["thread": .null, "message": "There is no user with the id 9."])
            let question: JSON = ["message": "hello", "mode": "chat", "userId": 2]
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await client.send(.post, "/v1/workspace/w/thread/hers/chat", question).status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(answers.sorted() == [200, 200, 429, 429])
            let nobodys = try await client.send(
                .post, "/v1/workspace/w/thread/hers/chat", ["message": "hello", "mode": "chat", "userId": 9])
            #expect(nobodys.status == 200)
            let ann = try await client.asUser("ann")
            let history = try await ann.json(.get, "/v1/workspace/w/thread/hers/chats")["history"]?.arrayValue
            #expect(history?.count == 4)
            let rows = try await client.json(.post, "/v1/admin/workspace-chats", ["offset": 0])
            #expect(rows["chats"]?.arrayValue?.map { $0["user"]?["username"] } == ["unknown user", "ann", "ann"])
        }
    }

    @Test func `a key makes none that may do more than itself, and none without bounds by mistake`() async throws {
        try await TestServer.run { client in
            for body in [["workspaces": []], ["scopes": []], ["name": 5]] as [JSON] {
                let refused = try await client.send(.post, "/system/generate-api-key", body)
                #expect(refused.status == 400, "\(body)")
            }
            let made = try await client.json(
                .post, "/system/generate-api-key", ["scopes": ["admin"], "messagesPerDay": 3])
            let key = try #require(made["apiKey"]?["secret"]?.stringValue)
            let maker = TestClient(client: client.client, server: client.server, key: key)
            let child = try await maker.json(.post, "/system/generate-api-key", ["messagesPerDay": 10])["apiKey"]
            #expect(child?["scopes"] == ["admin"] && child?["messagesPerDay"] == 3)
            let reader = try await maker.json(.post, "/system/generate-api-key", ["scopes": ["read"]])["apiKey"]
            #expect(reader?["scopes"] == ["read"])
            let end = "2099-01-01T00:00:00.000Z"
            let brief = try await client.json(.post, "/system/generate-api-key", ["expiresAt": .string(end)])
            let briefly = TestClient(
                client: client.client, server: client.server,
                key: try #require(brief["apiKey"]?["secret"]?.stringValue))
            for (asked, given) in [("2100-01-01T00:00:00Z", end), ("2098-01-01T00:00:00Z", "2098-01-01T00:00:00.000Z")]
            {
                let body: JSON = ["expiresAt": .string(asked)]
                let made = try await briefly.json(.post, "/system/generate-api-key", body)["apiKey"]
                #expect(made?["expiresAt"]?.stringValue == given)
            }
            let endless = try await briefly.json(.post, "/system/generate-api-key", [:])["apiKey"]
            #expect(endless?["expiresAt"]?.stringValue == end)
        }
    }

    @Test func `A52 a key asks as often and spends as much as allowed`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            let made = try await client.json(
                .post, "/system/generate-api-key", ["messagesPerDay": 3, "tokensPerMonth": 700])
            let key = try #require(made["apiKey"]?["secret"]?.stringValue)
            let limited = TestClient(client: client.client, server: client.server, key: key)
            let question: JSON = ["message": "hello", "mode": "chat"]
            let atOnce = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 {
                    group.addTask { try await limited.send(.post, "/v1/workspace/w/chat", question).status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(atOnce.filter { $0 == 200 }.count <= 3)
            try await client.server.database.write("UPDATE api_key_usage SET messages = 0")
            // Each answer of the stand-in costs 312 tokens.
            let spent = try await client.server.database.count("SELECT CAST(SUM(tokens) AS BIGINT) FROM api_key_usage")
            #expect(spent >= 700)
            let refused = try await limited.send(.post, "/v1/workspace/w/chat", question)
            #expect(refused.status == 429 && refused.text.contains("700 tokens"))
            let other = try await client.send(.post, "/v1/workspace/w/chat", question)
            #expect(other.status == 200)
        }
    }

    @Test func `A31 one address asks as often in a minute as allowed`() async throws {
        try await TestServer.run(environment: ["LECTERN_ADDRESS_REQUESTS_PER_MINUTE": "3"]) { client in
            var statuses: [Int] = []
            for _ in 0..<4 { statuses.append(try await client.send(.get, "/ping").status) }
            #expect(statuses == [200, 200, 200, 429])
        }
    }

    @Test(arguments: [
        ("", "127.0.0.1"), ("127.0.0.0/8", "203.0.113.7"), ("127.0.0.1, 203.0.113.0/24", "198.51.100.9"),
        ("10.0.0.0/8", "127.0.0.1"),
    ])
    func `A31 only configured proxies say whom they speak for`(trusted: String, expected: String) async throws {
        try await TestServer.run(environment: ["LECTERN_TRUSTED_PROXIES": trusted]) { client in
            let forged = try await client.client.execute(
                uri: "/api/system/enable-multi-user", method: .post,
                headers: [
                    .authorization: "Bearer \(client.key)", .contentType: "application/json",
                    .init("X-Forwarded-For")!: "1.2.3.4, 198.51.100.9, 203.0.113.7",
                ], body: .init(string: #"{"username":"root","password":"correct horse battery"}"#)
            ) { $0.status.code }
            #expect(forged == 200)
            let log = try await client.json(.get, "/v1/system/event-logs?event=multi_user_mode_enabled")
            #expect(log["logs"]?.arrayValue?.first?["address"] == .string(expected))
        }
    }

    @Test(arguments: [
        ("9.9.9.9", "9.9.9.9"), ("9.9.9.9:1234", "9.9.9.9"), ("[2001:db8::1]:1234", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"), ("2001:DB8::1", "2001:db8::1"), ("::ffff:9.9.9.9", "9.9.9.9"),
        ("9.9.9.9, ::ffff:127.0.0.1", "9.9.9.9"), ("9.9.9.9:x", "127.0.0.1"), ("[9.9.9.9]:1", "127.0.0.1"),
        ("[::1", "127.0.0.1"), ("unknown", "127.0.0.1"),
    ])
    func `A31 an address that a proxy names is read as proxies write it`(forwarded: String, expected: String)
        async throws
    {
        try await TestServer.run(environment: ["LECTERN_TRUSTED_PROXIES": "127.0.0.1"]) { client in
            _ = try await client.client.execute(
                uri: "/api/v1/system/env-dump", method: .get,
                headers: [.authorization: "Bearer \(client.key)", .init("X-Forwarded-For")!: forwarded])
            let log = try await client.json(.get, "/v1/system/event-logs?address=\(expected)")
            #expect(log["logs"]?.arrayValue?.map { $0["event"] } == ["environment_written"])
        }
    }

    @Test func `A31 a limit with a typo is no server without a limit`() async throws {
        await #expect(throws: StartError.self) {
            try await TestServer.run(environment: ["LECTERN_ADDRESS_REQUESTS_PER_MINUTE": "abc"]) { _ in }
        }
    }

    @Test func `A22 a key dies with its maker's office`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeUser("ann", role: "admin")
            let ann = try await client.asUser("ann")
            let made = try await ann.json(.post, "/admin/generate-api-key", ["name": "hers"])
            let key = try #require(made["apiKey"]?["secret"]?.stringValue)
            let hers = TestClient(client: client.client, server: client.server, key: key)
            let before = try await hers.send(.get, "/v1/workspaces")
            #expect(before.status == 200)
            _ = try await client.json(.post, "/v1/admin/users/2", ["suspended": true])
            try await Task.sleep(for: .milliseconds(600))
            let after = try await hers.send(.get, "/v1/workspaces")
            #expect(after.status == 403)
            let list = try await client.send(.get, "/admin/api-keys")
            #expect(list.text.contains("hers"))
        }
    }

    @Test func `what is too old is deleted where operators want that`() async throws {
        let environment = ["LECTERN_CHAT_RETENTION_DAYS": "30", "LECTERN_EVENT_RETENTION_DAYS": "30"]
        try await TestServer.run(environment: environment) { client in
            try await client.makeWorkspaces("w")
            try await client.store("old", at: 1_000_000_000)
            try await client.store("new", at: Timestamp.now.seconds)
            let services = client.server.services
            try await services.conversations.all.expire()
            try await services.administration.events.expire()
            let prompts = try await client.server.database.read("SELECT prompt FROM chat") {
                try $0.get("prompt", as: String.self)
            }
            #expect(prompts == ["new"])
            let log = try await client.json(.get, "/v1/system/event-logs?event=chats_expired")
            #expect(log["logs"]?.arrayValue?.first?["metadata"] == #"{"numberOfChats":1}"#)
        }
    }
}
