import Domain
import Persistence
import SQLiteDriver
import Testing

@Suite struct MigratorTests {
    @Test func `a second start finds nothing to do`() async throws {
        let database = try SQLiteDatabase.inMemory()
        for _ in 0..<2 { try await Migrator(database).migrate() }
        let names = try await database.read("SELECT name FROM migration ORDER BY name") { row in
            try row.get("name", as: String.self)
        }
        #expect(names == Schema.migrations.map(\.name))
    }

    @Test(
        arguments: [
            ["UPDATE migration SET digest = 'other' WHERE name = '0002-workspaces-and-chats'"],
            [
                "DROP TABLE migration", "CREATE TABLE migration (name TEXT PRIMARY KEY)",
                "INSERT INTO migration (name) VALUES ('0002-workspaces-and-chats')",
            ],
        ] as [[SQL]])
    func `tables of another wording are left alone`(change: [SQL]) async throws {
        let database = try SQLiteDatabase.inMemory()
        try await Migrator(database).migrate()
        try await database.write(change)
        let before = try await database.count("SELECT COUNT(*) FROM migration")
        let error = await #expect(throws: ServiceError.self) {
            try await Migrator(database).migrate()
        }
        #expect(error?.message.contains("never released") == true)
        let after = try await database.count("SELECT COUNT(*) FROM migration")
        #expect(after == before)
    }
}
