import Domain
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

/// A19: two keys, each confined to a workspace of its own. Every id that one of them can write, in a path or in a body, is
/// taken from the other.
@Suite struct TenantTests {
    @Test(arguments: [false, true])
    func `no operation reaches another tenant's workspace`(asUsers: Bool) async throws {
        try await Tenants.run(asUsers: asUsers) { tenants in
            let before = try await tenants.state()
            for route in routeTable(tenants.client.server.services).routes where route.path.contains("{slug}") {
                for body in Self.bodies(tenants) {
                    let address = tenants.address(of: route)
                    let answer = try await tenants.mine.send(route.method, address, body)
                    if answer.status == 200 {
                        #expect(answer.text == #"{"workspace":[]}"#, "\(route.method) \(address)")
                    } else {
                        #expect(
                            [400, 403, 404].contains(answer.status), "\(route.method) \(address): \(answer.status)")
                    }
                    #expect(!answer.text.contains("secret"), "\(route.method) \(address)")
                }
            }
            let after = try await tenants.state()
            #expect(after == before)
        }
    }

    @Test func `a thread's slug that another tenant has taken says nothing of it`() async throws {
        try await Tenants.run { tenants in
            _ = try await tenants.client.json(.post, "/v1/workspace/theirs/thread/new", ["slug": "plans"])
            let made = try await tenants.mine.json(.post, "/v1/workspace/mine/thread/new", ["slug": "plans"])
            #expect(made["thread"]?["slug"]?.stringValue?.hasPrefix("plans-") == true)
        }
    }

    @Test func `the OpenAI API knows another tenant's workspace as little`() async throws {
        try await Tenants.run { tenants in
            let before = try await tenants.state()
            for (method, path, body) in [
                (HTTPRequest.Method.get, "/v1/openai/models/theirs", nil),
                (
                    .post, "/v1/openai/chat/completions",
                    ["model": "theirs", "messages": [["role": "user", "content": "x"]]]
                ),
                (.get, "/v1/openai/vector_stores/theirs", nil), (.get, "/v1/openai/vector_stores/theirs/files", nil),
                (.get, "/v1/openai/vector_stores/mine/files/\(tenants.theirDocID)", nil),
                (.get, "/v1/openai/vector_stores/theirs/files/\(tenants.theirDocID)", nil),
                (.post, "/v1/openai/vector_stores/theirs/search", ["query": "secret"]),
            ] as [(HTTPRequest.Method, String, JSON?)] {
                let answer = try await tenants.mine.send(method, path, body)
                #expect([401, 404].contains(answer.status), "\(path): \(answer.status)")
                #expect(!answer.text.contains("secret"))
            }
            for path in ["/v1/openai/models", "/v1/openai/vector_stores", "/v1/workspaces"] {
                let text = try await tenants.mine.send(.get, path).text
                #expect(text.contains("mine") && !text.contains("theirs"), "\(path)")
            }
            let after = try await tenants.state()
            #expect(after == before)
        }
    }

    @Test func `documents of another tenant are neither shown nor taken`() async throws {
        try await Tenants.run { tenants in
            let listing = try await tenants.mine.send(.get, "/v1/documents").text
            #expect(listing.contains("ours.txt") && !listing.contains("secret.txt"))
            let page = try await tenants.mine.json(.get, "/v1/documents?folder=custom-documents")
            #expect(page["totalCount"] == 1)
            let name = tenants.theirPath.split(separator: "/").last.map(String.init) ?? ""
            let found = try await tenants.mine.send(.get, "/v1/document/\(name)")
            #expect(found.status == 404)
            let before = try await tenants.state()
            let added = try await tenants.mine.json(
                .post, "/v1/workspace/mine/update-embeddings", ["adds": [.string(tenants.theirPath)]])
            #expect(added["failed"]?.arrayValue?.count == 1)
            let pinned = try await tenants.mine.send(
                .post, "/v1/workspace/mine/update-pin", ["docPath": .string(tenants.theirPath), "pinStatus": true])
            #expect(pinned.status == 404)
            let uploaded = try await tenants.mine.upload("more", named: "more.txt", to: "theirs")
            #expect(uploaded["embedding"]?.arrayValue?.first?["embedded"] == false)
            let after = try await tenants.state()
            #expect(after == before)
        }
    }

    @Test func `a key sees the documents that it brought in and the jobs that it began`() async throws {
        try await Tenants.run { tenants in
            let uploaded = try await tenants.mine.upload("alone", named: "alone.txt", to: "")
            let path = try #require(uploaded["documents"]?.arrayValue?.first?["location"]?.stringValue)
            let added = try await tenants.mine.json(
                .post, "/v1/workspace/mine/update-embeddings?async=true", ["adds": [.string(path)]])
            let job = try #require(added["jobId"]?.stringValue)
            let own = try await tenants.mine.send(.get, "/v1/jobs/\(job)")
            #expect(own.status == 200)
            let others = try await tenants.theirs.send(.get, "/v1/jobs/\(job)")
            #expect(others.status == 404)
            let operators = try await tenants.client.send(.get, "/v1/jobs/\(job)")
            #expect(operators.status == 200)
        }
    }

    @Test func `a key stays confined when its workspace is deleted`() async throws {
        try await Tenants.run { tenants in
            _ = try await tenants.client.send(.delete, "/v1/workspace/mine")
            try await tenants.client.makeWorkspaces("later")
            let left = try await tenants.mine.json(.get, "/v1/workspaces")["workspaces"]
            #expect(left == [])
        }
    }

    /// What operations read from a body, all of it the other tenant's.
    private static func bodies(_ tenants: Tenants) -> [JSON] {
        [
            [
                "name": "taken", "message": "secret?", "query": "secret", "feedback": true, "mode": "chat",
                "docPath": .string(tenants.theirPath), "pinStatus": true, "adds": [.string(tenants.theirPath)],
                "topN": 4,
            ],
            ["deletes": [.string(tenants.theirPath)], "message": "x", "reset": true, "name": "taken", "query": "x"],
        ]
    }
}

