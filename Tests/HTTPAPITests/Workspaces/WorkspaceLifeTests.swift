import Domain
import Foundation
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

/// Making, naming, finding and deleting workspaces.
@Suite struct WorkspaceLifeTests {
    @Test func `workspaces of one name made at once all get an address of their own`() async throws {
        try await TestServer.run { client in
            let slugs = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await client.json(.post, "/v1/workspace/new", ["name": "same"])["workspace"]?["slug"]?
                            .stringValue
                    }
                }
                return try await group.reduce(into: [String?]()) { $0.append($1) }
            }
            #expect(Set(slugs.compactMap(\.self)).count == 20)
            #expect(slugs.contains("same"))
        }
    }

    @Test func `the word that makes workspaces and threads can be their name, too`() async throws {
        try await TestServer.run { client in
            let made = try await client.json(.post, "/v1/workspace/new", ["name": "New"])
            #expect(made["workspace"]?["slug"] == "new")
            let changed = try await client.json(.post, "/v1/workspace/new/update", ["topN": 6])
            #expect(changed["workspace"]?["topN"] == 6)
            let found = try await client.json(.get, "/v1/workspace/new")
            #expect(found["workspace"]?.arrayValue?.count == 1)
            _ = try await client.json(.post, "/v1/workspace/new/thread/new", ["slug": "new"])
            let renamed = try await client.json(.post, "/v1/workspace/new/thread/new/update", ["name": "x"])
            #expect(renamed["thread"]?["name"] == "x")
            let deleted = try await client.send(.delete, "/v1/workspace/new/thread/new")
            #expect(deleted.text == "OK")
            let gone = try await client.send(.delete, "/v1/workspace/new")
            #expect(gone.text == "OK")
        }
    }

    @Test func `workspaces are listed as they were made, with all their threads`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("zebra", "ant", "mole")
            _ = try await client.json(.post, "/v1/workspace/ant/thread/new", ["slug": "z", "name": "second"])
            _ = try await client.json(.post, "/v1/workspace/ant/thread/new", ["slug": "a", "name": "first"])
            _ = try await client.json(.post, "/v1/workspace/zebra/update", ["name": "bee"])
            let all = try await client.json(.get, "/v1/workspaces")["workspaces"]?.arrayValue
            #expect(all?.map { $0["slug"] } == ["zebra", "ant", "mole"])
            #expect(all?.map { $0["documents"] } == [nil, nil, nil])
            #expect(
                all?[1]["threads"]
                    == [
                        ["user_id": nil, "slug": "z", "name": "second"],
                        ["user_id": nil, "slug": "a", "name": "first"],
                    ])
        }
    }

    @Test func `what is made, changed and deleted is in the event log, once`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            _ = try await client.send(.post, "/v1/workspace/new", ["name": ""])
            _ = try await client.json(.post, "/v1/workspace/w/update", ["name": "Other"])
            for _ in 0..<2 { _ = try await client.send(.delete, "/v1/workspace/w") }
            let events = try await client.server.database.read(
                "SELECT name, metadata FROM event WHERE caller_kind <> 'system' ORDER BY id"
            ) { row in
                "\(try row.get("name", as: String.self)) \(try row.get("metadata", as: String.self))"
            }
            #expect(
                events == [
                    #"api_workspace_created {"workspaceName":"w"}"#,
                    #"api_workspace_updated {"workspaceName":"Other"}"#,
                    #"api_workspace_deleted {"workspaceName":"Other"}"#,
                ])
        }
    }

    @Test func `slugs are compared with their case`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "harbour"])
            _ = try await client.json(.post, "/v1/workspace/harbour/thread/new", ["slug": "Notes"])
            let workspace = try await client.json(.get, "/v1/workspace/Harbour")
            #expect(workspace["workspace"] == [])
            let thread = try await client.send(.get, "/v1/workspace/harbour/thread/notes/chats")
            #expect(thread.status == 404)
            let right = try await client.send(.get, "/V1/WORKSPACE/harbour/THREAD/Notes/chats/")
            #expect(right.status == 200)
        }
    }

    @Test func `a new name keeps slug, vectors, threads and chats`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "t"])
            _ = try await client.json(.post, "/v1/workspace/w/chat", ["message": "harbour", "mode": "chat"])
            _ = try await client.json(.post, "/v1/workspace/w/update", ["name": "Other"])
            let workspace = try await client.json(.get, "/v1/workspace/w")["workspace"]?.arrayValue?.first
            #expect(workspace?["name"] == "Other")
            #expect(workspace?["threads"] == [["user_id": nil, "slug": "t", "name": "Thread"]])
            let hits = try await client.json(.post, "/v1/workspace/w/vector-search", ["query": "harbour opens"])
            #expect(hits["results"]?.arrayValue?.count == 1)
            let history = try await client.json(.get, "/v1/workspace/w/chats")["history"]
            #expect(history?.arrayValue?.count == 2)
        }
    }

    @Test func `with a workspace everything goes that hangs on it, and its slug is free`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "other"])
            _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "t"])
            _ = try await client.json(.post, "/v1/workspace/other/thread/new", ["slug": "u"])
            for workspace in ["w", "other"] {
                for session in ["a", nil] as [JSON] {
                    _ = try await client.json(
                        .post, "/v1/workspace/\(workspace)/chat",
                        ["message": "x", "mode": "chat", "sessionId": session])
                }
            }
            let thread = try #require(
                try await client.server.threads.find(slug: "t", in: 1))
            _ = try await client.store("in a thread", thread: thread)
            let deleted = try await client.send(.delete, "/v1/workspace/w")
            #expect(deleted.status == 200)
            #expect(deleted.text == "OK")
            let database = client.server.database
            for (table, rest) in ["workspace": 1, "thread": 1, "chat": 2, "workspace_document": 0, "document": 1] {
                let count = try await database.count(SQL(stringLiteral: "SELECT COUNT(*) FROM \(table)"))
                #expect(count == rest, "\(table)")
            }
            let vectors = try await client.json(.get, "/v1/system/vector-count")["vectorCount"]
            #expect(vectors == 0)
            let again = try await client.json(.post, "/v1/workspace/new", ["name": "w"])["workspace"]
            #expect(again?["slug"] == "w")
            let history = try await client.json(.get, "/v1/workspace/w/chats")["history"]
            #expect(history == [])
            let unknown = try await client.send(.delete, "/v1/workspace/nowhere")
            #expect(unknown.status == 400)
            #expect(try JSON(parsing: unknown.text)["message"] == "Workspace nowhere is not a valid workspace.")
        }
    }

    @Test(arguments: ["", "0", "false", "off", "NO"])
    func `deletion is not blocked where the switch is off`(value: String) async throws {
        try await TestServer.run(environment: ["WORKSPACE_DELETION_PROTECTION": value]) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let settings = try await client.json(.get, "/v1/system")["settings"]
            #expect(settings?["WorkspaceDeletionProtection"] == false)
            let answer = try await client.send(.delete, "/v1/workspace/w")
            #expect(answer.status == 200)
        }
    }

    @Test func `deletion is blocked where the switch is on`() async throws {
        try await TestServer.run(environment: ["WORKSPACE_DELETION_PROTECTION": "yes"]) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let answer = try await client.send(.delete, "/v1/workspace/w")
            #expect(answer.status == 403)
            #expect(
                answer.text
                    == #"{"success":false,"error":"Workspace deletion is blocked by the system administrator."}"#)
            let found = try await client.json(.get, "/v1/workspace/w")["workspace"]?.arrayValue?.count
            #expect(found == 1)
            let settings = try await client.json(.get, "/v1/system")["settings"]
            #expect(settings?["WorkspaceDeletionProtection"] == true)
        }
    }

    @Test func `A14 A15 nested objects and fields of others are never stored`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "victim"])
            let attack: JSON = [
                "name": "w", "id": 1, "slug": "victim", "vectorTag": "victim", "createdAt": "2001-01-01",
                "pfpFilename": "../x.png", "role": "admin", "user_id": 7, "createdBy": 7, "multi_user_mode": true,
                "threads": ["create": ["name": "x"]], "documents": ["deleteMany": [:]],
                "openAiPrompt": ["not": ""], "topN": ["increment": 5], "chatModel": ["set": "x"],
            ]
            let made = try await client.json(.post, "/v1/workspace/new", attack)["workspace"]
            #expect(made?["id"] == 2)
            #expect(made?["slug"] == "w")
            #expect(made?["vectorTag"] == .null)
            #expect(made?["pfpFilename"] == .null)
            #expect(made?["topN"] == 4)
            #expect(made?["chatModel"] == .null)
            #expect(made?["createdAt"]?.stringValue?.hasPrefix("2001") == false)
            let changed = try await client.json(.post, "/v1/workspace/w/update", attack)["workspace"]
            for field in ["id", "slug", "vectorTag", "pfpFilename", "createdAt", "topN", "chatModel"] {
                #expect(changed?[field] == made?[field], "\(field)")
            }
            for field in ["role", "user_id", "createdBy", "multi_user_mode", "threads"] {
                #expect(changed?[field] == nil, "\(field)")
            }
            let threads = try await client.server.database.count("SELECT COUNT(*) FROM thread")
            #expect(threads == 0)
        }
    }

    @Test func `a change of documents answers with the loaded workspace`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let stored = try await client.upload("The harbour opens at seven.", named: "a.txt", to: "")
            let path = try #require(stored["documents"]?.arrayValue?.first?["location"])
            let answer = try await client.json(.post, "/v1/workspace/w/update-embeddings", ["adds": [path]])
            let row = try await client.json(.get, "/v1/workspaces")["workspaces"]?.arrayValue?.first
            let workspace = try #require(answer["workspace"]?.objectValue)
            let columns = try #require(row?.objectValue?.keys.filter { $0 != "threads" })
            #expect(workspace.keys == columns + ["documents", "contextWindow", "currentContextTokenCount"])
            #expect(workspace["contextWindow"] == 4096)
            #expect(workspace["currentContextTokenCount"] == 0)
            #expect(workspace["documents"]?.arrayValue?.first?["docpath"] == path)
            #expect(answer["message"] == .null)
            #expect(answer["failed"] == [])
        }
    }
}
