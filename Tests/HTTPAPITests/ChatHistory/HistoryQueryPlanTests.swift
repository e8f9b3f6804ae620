import Domain
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import TestSupport
import Testing

/// However many chats a workspace has, a page of them is read from an index in its order.
@Suite(.enabled(if: DatabaseEngine.standard == .sqlite, "reads the plans of SQLite")) struct HistoryQueryPlanTests {
    @Test func `listings search one index and sort nothing`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "t"])
            let thread = try #require(try await client.server.threads.find(slug: "t", in: 1))
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
                        #expect(plan.first?.contains("workspace_id=? AND conversation_key=?") == true)
                    }
                }
            }
        }
    }

    /// Ten thousand stored chats, most of them reset, must not slow the next one down.
    @Test func `what a chat looks back at is found by an index alone`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            try await client.server.database.write(Self.tenThousandChats)
            try await client.server.database.write("ANALYZE")
            for (thread, session, user) in [(nil, nil, nil), (nil, "s", nil), (1, nil, nil), (1, nil, 7)]
                as [(Int64?, String?, Int64?)]
            {
                let conversation = Conversation(
                    workspaceID: 1, threadID: thread, userID: user, sessionID: session)
                for query in [
                    ChatStore.historyQuery(conversation, limit: 20), ChatStore.resetStatement(conversation),
                ] {
                    let plan = try await Self.plan(of: query, client)
                    #expect(plan.count == 1, "\(plan)")
                    #expect(
                        plan.first?.hasSuffix(
                            "(workspace_id=? AND conversation_key=? AND user_key=? AND is_included=?)")
                            == true,
                        "\(plan)")
                }
            }
            let ids: [Int64] = [1, 2]
            let sources = try await Self.plan(
                of: "SELECT sources FROM chat WHERE id \(in: ids) ORDER BY id DESC", client)
            #expect(sources.first == "SEARCH chat USING INTEGER PRIMARY KEY (rowid=?)")
            #expect(sources.dropFirst().allSatisfy { $0 == "LIST SUBQUERY 1" || $0.hasPrefix("SCAN json_each") })
        }
    }

    @Test func `a conversation goes on after ten thousand chats that were reset`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            try await client.server.database.write(Self.tenThousandChats)
            let answer = try await client.json(
                .post, "/v1/workspace/w/chat", ["message": "go on", "mode": "chat", "reset": false])
            #expect(answer["chatId"] == 10_001)
            let listed = try await client.prompts("/v1/workspace/w/chats")
            #expect(listed == ["p5000", "p10000", "go on"])
        }
    }

    /// Of the main conversation; two of them are part of the history.
    private static let tenThousandChats: SQL = """
        WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 10000)
        INSERT INTO chat (
            workspace_id, is_included, created_at, mode, metrics, prompt, answer, tool_uses, sources, attachments
        ) SELECT 1, n % 5000 = 0, 0, 'chat', '{}', 'p' || n, 'a', '[]', '[]', '[]' FROM number
        """

    @Test func `pinned documents are found without a look at the others`() async throws {
        try await TestServer.run { client in
            let plan = try await Self.plan(of: WorkspaceDocumentStore.pinnedQuery(1), client)
            #expect(plan.first?.contains("USING INDEX workspace_document_pinned (workspace_id=?)") == true, "\(plan)")
            // Whether a document is watched is asked of its link, which is one search as well.
            #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") || $0.hasPrefix("CORRELATED SCALAR SUBQUERY") }, "\(plan)")
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
        try await client.server.database.read(query.behind("EXPLAIN QUERY PLAN")) { row in
            try row.get("detail", as: String.self)
        }
    }
}
