import Domain
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

/// Users, how they come in, and what ends their access.
@Suite struct PeopleTests {
    @Test func `multi-user mode is turned on once, and its administrator signs in`() async throws {
        try await TestServer.run { client in
            let users = try await client.send(.get, "/v1/admin/users")
            #expect(users.status == 401)
            let modes = try await client.json(.get, "/v1/admin/is-multi-user-mode")
            #expect(modes == ["isMultiUser": false])
            let weak = try await client.send(
                .post, "/system/enable-multi-user", ["username": "root", "password": "short"])
            #expect(weak.status == 400)
            #expect(weak.text.contains("password should be at least 8 characters long"))
            try await client.turnOnMultiUserMode()
            let again = try await client.json(
                .post, "/system/enable-multi-user", ["username": "other", "password": "password1"])
            #expect(again == ["success": false, "error": "Multi-user mode is already enabled."])
            let session = try await client.signIn("root")
            #expect(session["user"]?["role"] == "admin")
            #expect(session["recoveryCodes"]?.arrayValue?.count == 4)
            let second = try await client.signIn("root")
            #expect(second["recoveryCodes"] == nil)
            let after = try await client.json(.get, "/v1/admin/is-multi-user-mode")
            #expect(after == ["isMultiUser": true])
        }
    }

