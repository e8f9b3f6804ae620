import Domain
import Persistence
import TestSupport
import Testing

@Suite struct SettingStoreTests {
    @Test(arguments: DatabaseEngine.allCases)
    func `every change has a revision of its own`(engine: DatabaseEngine) async throws {
        try await engine.withSchema { database in
            let store = SettingStore(database)
            let start = try await store.revision()
            let entries = (1...12).map { SettingStore.Entry(variable: "V\($0)", value: "é\0", isSecret: $0 % 2 == 0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for entry in entries {
                    group.addTask { try await store.apply([entry], removing: ["other"], at: .now) }
                }
                try await group.waitForAll()
            }
            #expect(try await store.revision() == start + 12)
            #expect(try await store.all().map(\.variable) == entries.map(\.variable).sorted())
            try await store.apply([], removing: ["V1"], at: .now)
            #expect(try await store.revision() == start + 13)
            #expect(try await store.all().count == 11)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a change that fails has none`(engine: DatabaseEngine) async throws {
        try await engine.withSchema { database in
            let store = SettingStore(database)
            let start = try await store.revision()
            await #expect(throws: DatabaseError.self) {
                try await store.apply(
                    [.init(variable: "V", value: "x", isSecret: false)], removing: [],
                    with: ["INSERT INTO nowhere (id) VALUES (1)"], at: .now)
            }
            #expect(try await store.revision() == start)
            #expect(try await store.all().isEmpty)
        }
    }
}
