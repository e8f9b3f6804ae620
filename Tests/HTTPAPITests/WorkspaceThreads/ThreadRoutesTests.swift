import Domain
import Foundation
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

@Suite struct ThreadRoutesTests {
    @Test func `a thread is made, renamed and deleted`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let (status, text) = try await client.send(
                .post, "/v1/workspace/w/thread/new", ["userId": 1, "name": "Notes", "slug": "My Thread.A"])
            #expect(status == 200)
            let dates = text.replacing(/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/, with: "\"<date>\"")
            #expect(
                dates == #"{"thread":{"id":1,"name":"Notes","slug":"My-Thread-dot-A","workspace_id":1,"user_id":null,"#
                    + #""createdAt":"<date>","lastUpdatedAt":"<date>"},"message":null}"#)
            try await client.server.database.write("UPDATE thread SET last_updated_at = 0")
            let renamed = try await client.json(
                .post, "/v1/workspace/w/thread/My-Thread-dot-A/update", ["name": "Other", "slug": "x", "userId": 9])
            #expect(renamed["message"] == .null)
            #expect(renamed["thread"]?["name"] == "Other")
            #expect(renamed["thread"]?["slug"] == "My-Thread-dot-A")
            #expect(renamed["thread"]?["user_id"] == .null)
            let dateOfChange = try #require(renamed["thread"]?["lastUpdatedAt"]?.stringValue)
            #expect(dateOfChange >= renamed["thread"]?["createdAt"]?.stringValue ?? "")
            for _ in 0..<2 {
                let deleted = try await client.send(.delete, "/v1/workspace/w/thread/My-Thread-dot-A")
                #expect(deleted.status == 200)
                #expect(deleted.text == "OK")
            }
            let threads = try await client.json(.get, "/v1/workspace/w")["workspace"]?.arrayValue?.first?["threads"]
            #expect(threads == [])
        }
    }

    @Test func `what is not said about a thread is made up`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            for body in [nil, [:], ["name": "", "slug": "###", "userId": nil], ["slug": "日本", "name": nil]] as [JSON?] {
                let thread = try await client.json(.post, "/v1/workspace/w/thread/new", body)["thread"]
                #expect(thread?["name"] == "Thread")
                let slug = try #require(thread?["slug"]?.stringValue)
                #expect(UUID(uuidString: slug) != nil)
                let reached = try await client.send(.get, "/v1/workspace/w/thread/\(slug)/chats")
                #expect(reached.status == 200)
            }
            let numbered = try await client.json(.post, "/v1/workspace/w/thread/new", ["name": 7, "slug": 2026])
            #expect(numbered["thread"]?["name"] == "7")
            #expect(numbered["thread"]?["slug"] == "2026")
        }
    }

    @Test func `a slug is taken once in the whole instance`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w", "other")
            _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "t"])
            let again = try await client.send(.post, "/v1/workspace/other/thread/new", ["slug": "t"])
            #expect(again.status == 400)
            #expect(again.text == #"{"thread":null,"message":"A thread with the slug \"t\" exists already."}"#)
            let events = try await client.server.database.count(
                "SELECT COUNT(*) FROM event WHERE name = 'api_workspace_thread_created'")
            #expect(events == 1)
        }
    }

    @Test func `of threads with one slug made at once one comes to be`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w", "other")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<20 {
                    let workspace = number % 2 == 0 ? "w" : "other"
                    group.addTask {
                        try await client.send(.post, "/v1/workspace/\(workspace)/thread/new", ["slug": "t"]).status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200] + Array(repeating: 400, count: 19))
            let threads = try await client.server.database.count("SELECT COUNT(*) FROM thread")
            #expect(threads == 1)
        }
    }

    @Test func `a thread is reached through its own workspace alone`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w", "other")
            _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "t", "name": "mine"])
            for (method, path) in [
                (HTTPRequest.Method.post, "/v1/workspace/other/thread/t/update"),
                (.get, "/v1/workspace/other/thread/t/chats"), (.get, "/v1/workspace/other/thread/t/chats/export"),
            ] {
                let answer = try await client.send(method, path, method == .post ? ["name": "theirs"] : nil)
                #expect(answer.status == 404)
                #expect(try JSON(parsing: answer.text)["message"] == "Thread not found")
            }
            let deleted = try await client.send(.delete, "/v1/workspace/other/thread/t")
            #expect(deleted.status == 200)
            let workspaces = try await client.json(.get, "/v1/workspaces")["workspaces"]?.arrayValue
            #expect(workspaces?.first?["threads"] == [["user_id": nil, "slug": "t", "name": "mine"]])
            #expect(workspaces?.last?["threads"] == [])
        }
    }

    @Test func `an unknown workspace has no threads`() async throws {
        try await TestServer.run { client in
            let made = try await client.send(.post, "/v1/workspace/no/thread/new", ["name": "x"])
            #expect(made.status == 400)
            #expect(try JSON(parsing: made.text)["message"] == "Workspace no is not a valid workspace.")
            let renamed = try await client.send(.post, "/v1/workspace/no/thread/t/update", ["name": "x"])
            #expect(renamed.status == 404)
            #expect(try JSON(parsing: renamed.text)["message"] == "Workspace not found")
            let deleted = try await client.send(.delete, "/v1/workspace/no/thread/t")
            #expect(deleted.status == 400)
            #expect(try JSON(parsing: deleted.text)["message"] == "Workspace no is not a valid workspace.")
            let listed = try await client.send(.get, "/v1/workspace/no/thread/t/chats")
            #expect(listed.status == 404)
        }
    }

    @Test func `with a thread its chats go, and no others`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            for slug in ["t", "u"] {
                _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": .string(slug)])
                let thread = try #require(try await client.server.threads.find(slug: slug, in: 1))
                for user in [nil, 3] as [Int64?] { try await client.store("x", thread: thread, user: user) }
            }
            try await client.store("main")
            _ = try await client.send(.delete, "/v1/workspace/w/thread/t")
            let rest = try await client.server.database.count("SELECT COUNT(*) FROM chat")
            #expect(rest == 3)
            let again = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "t"])
            #expect(again["thread"]?["id"] == 3)
            let prompts = try await client.prompts("/v1/workspace/w/thread/t/chats")
            #expect(prompts == [])
        }
    }

    @Test func `A14 A15 what is no text or no number is refused, and extra fields are not stored`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            for (body, message) in [
                (["name": ["not": ""]], "name must be a string."), (["name": []], "name must be a string."),
                (["name": true], "name must be a string."), (["slug": ["contains": ""]], "slug must be a string."),
                (["slug": [1]], "slug must be a string."), (["userId": "x"], "userId must be a whole number."),
                (["userId": 1.5], "userId must be a whole number."),
                (["userId": ["not": 1]], "userId must be a whole number."),
                (["userId": true], "userId must be a whole number."),
            ] as [(JSON, String)] {
                let answer = try await client.send(.post, "/v1/workspace/w/thread/new", body)
                #expect(answer.status == 400)
                #expect(answer.text == "{\"thread\":null,\"message\":\"\(message)\"}", "\(body.text)")
            }
            let made = try await client.json(
                .post, "/v1/workspace/w/thread/new",
                ["slug": "t", "id": 99, "workspace_id": 5, "user_id": 5, "user": ["create": ["role": "admin"]]])
            #expect(made["thread"]?["id"] == 1)
            #expect(made["thread"]?["workspace_id"] == 1)
            #expect(made["thread"]?["user_id"] == .null)
            for name in [nil, 7, ["user": ["update": ["role": "admin"]]], []] as [JSON] {
                let answer = try await client.send(.post, "/v1/workspace/w/thread/t/update", ["name": name])
                #expect(answer.status == 400)
                #expect(answer.text == #"{"thread":null,"message":"name must be a string."}"#)
            }
            let empty = try await client.send(.post, "/v1/workspace/w/thread/t/update", [:])
            #expect(empty.status == 400)
            let kept = try await client.json(.post, "/v1/workspace/w/thread/t/update", ["name": ""])
            #expect(kept["thread"]?["name"] == "")
        }
    }
}