    @Test func `A26 a wrong password and an unknown name get the same answer`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            let wrong = try await client.send(.post, "/request-token", ["username": "root", "password": "wrong"])
            let unknown = try await client.send(.post, "/request-token", ["username": "nobody", "password": "wrong"])
            #expect(wrong.status == 401 && unknown.status == 401)
            #expect(wrong.text == unknown.text)
            #expect(try JSON(parsing: wrong.text)["valid"] == false)
        }
    }

    @Test func `A31 guessing is slowed down, and says for how long`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            for _ in 0..<10 {
                _ = try await client.send(.post, "/request-token", ["username": "root", "password": "wrong"])
            }
            let right = try await client.response(
                .post, "/request-token", ["username": "root", "password": .string(TestClient.password)])
            #expect(right.status == 429)
            #expect(right.headers[.retryAfter].flatMap { Int($0) }.map { $0 > 0 && $0 <= 900 } == true)
        }
    }

    @Test func `A31 guesses that come at once count as well, and a good sign-in wipes out none of them`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeUser("ann")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<30 {
                    group.addTask {
                        try await client.send(
                            .post, "/request-token", ["username": "root", "password": .string("wrong \(number)")]
                        ).status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 401 }.count == 10)
            // Others at the same address come in, and whoever has guessed still has to wait.
            let ann = try await client.signIn("ann")
            #expect(ann["valid"] == true)
            let root = try await client.send(
                .post, "/request-token", ["username": "root", "password": .string(TestClient.password)])
            #expect(root.status == 429)
        }
    }

    @Test func `A31 the current password cannot be guessed with a borrowed session`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeUser("ann")
            let ann = try await client.asUser("ann")
            var statuses: [Int] = []
            for number in 0..<12 {
                statuses.append(
                    try await ann.send(
                        .post, "/system/user", ["username": "annie", "currentPassword": .string("\(number)")]
                    ).status)
            }
            #expect(statuses.prefix(10).allSatisfy { $0 == 400 } && statuses.last == 429)
        }
    }

    @Test func `A16 a suspension holds while the user changes something else`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeUser("max", role: "manager")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        _ = try await client.json(.post, "/v1/admin/users/2", ["bio": .string("\(number)")])
                    }
                }
                group.addTask {
                    let answer = try await client.json(
                        .post, "/v1/admin/users/2", ["suspended": true, "role": "default"])
                    #expect(answer["success"] == true)
                }
                try await group.waitForAll()
            }
            let user = try await client.json(.get, "/v1/admin/users")["users"]?.arrayValue?.last
            #expect(user?["suspended"] == 1 && user?["role"] == "default")
        }
    }

    @Test func `A13 A15 users are made, changed and removed by the rules`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            for (body, message) in [
                (["username": "ann", "password": ""], "\"value\" is not allowed to be empty"),
                (["username": "ann"], "\"value\" is not allowed to be empty"),
                (["username": "ann", "password": 5], "\"value\" must be a string"),
                (["username": ["contains": ""], "password": "password1"], "Username must be a string."),
                (["username": "ann", "password": ["a"]], "\"value\" must be a string"),
                (["username": "A", "password": "password1"], "Username must be at least 2 characters"),
                (
                    ["username": "Ann", "password": "password1"],
                    "Username must start with a lowercase letter and only contain lowercase letters, numbers, "
                        + "underscores, hyphens, and periods"
                ),
                (
                    ["username": "ann", "password": "password1", "role": "root"],
                    "Invalid role. Allowed roles are: default, admin, manager"
                ),
                (
                    ["username": "ann", "password": "password1", "dailyMessageLimit": 0],
                    "Daily message limit must be null or a number greater than or equal to 1"
                ),
                (["username": "root", "password": "password1"], "A user with that username already exists"),
            ] as [(JSON, String)] {
                let answer = try await client.send(.post, "/v1/admin/users/new", body)
                #expect(answer.status == 400, "\(body)")
                #expect(try JSON(parsing: answer.text)["error"] == .string(message), "\(body)")
            }
            for body in [["username": [:], "password": "x"], ["username": "root", "password": ["contains": ""]]]
                as [JSON]
            {
                let answer = try await client.send(.post, "/request-token", body)
                #expect(answer.status == 400, "\(body)")
            }
            let made = try await client.json(
                .post, "/v1/admin/users/new",
                [
                    "username": "ann", "password": "password1", "bio": "x", "id": 77, "suspended": 1,
                    "multi_user_mode": false, "createdBy": 1,
                ])
            #expect(made["error"] == .null)
            // Names that were refused may have cost ids.
            let id = try #require(made["user"]?["id"]?.integerValue)
            #expect(
                made["user"]?.objectValue?.keys == [
                    "id", "username", "pfpFilename", "role", "suspended", "seen_recovery_codes", "createdAt",
                    "lastUpdatedAt", "dailyMessageLimit", "bio",
                ])
            let renamed = try await client.json(
                .post, "/v1/admin/users/\(id)", ["username": "ann.b", "suspended": "0"])
            #expect(renamed == ["success": true, "error": .null])
            let users = try await client.json(.get, "/v1/users")
            #expect(
                users["users"] == [
                    ["id": 1, "username": "root", "role": "admin"],
                    ["id": .integer(id), "username": "ann.b", "role": "default"],
                ])
            let nothing = try await client.json(.post, "/v1/admin/users/\(id)", ["pfpFilename": "x"])
            #expect(nothing == ["success": false, "error": "No valid updates applied."])
            for (path, status) in [("12abc", 400), ("99", 404), ("0x2", 400)] {
                let answer = try await client.send(.post, "/v1/admin/users/\(path)", ["bio": "y"])
                #expect(answer.status == status, "\(path)")
            }
            let removed = try await client.json(.delete, "/v1/admin/users/\(id)")
            #expect(removed == ["success": true, "error": .null])
            let gone = try await client.send(.delete, "/v1/admin/users/\(id)")
            #expect(gone.status == 404)
        }
    }

    @Test(arguments: [["role": "default"], ["suspended": 1]] as [JSON])
    func `A16 the last administrator who can act stays`(change: JSON) async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeUser("other", role: "admin")
            let suspended = try await client.json(.post, "/v1/admin/users/2", ["suspended": 1])
            #expect(suspended["success"] == true)
            let answer = try await client.json(.post, "/v1/admin/users/1", change)
            #expect(
                answer == [
                    "success": false, "error": "No system admins will remain if you do this. Update failed.",
                ])
            let removed = try await client.json(.delete, "/v1/admin/users/1")
            #expect(removed["success"] == false)
            let session = try await client.signIn("root")
            #expect(session["valid"] == true)
        }
    }

    @Test func `A16 two administrators who demote each other at once leave one`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeUser("other", role: "admin")
            async let first = client.json(.post, "/v1/admin/users/1", ["role": "default"])
            async let second = client.json(.post, "/v1/admin/users/2", ["role": "default"])
            let outcomes = try await [first["success"], second["success"]]
            #expect(outcomes.filter { $0 == true }.count == 1)
        }
    }

    @Test func `A22 a session has the rights of its user, and ends with them`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("mine", "theirs")
            try await client.turnOnMultiUserMode()
            try await client.makeUser("ann")
            let added = try await client.json(
                .post, "/v1/admin/workspaces/mine/manage-users", ["userIds": [2, 99]])
            #expect(added["users"]?.arrayValue?.count == 1 && added["droppedIds"] == [99])
            let ann = try await client.asUser("ann")
            let visible = try await ann.json(.get, "/v1/workspaces")["workspaces"]?.arrayValue?.map { $0["slug"] }
            #expect(visible == ["mine"])
            let hidden = try await ann.json(.get, "/v1/workspace/theirs")
            #expect(hidden == ["workspace": []])
            let forbidden = try await ann.send(.get, "/v1/admin/users")
            #expect(forbidden.status == 403)
            let changed = try await client.json(.post, "/v1/admin/users/2", ["password": "another-password"])
            #expect(changed["success"] == true)
            let after = try await ann.send(.get, "/v1/workspaces")
            #expect(after.status == 403)
            let browser = try await ann.send(.get, "/system/check-token")
            #expect(browser.status == 401)
        }
    }

    @Test func `A16 a manager has to do with managers and users only`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeUser("max", role: "manager")
            let max = try await client.asUser("max")
            let admin = try await max.send(
                .post, "/v1/admin/users/new", ["username": "eve", "password": "password1", "role": "admin"])
            #expect(admin.status == 400 && admin.text.contains("Invalid role selection for user."))
            let promoted = try await max.json(.post, "/v1/admin/users/2", ["role": "admin"])
            #expect(promoted == ["success": false, "error": "Invalid role selection for user."])
            let root = try await max.json(.post, "/v1/admin/users/1", ["password": "password2"])
            #expect(root == ["success": false, "error": "Cannot perform that action on user."])
            let made = try await max.json(.post, "/v1/admin/users/new", ["username": "eve", "password": "password1"])
            #expect(made["error"] == .null)
        }
    }

    @Test func `A30 an invite makes one user, however many claim it at once`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            try await client.turnOnMultiUserMode()
            let unknown = try await client.send(.post, "/v1/admin/invite/new", ["workspaceIds": [7]])
            #expect(unknown.status == 400)
            let made = try await client.json(.post, "/v1/admin/invite/new", ["workspaceIds": [1]])
            #expect(made["invite"]?["workspaceIds"] == "[1]" && made["invite"]?["createdBy"] == 0)
            let code = try #require(made["invite"]?["code"]?.stringValue)
            let seen = try await client.json(.get, "/invite/\(code.lowercased())")
            #expect(seen["invite"]?["status"] == "pending")
            let weak = try await client.json(.post, "/invite/\(code)", ["username": "ann", "password": "x"])
            #expect(weak["success"] == false)
            let outcomes = try await withThrowingTaskGroup(of: JSON.self) { group in
                for name in ["ann", "bob", "cem", "dan"] {
                    group.addTask {
                        try await client.json(
                            .post, "/invite/\(code)",
                            ["username": .string(name), "password": .string(TestClient.password)])
                    }
                }
                return try await group.reduce(into: [JSON]()) { $0.append($1) }
            }
            #expect(outcomes.filter { $0["success"] == true }.count == 1)
            #expect(
                outcomes.filter { $0["error"] == "Invite not found or is invalid." }.count == 3, "\(outcomes)")
            let members = try await client.json(.get, "/v1/admin/workspaces/1/users")
            #expect(members["users"]?.arrayValue?.count == 1)
            let list = try await client.json(.get, "/v1/admin/invites")
            let invite = try #require(list["invites"]?.arrayValue?.first)
            #expect(invite["status"] == "claimed" && invite["code"] == .null)
            _ = try await client.json(.delete, "/v1/admin/invite/1")
            let after = try await client.json(.get, "/v1/admin/invites")
            #expect(after["invites"]?.arrayValue?.first?["status"] == "claimed")
        }
    }

    @Test func `a token for single sign-on lets one in, once`() async throws {
        try await TestServer.run(environment: ["SIMPLE_SSO_ENABLED": "1"]) { client in
            let early = try await client.send(.get, "/v1/users/1/issue-auth-token")
            #expect(early.status == 403 && early.text.contains("Multi-User mode is not enabled."))
            try await client.turnOnMultiUserMode()
            try await client.makeUser("ann")
            let missing = try await client.send(.get, "/v1/users/9/issue-auth-token")
            #expect(missing.status == 404 && missing.text.contains("User not found"))
            let token = try #require(
                try await client.json(.get, "/v1/users/2/issue-auth-token")["token"]?.stringValue)
            #expect(token.hasPrefix("allm-tat-"))
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await client.send(.get, "/request-token/sso/simple?token=\(token)").status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(answers.sorted() == [200, 401, 401, 401])
            let late = try #require(try await client.json(.get, "/v1/users/2/issue-auth-token")["token"]?.stringValue)
            try await client.server.database.write("UPDATE one_time_token SET expires_at = 1")
            let expired = try await client.send(.get, "/request-token/sso/simple?token=\(late)")
            #expect(expired.status == 401 && expired.text.contains("Token expired."))
        }
    }

    @Test func `A23 recovery codes set a new password and end all sessions`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            let session = try await client.signIn("root")
            let root = try await client.asUser("root")
            let codes = try #require(session["recoveryCodes"]?.arrayValue)
            let one = try await client.send(
                .post, "/system/recover-account", ["username": "root", "recoveryCodes": [codes[0], codes[0]]])
            #expect(one.status == 400 && one.text.contains("Invalid recovery codes."))
            let token = try await client.json(
                .post, "/system/recover-account", ["username": "root", "recoveryCodes": [codes[0], codes[2]]])
            let body: JSON = [
                "token": token["resetToken"] ?? .null, "newPassword": "a-new-password",
                "confirmPassword": "a-new-password",
            ]
            let reset = try await client.json(.post, "/system/reset-password", body)
            #expect(reset["success"] == true)
            let again = try await client.send(.post, "/system/reset-password", body)
            #expect(again.status == 400)
            let ended = try await root.send(.get, "/system/check-token")
            #expect(ended.status == 401)
            let fresh = try await client.signIn("root", password: "a-new-password")
            #expect(fresh["recoveryCodes"]?.arrayValue?.count == 4)
        }
    }

    @Test func `A25 a session ends when it is over`() async throws {
        try await TestServer.run(environment: ["JWT_EXPIRY": "1s"]) { client in
            try await client.turnOnMultiUserMode()
            let root = try await client.asUser("root")
            let before = try await root.send(.get, "/v1/auth")
            #expect(before.status == 200)
            let claims = try #require(root.key.split(separator: ".").dropFirst().first)
            #expect(!claims.contains("password"))
            try await Task.sleep(for: .milliseconds(1600))
            let after = try await root.send(.get, "/v1/auth")
            #expect(after.status == 403)
        }
    }

    @Test func `a user changes what is their own, and only with their password`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeUser("ann")
            let ann = try await client.asUser("ann")
            for body in [
                [:], ["username": "annie"], ["password": "another-password"],
                ["username": "annie", "currentPassword": "wrong"],
                ["password": "short", "currentPassword": .string(TestClient.password)],
            ] as [JSON] {
                let refused = try await ann.send(.post, "/system/user", body)
                #expect(refused.status == 400, "\(body)")
            }
            let bio = try await ann.json(.post, "/system/user", ["bio": "reads", "role": "admin", "suspended": true])
            #expect(bio["success"] == true)
            let own = try await ann.json(.get, "/system/refresh-user")
            #expect(own["user"]?["bio"] == "reads" && own["user"]?["role"] == "default")
            let renamed = try await ann.json(
                .post, "/system/user", ["username": "annie", "currentPassword": .string(TestClient.password)])
            #expect(renamed["success"] == true)
            let out = try await ann.json(.post, "/system/sign-out", [:])
            #expect(out["success"] == true)
            let after = try await ann.send(.get, "/system/check-token")
            #expect(after.status == 401)
        }
    }

    @Test func `a password guards the single user's sessions`() async throws {
        try await TestServer.run(environment: ["AUTH_TOKEN": "owner password"]) { client in
            let wrong = try await client.send(.post, "/request-token", ["password": "wrong"])
            #expect(wrong.status == 401 && wrong.text.contains("[003] Invalid password provided"))
            let token = try #require(
                try await client.json(.post, "/request-token", ["password": "owner password"])["token"]?.stringValue)
            let owner = TestClient(client: client.client, server: client.server, key: token)
            let own = try await owner.send(.get, "/system/api-keys")
            #expect(own.status == 200)
            let refused = try await owner.send(
                .post, "/system/update-password", ["usePassword": true, "newPassword": "next password"])
            #expect(refused.status == 400)
            let weak = try await owner.send(
                .post, "/system/update-password",
                ["usePassword": true, "newPassword": "short", "currentPassword": "owner password"])
            #expect(weak.status == 400)
            let changed = try await owner.json(
                .post, "/system/update-password",
                ["usePassword": true, "newPassword": "next password", "currentPassword": "owner password"])
            #expect(changed == ["success": true, "error": .null])
            try await Task.sleep(for: .milliseconds(600))
            let ended = try await owner.send(.get, "/system/check-token")
            #expect(ended.status == 401 && ended.text.contains("Invalid auth credentials."))
            let next = try await client.json(.post, "/request-token", ["password": "next password"])
            #expect(next["valid"] == true)
        }
    }

    @Test func `A24 keys are shown once, end, and are limited`() async throws {
        try await TestServer.run { client in
            let made = try await client.json(
                .post, "/system/generate-api-key", ["name": " ci ", "requestsPerMinute": 2, "scopes": ["read"]])
            let secret = try #require(made["apiKey"]?["secret"]?.stringValue)
            #expect(made["apiKey"]?["name"] == "ci")
            let list = try await client.send(.get, "/system/api-keys")
            #expect(!list.text.contains(secret) && list.text.contains(String(secret.prefix(7))))
            let limited = TestClient(client: client.client, server: client.server, key: secret)
            var statuses: [Int] = []
            for _ in 0..<3 { statuses.append(try await limited.send(.get, "/v1/workspaces").status) }
            #expect(statuses == [200, 200, 429])
            let wrong = try await client.send(.post, "/system/generate-api-key", ["expiresAt": "2020-01-01"])
            #expect(wrong.status == 400)
            let id = made["apiKey"]?["id"]?.integerValue ?? 0
            let removed = try await client.send(.delete, "/system/api-key/\(id)")
            #expect(removed.status == 200 && removed.text.isEmpty)
            let after = try await limited.send(.get, "/v1/workspaces")
            #expect(after.status == 403)
        }
    }

    @Test func `A53 what was done, by whom and from where stands in the event log`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeUser("ann")
            let root = try await client.asUser("root")
            let page = try await root.json(.post, "/system/event-logs", ["limit": 2])
            #expect(page["hasPages"] == true && page["logs"]?.arrayValue?.count == 2)
            let made = try await root.json(.get, "/v1/system/event-logs?event=api_user_created")
            let event = try #require(made["logs"]?.arrayValue?.first)
            #expect(event["metadata"] == #"{"userId":2,"userName":"ann"}"#)
            #expect(event["caller"]?["kind"] == "key" && event["address"] == "127.0.0.1")
            let csv = try await root.send(.get, "/v1/system/event-logs?format=csv")
            #expect(csv.text.hasPrefix("\"id\",\"occurredAt\""))
            let ann = try await client.asUser("ann")
            let forbidden = try await ann.send(.delete, "/system/event-logs")
            #expect(forbidden.status == 401)
            let cleared = try await root.json(.delete, "/system/event-logs")
            #expect(cleared == ["success": true, "error": .null])
            let left = try await root.json(.post, "/system/event-logs", [:])
            #expect(left["logs"]?.arrayValue?.map { $0["event"] } == ["event_logs_cleared"])
        }
    }

    /// The newest event of a name: what it says, and who did it.
    private static func event(_ name: String, _ client: TestClient) async throws -> (metadata: JSON, caller: JSON?) {
        let log = try await client.json(.get, "/v1/system/event-logs?event=\(name)")
        let event = try #require(log["logs"]?.arrayValue?.first, "\(name)")
        return (try JSON(parsing: event["metadata"]?.stringValue ?? ""), event["caller"])
    }

    @Test func `A53 an event says whom it is about and what has changed, and by whom tells keys from people`()
        async throws
    {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            try await client.turnOnMultiUserMode()
            try await client.makeUser("ann")
            let root = try await client.asUser("root")
            let password = JSON.string(TestClient.password)
            _ = try await root.json(
                .post, "/admin/users/new", ["username": "bob", "password": password, "workspaceIds": [1]])
            let created = try await Self.event("user_created", client)
            #expect(created.metadata == ["userId": 3, "userName": "bob", "workspaceIds": [1], "createdBy": "root"])
            #expect(created.caller?["name"] == "root")

            _ = try await client.json(.post, "/v1/admin/workspaces/1/update-users", ["userIds": [2]])
            let members = try await Self.event("workspace_members_updated", client)
            #expect(members.metadata["added"] == [["id": 2, "username": "ann"]])
            #expect(members.metadata["removed"] == [["id": 3, "username": "bob"]])

            _ = try await client.json(
                .post, "/v1/admin/users/2", ["bio": "new", "role": "default", "dailyMessageLimit": .null])
            let updated = try await Self.event("user_updated", client)
            #expect(updated.metadata == ["username": "ann", "userId": 2, "changes": ["bio": "changed"]])
            let same = try await client.json(.post, "/v1/admin/users/2", ["bio": "new"])
            #expect(same["success"] == true)
            let updates = try await client.json(.get, "/v1/system/event-logs?event=user_updated")["logs"]
            #expect(updates?.arrayValue?.count == 1)

            let invite = try await root.json(.post, "/admin/invite/new", ["workspaceIds": [1], "maxUses": 2])
            let code = try #require(invite["invite"]?["code"]?.stringValue)
            let invited = try await Self.event("invite_created", client)
            #expect(
                invited.metadata == ["inviteId": 1, "workspaceIds": [1], "maxUses": 2, "createdBy": "root"])
            let log = try await client.send(.get, "/v1/system/event-logs?limit=1000")
            #expect(!log.text.contains(code))

            _ = try await root.json(.delete, "/admin/user/3")
            #expect(
                try await Self.event("user_deleted", client).metadata == [
                    "userName": "bob", "userId": 3, "deletedBy": "root",
                ])
            _ = try await client.json(.delete, "/v1/admin/users/2")
            let deleted = try await Self.event("api_user_deleted", client)
            #expect(deleted.metadata == ["userName": "ann", "userId": 2] && deleted.caller?["kind"] == "key")

            let embed = try await client.json(.post, "/v1/embed/new", ["workspace_slug": "w"])
            let uuid = try #require(embed["embed"]?["uuid"]?.stringValue)
            for _ in 0..<2 {
                _ = try await client.json(
                    .post, "/v1/embed/\(uuid)", ["enabled": false, "allowlist_domains": ["https://a.test"]])
            }
            #expect(
                try await Self.event("embed_updated", client).metadata["changes"] == ["enabled", "allowlist_domains"])
            let embeds = try await client.json(.get, "/v1/system/event-logs?event=embed_updated")["logs"]
            #expect(embeds?.arrayValue?.count == 1)
        }
    }

    @Test func `A53 a wrong token for single sign-on is logged as of multi-user mode`() async throws {
        try await TestServer.run(environment: ["SIMPLE_SSO_ENABLED": "1"]) { client in
            try await client.turnOnMultiUserMode()
            _ = try await client.send(.get, "/request-token/sso/simple?token=wrong")
            let failed = try await Self.event("failed_login_invalid_temporary_auth_token", client)
            #expect(failed.metadata == ["ip": "127.0.0.1", "multiUserMode": true])
        }
    }

    @Test func `A53 the event log is searched by who and where, and what cannot be meant is refused`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeUser("ann")
            let root = try await client.asUser("root")
            _ = try await root.json(.post, "/admin/users/new", ["username": "b", "password": "short"])
            _ = try await root.json(.post, "/admin/invite/new", [:])
            func names(_ query: String) async throws -> [JSON?] {
                try await client.json(.get, "/v1/system/event-logs?\(query)")["logs"]?.arrayValue?.map { $0["event"] }
                    ?? []
            }
            #expect(try await names("userId=1") == ["invite_created", "login_event"])
            #expect(try await names("caller=user&event=invite_created") == ["invite_created"])
            #expect(try await names("keyId=1") == ["api_user_created", "multi_user_mode_enabled"])
            #expect(try await names("address=::ffff:127.0.0.1&event=login_event") == ["login_event"])
            #expect(try await names("address=192.0.2.1") == [])
            let page = try await root.json(.post, "/system/event-logs", ["userId": 1, "limit": 1, "offset": 1])
            #expect(page["logs"]?.arrayValue?.map { $0["event"] } == ["login_event"] && page["totalLogs"] == 2)
            for query in [
                "user=1", "userId=x", "userId=0", "keyId=-1", "caller=root", "address=here", "limit=x", "limit=0",
                "limit=1001", "before=x", "from=x", "format=xml", "offset=1",
            ] {
                #expect(try await client.send(.get, "/v1/system/event-logs?\(query)").status == 400, "\(query)")
            }
            let bodies: [JSON] = [
                ["offset": -1], ["offset": "x"], ["limit": 0], ["limit": "x"], ["userId": "x"], ["event": [:]],
                ["caller": "root"],
            ]
            for body in bodies {
                #expect(try await root.send(.post, "/system/event-logs", body).status == 400, "\(body.text)")
            }
        }
    }

    @Test func `A53 a table of the event log holds all that matches`() async throws {
        try await TestServer.run { client in
            let statements = (0..<2_345).map { number -> SQL in
                EventStore.statement(.documentsMoved(number), by: .system, at: Timestamp(milliseconds: Int64(number)))
            }
            try await client.server.database.write(statements)
            let csv = try await client.send(.get, "/v1/system/event-logs?format=csv&event=documents_moved").text
            let rows = csv.split(separator: "\r\n")
            #expect(rows.count == 2_346)
            #expect(rows.dropFirst().first?.contains("2344") == true && rows.last?.contains(":0}") == true)
            let some = try await client.send(.get, "/v1/system/event-logs?format=csv&limit=1500").text
            #expect(some.split(separator: "\r\n").count == 1_501)
        }
    }

    @Test func `A30 an invite for several lets in as many, also at once`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            try await client.turnOnMultiUserMode()
            for wrong in [0, 1.5, "many", -1, 10_001] as [JSON] {
                #expect(try await client.send(.post, "/v1/admin/invite/new", ["maxUses": wrong]).status == 400)
            }
            let made = try await client.json(.post, "/v1/admin/invite/new", ["workspaceIds": [1], "maxUses": 2])
            #expect(made["invite"]?["maxUses"] == 2 && made["invite"]?["uses"] == 0)
            let code = try #require(made["invite"]?["code"]?.stringValue)
            let outcomes = try await withThrowingTaskGroup(of: JSON.self) { group in
                for name in ["ann", "bob", "cem", "dan"] {
                    group.addTask {
                        try await client.json(
                            .post, "/invite/\(code)",
                            ["username": .string(name), "password": .string(TestClient.password)])
                    }
                }
                return try await group.reduce(into: [JSON]()) { $0.append($1) }
            }
            #expect(outcomes.filter { $0["success"] == true }.count == 2, "\(outcomes)")
            let members = try await client.json(.get, "/v1/admin/workspaces/1/users")["users"]
            #expect(members?.arrayValue?.count == 2)
            let invite = try await client.json(.get, "/v1/admin/invites")["invites"]?.arrayValue?.first
            #expect(invite?["status"] == "claimed" && invite?["uses"] == 2 && invite?["code"] == .null)
        }
    }

    @Test func `users come a page at a time where that is asked for`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            for name in ["ann", "bob", "cem"] { try await client.makeUser(name) }
            let page = try await client.json(.get, "/v1/admin/users?limit=2&offset=1")
            #expect(page["users"]?.arrayValue?.map { $0["username"] } == ["ann", "bob"] && page["totalCount"] == 4)
            let all = try await client.json(.get, "/v1/admin/users")
            #expect(all["users"]?.arrayValue?.count == 4 && all["totalCount"] == nil)
            for query in ["limit=0", "limit=x", "offset=-1"] {
                #expect(try await client.send(.get, "/v1/admin/users?\(query)").status == 400, "\(query)")
            }
        }
    }

    @Test(arguments: [#"{"username":"a\u0000b"}"#, #"{"username":"a\ud800"}"#, "{", "[]"])
    func `A13 A44 a body that cannot be read is refused in the shape of the answer`(body: String) async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            let new = try await client.send(.post, "/v1/admin/users/new", raw: body)
            let answer = try JSON(parsing: new.text)
            #expect(new.status == 400 && answer["user"] == .null && answer["error"]?.stringValue?.isEmpty == false)
            let session = try await client.send(.post, "/request-token", raw: body)
            let refusal = try JSON(parsing: session.text)
            #expect(session.status == 400 && refusal["valid"] == false && refusal["token"] == .null)
        }
    }

    @Test(arguments: [#"{"username":["root"],"password":"x"}"#, #"{"username":"root","password":{"$ne":""}}"#])
    func `A13 values of another type at the sign-in are refused in its shape`(body: String) async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            let answer = try await client.send(.post, "/request-token", raw: body, authorization: "")
            let json = try JSON(parsing: answer.text)
            #expect(answer.status == 400 && json["valid"] == false && json["user"] == .null && json["token"] == .null)
            #expect(json["message"]?.stringValue?.hasSuffix("must be a text.") == true)
        }
    }

    @Test func `A53 a name that does something to a terminal is refused`() async throws {
        try await TestServer.run { client in
            for name in ["a\u{1B}[31m", "a\tb", "a\nb", "a\u{202E}b"] {
                let key = try await client.send(.post, "/system/generate-api-key", ["name": .string(name)])
                #expect(key.status == 400)
            }
        }
    }

    @Test func `what a page for signing in asks is answered without a credential`() async throws {
        try await TestServer.run { client in
            func open(_ path: String) async throws -> JSON {
                try JSON(parsing: try await client.send(.get, path, authorization: "").text)
            }
            #expect(try await open("/onboarding") == ["onboardingComplete": false])
            #expect(try await open("/system/custom-app-name") == ["customAppName": .null])
            #expect(try await open("/system/is-default-logo") == ["isDefaultLogo": true])
            _ = try await client.json(
                .post, "/v1/admin/preferences", ["custom_app_name": "Ours", "logo_filename": "ours.png"])
            #expect(try await open("/system/custom-app-name") == ["customAppName": "Ours"])
            #expect(try await open("/system/is-default-logo") == ["isDefaultLogo": false])
            try await client.turnOnMultiUserMode()
            #expect(try await open("/onboarding") == ["onboardingComplete": true])
            #expect(try await open("/system/multi-user-mode") == ["multiUserMode": true])
        }
    }
}
