import Domain
import Persistence
import TestSupport
import Testing

@Suite struct ChatStoreTests {
    @Test(arguments: DatabaseEngine.allCases)
    func `each conversation has its own history`(engine: DatabaseEngine) async throws {
        try await withConversations(engine) { database, conversations in
            let store = ChatStore(database)
            for (number, conversation) in conversations.enumerated() {
                let history = try await store.history(of: conversation, limit: 2)
                #expect(history.map(\.prompt) == ["\(number).1", "\(number).2"])
            }
            try await store.reset(conversations[1], event: nil, by: .system, at: .now)
            for (number, conversation) in conversations.enumerated() {
                #expect(try await store.history(of: conversation, limit: 9).count == (number == 1 ? 0 : 3))
            }
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `listings take a page from either end`(engine: DatabaseEngine) async throws {
        try await withConversations(engine) { database, conversations in
            let store = ChatStore(database)
            try await store.reset(conversations[0], event: nil, by: .system, at: .now)
            var main = ChatSelection.main(of: 1)
            #expect(try await store.ids(in: main, limit: 9).isEmpty)
            main.includesExcluded = true
            let all = try await store.ids(in: main, fromOldest: true, limit: 9)
            #expect(all == all.sorted() && all.count == 3)
            main.before = all[2]
            #expect(try await store.ids(in: main, limit: 1) == [all[1]])
            main.before = nil
            main.after = all[0]
            #expect(try await store.ids(in: main, fromOldest: true, limit: 9) == Array(all.dropFirst()))
            #expect(try await store.ids(in: .session("s", of: 1), limit: 9).count == 3)
            let thread = try #require(try await ThreadStore(database).find(slug: "t", in: 1))
            #expect(try await store.ids(in: .thread(thread), limit: 9).count == 6)
            #expect(try await store.ids(in: .thread(thread, userID: 7), limit: 9).count == 3)
            #expect(try await store.setFeedback(true, on: all[0], in: 1, of: nil))
            #expect(try await !store.setFeedback(true, on: all[0], in: 2, of: nil))
            #expect(try await store.find(all.reversed()).map(\.id) == all.reversed())
            #expect(try await store.find([all[0]]).first?.feedbackScore == true)
        }
    }

    /// However many chats there are. SQLite's plans are held by `HistoryQueryPlanTests`, with what they sort.
    @Test func `PostgreSQL finds a history and a listing by an index`() async throws {
        try await withConversations(.postgres) { database, conversations in
            try await database.write(
                """
                INSERT INTO chat (
                    workspace_id, session_id, is_included, created_at, mode, metrics, prompt, answer, tool_uses, sources,
                    attachments
                ) SELECT 1, 's' || n / 100, n % 50 = 0, 0, 'chat', '{}', 'p' || n, 'a', '[]', '[]', '[]'
                FROM generate_series(1, 10000) n
                """)
            try await database.write(.once("ANALYZE chat"))
            let ids = (1...5).map(Int64.init)
            for query in [
                ChatStore.historyQuery(conversations[1], limit: 20), ChatStore.resetStatement(conversations[1]),
                ChatStore.idQuery(.session("s", of: 1), fromOldest: false, limit: 20),
                ChatStore.idQuery(.main(of: 1), fromOldest: true, limit: 20),
                "SELECT sources FROM chat WHERE id \(in: ids) ORDER BY id DESC",
            ] {
                let plan = try await database.read(query.behind("EXPLAIN")) {
                    try $0.get("QUERY PLAN", as: String.self)
                }
                #expect(plan.contains { $0.contains("Index") && !$0.contains("Filter") }, "\(plan)")
                #expect(!plan.contains { $0.contains("Seq Scan") }, "\(plan)")
            }
        }
    }

    /// Three chats in each of a workspace's main conversation, a session, a thread and one user's part of the thread.
    @Test(arguments: DatabaseEngine.allCases)
    func `many short chats are read at once, and one that is long by itself`(engine: DatabaseEngine) async throws {
        try await withConversations(engine) { database, _ in
            let store = ChatStore(database)
            #expect(try await store.batches(of: []).isEmpty)
            #expect(try await store.batches(of: [3, 1, 2]) == [[3, 1, 2]])
            #expect(try await store.batches(of: [1, 99, 2]) == [[1, 2]])
            let picture =
                #"[{"name":"p","mime":"image/png","contentString":"\#(String(repeating: "A", count: 300_000))"}]"#
            try await database.write("UPDATE chat SET attachments = \(picture) WHERE id = 2")
            #expect(try await store.batches(of: [1, 2, 3, 4]) == [[1], [2], [3, 4]])
        }
    }

    private func withConversations(
        _ engine: DatabaseEngine, _ body: (any Database, [Conversation]) async throws -> Void
    ) async throws {
        try await engine.withSchema { database in
            let created = try await WorkspaceStore(database).create(WorkspaceSettings(name: "W"), slug: "w", at: .now)
            let workspace = try #require(created)
            let thread = try #require(
                try await ThreadStore(database).create(name: "T", slug: "t", in: workspace, by: .system, at: .now))
            let conversations = [
                Conversation(workspaceID: workspace.id), Conversation(workspaceID: workspace.id, sessionID: "s"),
                Conversation(workspaceID: workspace.id, threadID: thread.id),
                Conversation(workspaceID: workspace.id, threadID: thread.id, userID: 7),
            ]
            for round in 0..<3 {
                for (number, conversation) in conversations.enumerated() {
                    try await database.write(
                        """
                        INSERT INTO chat (workspace_id, thread_id, user_id, session_id, is_included, created_at, mode,
                            metrics, prompt, answer, tool_uses, sources, attachments)
                        VALUES (\(workspace.id), \(conversation.threadID), \(conversation.userID),
                            \(conversation.sessionID), TRUE, 0, 'chat', '{}', \("\(number).\(round)"), 'a', '[]', '[]', '[]')
                        """)
                }
            }
            try await body(database, conversations)
        }
    }
}