/// Two tenants: `mine` with a document `ours.txt`, `theirs` with a document, a thread and a chat.
struct Tenants: Sendable {
    /// Whose key may do everything.
    let client: TestClient
    let mine: TestClient
    let theirs: TestClient
    let theirPath: String
    let theirDocID: String
    let theirChat: Chat.ID

    /// - Parameter asUsers: whether the tenants are signed-in users, members of one workspace each, or else keys.
    static func run(
        asUsers: Bool = false, _ body: @escaping @Sendable (Tenants) async throws -> Void
    ) async throws {
        try await TestServer.run { client in try await body(Tenants(client, asUsers: asUsers)) }
    }

    private init(_ client: TestClient, asUsers: Bool) async throws {
        try await client.makeWorkspaces("mine", "theirs")
        _ = try await client.json(.post, "/v1/workspace/theirs/thread/new", ["slug": "t", "name": "secret"])
        _ = try await client.upload("ours", named: "ours.txt", to: "mine")
        _ = try await client.upload("secret", named: "secret.txt", to: "theirs")
        self.client = client
        if asUsers {
            try await client.turnOnMultiUserMode()
            for (name, id) in [("mine", 2), ("theirs", 3)] {
                try await client.makeUser(name)
                _ = try await client.json(
                    .post, "/v1/admin/workspaces/\(name)/manage-users", ["userIds": [JSON(id)]])
            }
            mine = try await client.asUser("mine")
            theirs = try await client.asUser("theirs")
        } else {
            mine = try await client.withKey(workspaces: .only([1]))
            theirs = try await client.withKey(workspaces: .only([2]))
        }
        theirChat = try await client.store("secret", answer: "secret", workspace: 2)
        let documents = try await client.json(.get, "/v1/workspace/theirs")["workspace"]?.arrayValue?
            .first?["documents"]?.arrayValue
        theirPath = documents?.first?["docpath"]?.stringValue ?? ""
        theirDocID = documents?.first?["docId"]?.stringValue ?? ""
        try #require(!theirPath.isEmpty && !theirDocID.isEmpty)
    }

    /// The route's address with the other tenant's ids, as `TestClient` takes it.
    func address(of route: RouteTable.Route) -> String {
        let values = [
            "{slug}": "theirs", "{threadslug}": "t", "{chatid}": "\(theirChat)", "{id}": "theirs",
            "{fileid}": theirDocID,
        ]
        return route.path.split(separator: "/").dropFirst().map { "/" + (values[String($0)] ?? String($0)) }.joined()
    }

    /// Everything of the workspaces that a request could have changed.
    func state() async throws -> [String] {
        var state: [String] = []
        for path in ["/v1/workspace/mine", "/v1/workspace/theirs", "/v1/workspace/theirs/chats"] {
            state.append(try await client.send(.get, path).text)
        }
        state += try await client.server.database.read("SELECT * FROM chat ORDER BY id") { row in
            "\(try row.value("id")) \(try row.value("prompt")) \(try row.value("feedback_score")) "
                + "\(try row.value("is_included"))"
        }
        state += try await client.server.database.read("SELECT * FROM thread ORDER BY id") { "\(try $0.value("name"))" }
        return state
    }
}
