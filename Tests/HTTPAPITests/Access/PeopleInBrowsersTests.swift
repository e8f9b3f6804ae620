import Domain
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

/// Users, invites and members at the addresses that browsers use, and the deletion of users whose chats stay.
@Suite struct PeopleInBrowsersTests {
    @Test func `users are managed with a session`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            let root = try await client.asUser("root")
            let made = try await root.json(
                .post, "/admin/users/new", ["username": "ann", "password": "password1", "role": "manager"])
            #expect(made["error"] == .null && made["user"]?["role"] == "manager")
            let again = try await root.send(.post, "/admin/users/new", ["username": "ann", "password": "password1"])
            #expect(again.status == 200)
            let refusal = try JSON(parsing: again.text)
            #expect(refusal["user"] == .null && refusal["error"] == "A user with that username already exists")
            let users = try await root.json(.get, "/admin/users")["users"]?.arrayValue
            #expect(users?.map { $0["username"] } == ["root", "ann"])
            let changed = try await root.json(.post, "/admin/user/2", ["role": "default", "suspended": 1])
            #expect(changed == ["success": true, "error": .null])
            let last = try await root.json(.delete, "/admin/user/1")
            #expect(last["error"] == "No system admins will remain if you do this. Update failed.")
            let deleted = try await root.json(.delete, "/admin/user/2")
            #expect(deleted == ["success": true, "error": .null])
            for (method, path, status) in [
                (HTTPRequest.Method.post, "/admin/user/2", 404), (.delete, "/admin/user/2", 404),
                (.delete, "/admin/user/x", 400),
            ] {
                let answer = try await root.send(method, path, ["bio": "x"])
                #expect(answer.status == status, "\(method) \(path)")
            }
        }
    }

    @Test func `A16 a manager is told by the body what managers may not`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeUser("max", role: "manager")
            let max = try await client.asUser("max")
            let admin = try await max.send(
                .post, "/admin/users/new", ["username": "eve", "password": "password1", "role": "admin"])
            #expect(admin.status == 200)
            let refusal = try JSON(parsing: admin.text)
            #expect(refusal["user"] == .null && refusal["error"] == "Invalid role selection for user.")
            for (path, error) in [
                ("/admin/user/1", "Cannot perform that action on user."),
                ("/admin/user/2", "Invalid role selection for user."),
            ] {
                let answer = try await max.json(.post, path, ["role": "admin"])
                #expect(answer == ["success": false, "error": .string(error)])
            }
            let root = try await max.json(.delete, "/admin/user/1")
            #expect(root == ["success": false, "error": "Cannot perform that action on user."])
        }
    }

    @Test func `invites are made and disabled, but not where passwords are not taken`() async throws {
        try await TestServer.run { client in
            try await client.turnOnMultiUserMode()
            try await client.makeWorkspaces("w")
            let root = try await client.asUser("root")
            let made = try await root.json(.post, "/admin/invite/new", ["workspaceIds": [1]])
            #expect(made["invite"]?["createdBy"] == ["id": 1, "username": "root"])
            let code = try #require(made["invite"]?["code"]?.stringValue)
            let shown = try await root.json(.get, "/admin/invites")["invites"]?.arrayValue
            #expect(shown?.map { $0["code"] } == [.string(code)])
            let disabled = try await root.json(.delete, "/admin/invite/1")
            #expect(disabled == ["success": true, "error": .null])
            let claim = try await root.json(
                .post, "/invite/\(code)", ["username": "ann", "password": "password1"])
            #expect(claim["success"] == false)
        }
        let environment = ["SIMPLE_SSO_ENABLED": "1", "SIMPLE_SSO_NO_LOGIN": "1"]
        try await TestServer.run(environment: environment) { client in
            try await client.turnOnMultiUserMode()
            let browser = try await client.send(.post, "/admin/invite/new", [:])
            #expect(browser.status == 403)
            #expect(browser.text.contains("Login via credentials has been disabled by the administrator."))
            let developer = try await client.send(.post, "/v1/admin/invite/new", [:])
            #expect(developer.status == 200)
        }
    }

    @Test func `members of a workspace are read and replaced`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            try await client.turnOnMultiUserMode()
            for name in ["ann", "ben"] { try await client.makeUser(name) }
            let root = try await client.asUser("root")
            let replaced = try await root.json(.post, "/admin/workspaces/1/update-users", ["userIds": [2, 3]])
            #expect(replaced == ["success": true, "error": .null])
            let members = try await root.json(.get, "/admin/workspaces/w/users")["users"]?.arrayValue
            #expect(members?.map { $0["username"] } == ["ann", "ben"])
            let ann = try await client.asUser("ann")
            let refused = try await ann.send(.post, "/admin/workspaces/1/update-users", ["userIds": []])
            #expect(refused.status == 401)
        }
    }

    // MARK: Whose chats stay

    private static func owners(_ client: TestClient) async throws -> [String] {
        let database = client.server.database
        let chats = try await database.read("SELECT prompt, user_id FROM chat ORDER BY id") { row in
            "\(try row.get("prompt", as: String.self)) \(try row.get("user_id", as: Int64.self))"
        }
        let threads = try await database.read("SELECT slug, user_id FROM thread ORDER BY id") { row in
            "\(try row.get("slug", as: String.self)) \(try row.get("user_id", as: Int64.self))"
        }
        return chats + threads
    }

    @Test(arguments: ["/v1/admin/users/2", "/admin/user/2"])
    func `a user's chats and threads become those of another user`(path: String) async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            try await client.turnOnMultiUserMode()
            for name in ["ann", "ben"] {
                try await client.makeUser(name)
                _ = try await client.json(
                    .post, "/v1/admin/workspaces/w/manage-users", ["userIds": [name == "ann" ? 2 : 3]])
            }
            let ann = try await client.asUser("ann")
            _ = try await ann.json(.post, "/v1/workspace/w/thread/new", ["slug": "plans"])
            _ = try await ann.json(.post, "/v1/workspace/w/thread/plans/chat", ["message": "in a thread"])
            try await client.store("by ann", user: 2)
            try await client.store("by ben", user: 3)
            let before = try await Self.owners(client)
            for (target, status) in [("x", 400), ("0", 400), ("2", 200), ("99", 200)] {
                let answer = try await client.send(.delete, "\(path)?reassignTo=\(target)")
                #expect(answer.status == status, "\(target)")
                #expect(try JSON(parsing: answer.text)["success"] == false, "\(target)")
            }
            let unchanged = try await Self.owners(client)
            #expect(unchanged == before)
            let deleted = try await client.json(.delete, "\(path)?reassignTo=3")
            #expect(deleted == ["success": true, "error": .null])
            let after = try await Self.owners(client)
            #expect(after == before.map { $0.hasSuffix(" 2") ? "\($0.dropLast())3" : $0 })
            #expect(Set(after) != Set(before))
            let ben = try await client.asUser("ben")
            let own = try await ben.prompts("/v1/workspace/w/thread/plans/chats")
            #expect(own == ["in a thread"])
            let log = try await client.send(.post, "/system/event-logs", ["event": "api_user_deleted"])
            #expect(log.text.contains("chatsReassignedTo") && log.text.contains("ben"))
        }
    }

    @Test func `without a heir they go with the user, and a manager leaves nothing to administrators`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            try await client.turnOnMultiUserMode()
            try await client.makeUser("max", role: "manager")
            try await client.makeUser("ann")
            try await client.store("by ann", user: 3)
            let max = try await client.asUser("max")
            let refused = try await max.json(.delete, "/admin/user/3?reassignTo=1")
            #expect(refused == ["success": false, "error": "Cannot perform that action on user."])
            let kept = try await Self.owners(client)
            #expect(kept == ["by ann 3"])
            let deleted = try await max.json(.delete, "/admin/user/3")
            #expect(deleted["success"] == true)
            let left = try await Self.owners(client)
            #expect(left == [])
        }
    }
}
