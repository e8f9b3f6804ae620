import Domain
import Persistence
import TestSupport
import Testing

@Suite struct WorkspaceStoreTests {
    @Test(arguments: DatabaseEngine.allCases)
    func `a slug can be taken only once`(engine: DatabaseEngine) async throws {
        try await engine.withSchema { database in
            let store = WorkspaceStore(database)
            let first = try #require(try await store.create(WorkspaceSettings(name: "W"), slug: "w", at: .now))
            #expect(try await store.create(WorkspaceSettings(name: "W"), slug: "w", at: .now) == nil)
            #expect(try await store.find(slug: "w") == first)
            #expect(try await store.find(id: first.id) == first)
            _ = try await store.create(WorkspaceSettings(name: "V"), slug: "v", at: .now)
            #expect(try await store.find(slugs: ["v", "no", "w"]).map(\.slug) == ["w", "v"])
            var settings = first.settings
            settings.temperature = 0.1
            settings.systemPrompt = nil
            settings.historyLimit = 7
            let changed = try await store.update(first.id, to: settings, at: .now)
            #expect(changed?.settings == settings)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a workspace takes everything in it along`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            try await library.add("a")
            let workspaces = WorkspaceStore(library.database)
            let workspace = try #require(try await workspaces.find(id: library.workspace))
            let threads = ThreadStore(library.database)
            _ = try await threads.create(name: "T", slug: "t", in: workspace, by: .system, at: .now)
            #expect(try await threads.create(name: "T", slug: "t", in: workspace, by: .system, at: .now) == nil)
            #expect(try await threads.all(in: [workspace.id, 99]).map(\.slug) == ["t"])
            #expect(try await threads.rename(slug: "t", in: workspace.id, to: "U", at: .now)?.name == "U")
            #expect(try await workspaces.delete(slug: "w")?.id == workspace.id)
            #expect(try await threads.find(slug: "t", in: workspace.id) == nil)
            #expect(try await library.memberships.count() == 0)
            await #expect(throws: DatabaseError.foreignKeyViolation) {
                _ = try await threads.create(name: "T", slug: "t2", in: workspace, by: .system, at: .now)
            }
        }
    }
}
