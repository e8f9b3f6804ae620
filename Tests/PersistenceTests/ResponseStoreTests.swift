import Domain
import Persistence
import TestSupport
import Testing

@Suite struct ResponseStoreTests {
    private func response(_ id: String, after previous: String? = nil, in workspace: Workspace.ID) -> StoredResponse {
        StoredResponse(
            id: id, workspaceID: workspace, previousID: previous, createdAt: Timestamp(milliseconds: 1000),
            body: #"{"id":"\#(id)"}"#, input: "[]")
    }

    private func workspace(_ slug: String, _ database: any Database) async throws -> Workspace.ID {
        let store = WorkspaceStore(database)
        return try #require(try await store.create(WorkspaceSettings(name: slug), slug: slug, at: .now)).id
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a response is found as it was kept, until it is deleted`(engine: DatabaseEngine) async throws {
        try await engine.withSchema { database in
            let store = ResponseStore(database)
            let kept = response("a", in: try await workspace("w", database))
            try await store.insert(kept, by: .owner)
            #expect(try await store.find(id: "a", for: .owner) == kept)
            #expect(try await store.find(id: "b", for: .owner) == nil)
            #expect(try await store.delete(id: "a", for: .owner))
            #expect(try await !store.delete(id: "a", for: .owner))
            #expect(try await store.find(id: "a", for: .owner) == nil)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a chain is oldest first, and ends where one is gone or it is too long`(engine: DatabaseEngine) async throws {
        try await engine.withSchema { database in
            let store = ResponseStore(database)
            let workspace = try await workspace("w", database)
            for (id, previous) in [("a", nil), ("b", "a"), ("c", "b"), ("d", "c"), ("x", "a")] as [(String, String?)] {
                try await store.insert(response(id, after: previous, in: workspace), by: .owner)
            }
            func chain(_ id: String, count: Int = 10, length: Int = 1000) async throws -> [String] {
                try await store.chain(endingAt: id, for: .owner, count: count, length: length).map(\.id)
            }
            #expect(try await chain("d") == ["a", "b", "c", "d"])
            #expect(try await chain("x") == ["a", "x"])
            #expect(try await chain("nothing") == [])
            #expect(try await chain("d", count: 1) == ["c", "d"])
            // Each takes 12 characters.
            #expect(try await chain("d", length: 30) == ["c", "d"])
            #expect(try await chain("d", length: 1) == ["d"])
            _ = try await store.delete(id: "b", for: .owner)
            #expect(try await chain("d") == ["c", "d"])
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `who is confined to some workspaces finds its own in these`(engine: DatabaseEngine) async throws {
        try await engine.withSchema { database in
            let store = ResponseStore(database)
            let (mine, theirs) = (try await workspace("m", database), try await workspace("t", database))
            let me = Caller.key(.init(id: 1, workspaces: .only([mine])))
            let they = Caller.key(.init(id: 2, workspaces: .only([mine, theirs])))
            try await store.insert(response("a", in: mine), by: they)
            try await store.insert(response("b", after: "a", in: mine), by: me)
            try await store.insert(response("c", in: theirs), by: me)
            #expect(try await store.find(id: "a", for: me) == nil)
            #expect(try await store.find(id: "c", for: me) == nil)
            #expect(try await store.find(id: "b", for: me)?.id == "b")
            #expect(try await store.chain(endingAt: "b", for: me, count: 9, length: 999).map(\.id) == ["b"])
            #expect(try await store.chain(endingAt: "b", for: .owner, count: 9, length: 999).map(\.id) == ["a", "b"])
            // A key that reaches all workspaces and may not do everything has no more than its own, either.
            let chatting = Caller.key(.init(id: 3, scopes: [.read, .chat]))
            #expect(try await store.find(id: "a", for: chatting) == nil)
            #expect(try await !store.delete(id: "a", for: chatting))
            #expect(try await store.find(id: "a", for: .key(.init(id: 4)))?.id == "a")
            #expect(try await !store.delete(id: "a", for: me))
            #expect(try await store.delete(id: "a", for: they))
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a response goes with its workspace, and when it is old`(engine: DatabaseEngine) async throws {
        try await engine.withSchema { database in
            let store = ResponseStore(database)
            let workspace = try await workspace("w", database)
            try await store.insert(response("a", in: workspace), by: .owner)
            try await store.delete(before: Timestamp(milliseconds: 1000))
            #expect(try await store.find(id: "a", for: .owner) != nil)
            try await store.delete(before: Timestamp(milliseconds: 1001))
            #expect(try await store.find(id: "a", for: .owner) == nil)
            try await store.insert(response("b", in: workspace), by: .owner)
            _ = try await WorkspaceStore(database).delete(slug: "w")
            #expect(try await store.find(id: "b", for: .owner) == nil)
            await #expect(throws: DatabaseError.foreignKeyViolation) {
                try await store.insert(response("c", in: workspace), by: .owner)
            }
        }
    }
}
