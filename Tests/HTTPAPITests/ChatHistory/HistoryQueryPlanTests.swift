import Domain
import HTTPAPI
import HTTPTypes
import Persistence
import SQLiteDriver
import Testing

/// However many chats a workspace has, a page of them is read from an index in its order.
@Suite struct HistoryQueryPlanTests {
    @Test func `listings search one index and sort nothing`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "t"])
            let thread = try #require(try await client.server.services.threads.find(slug: "t", in: 1))
            for selection in [
                .main(of: 1), .session("s", of: 1), .thread(thread), .thread(thread, userID: 7),
            ] as [ChatSelection] {
                for fromOldest in [true, false] {
                    for excluded in [true, false] {
                        var selection = selection
                        selection.includesExcluded = excluded
                        let query = ChatStore.idQuery(selection, fromOldest: fromOldest, limit: 100)
                        let plan = try await Self.plan(of: query, client)
                        #expect(plan.count == 1)
                        #expect(plan.first?.hasPrefix("SEARCH chat USING") == true, "\(plan)")
                        #expect(plan.first?.contains("workspace_id=? AND thread_id=? AND session_id=?") == true)
                    }
                }
            }
        }
    }

    @Test(arguments: ["workspace", "thread"])
    func `a deletion finds the chats that go along by an index`(table: String) async throws {
        try await TestServer.run { client in
            let column = "\(table)_id"
            let plan = try await Self.plan(of: SQL(stringLiteral: "DELETE FROM chat WHERE \(column) = 1"), client)
            #expect(plan.first?.hasPrefix("SEARCH chat USING") == true, "\(plan)")
        }
    }

    private static func plan(of query: SQL, _ client: TestClient) async throws -> [String] {
        try await client.server.database.read(query.behind("EXPLAIN QUERY PLAN")) {
            try $0.get("detail", as: String.self)
        }
    }
}
