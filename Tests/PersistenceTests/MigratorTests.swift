import Domain
import Persistence
import TestSupport
import Testing

@Suite struct MigratorTests {
    @Test(arguments: DatabaseEngine.allCases)
    func `a second start finds nothing to do`(engine: DatabaseEngine) async throws {
        try await engine.withDatabase { database in
            let migrator = Migrator(database)
            #expect(try await migrator.state() == .empty)
            for _ in 0..<2 { try await migrator.migrate() }
            #expect(try await migrator.state() == .current)
            let names = try await database.read("SELECT name FROM migration ORDER BY name") { row in
                try row.get("name", as: String.self)
            }
            #expect(names == Schema.migrations.map(\.name))
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `nodes that start at once migrate once`(engine: DatabaseEngine) async throws {
        try await engine.withDatabase { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 { group.addTask { try await Migrator(database).migrate() } }
                try await group.waitForAll()
            }
            let count = try await database.count("SELECT COUNT(*) FROM migration")
            #expect(count == Schema.migrations.count)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a database that a newer version has migrated is refused`(engine: DatabaseEngine) async throws {
        try await engine.withSchema { database in
            try await database.write("INSERT INTO migration (name, digest) VALUES ('9999-future', 'x')")
            for action in [{ _ = try await $0.state() }, { try await $0.migrate() }]
                as [(Migrator) async throws -> Void]
            {
                let error = await #expect(throws: ServiceError.self) { try await action(Migrator(database)) }
                #expect(error?.message.contains("newer version") == true)
            }
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `what is still to come is told apart from what is there`(engine: DatabaseEngine) async throws {
        try await engine.withSchema { database in
            let last = try #require(Schema.migrations.last)
            try await database.write("DELETE FROM migration WHERE name = \(last.name)")
            #expect(try await Migrator(database).state() == .behind)
        }
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
        try await DatabaseEngine.sqlite.withSchema { database in
            try await database.write(change)
            let before = try await database.count("SELECT COUNT(*) FROM migration")
            let error = await #expect(throws: ServiceError.self) { try await Migrator(database).migrate() }
            #expect(error?.message.contains("never released") == true)
            let after = try await database.count("SELECT COUNT(*) FROM migration")
            #expect(after == before)
        }
    }

    /// What the versions before 0006 stored, in the words of their schema.
    @Test(arguments: DatabaseEngine.allCases)
    func `conversations that were stored before they had a key are found by it`(engine: DatabaseEngine) async throws {
        try await engine.withDatabase { database in
            try await Migrator(database, migrations: Array(Schema.migrations.prefix(5))).migrate()
            try await database.write([
                """
                INSERT INTO workspace (name, slug, created_at, last_updated_at, history_limit, similarity_threshold,
                    result_limit, chat_mode, vector_search_mode)
                VALUES ('w', 'w', 0, 0, 20, 0.25, 4, 'chat', 'default')
                """,
                """
                INSERT INTO thread (workspace_id, name, slug, created_at, last_updated_at) VALUES (1, 't', 't', 0, 0)
                """,
            ])
            let conversations = [
                Conversation(workspaceID: 1), Conversation(workspaceID: 1, sessionID: "s"),
                Conversation(workspaceID: 1, sessionID: ""), Conversation(workspaceID: 1, threadID: 1),
                Conversation(workspaceID: 1, threadID: 1, userID: 7),
            ]
            for (number, conversation) in conversations.enumerated() {
                try await database.write(
                    """
                    INSERT INTO chat (workspace_id, thread_id, user_id, session_id, is_included, created_at, mode,
                        metrics, prompt, answer, tool_uses, sources, attachments)
                    VALUES (1, \(conversation.threadID), \(conversation.userID), \(conversation.sessionID), TRUE, 0,
                        'chat', '{}', \("p\(number)"), 'a', '[]', '[]', '[]')
                    """)
            }
            try await Migrator(database).migrate()
            for (number, conversation) in conversations.enumerated() {
                let history = try await ChatStore(database).history(of: conversation, limit: 9)
                #expect(history.map(\.prompt) == ["p\(number)"])
            }
        }
    }

    /// Texts must be compared as SQLite compares them, whatever locale the database has.
    @Test func `every text column of PostgreSQL is in the order of code points`() async throws {
        try await DatabaseEngine.postgres.withSchema { database in
            let columns = try await database.read(
                """
                SELECT table_name || '.' || column_name AS word FROM information_schema.columns
                WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
                    AND table_name <> 'migration'
                """
            ) { try $0.get("word", as: String.self) }
            #expect(columns == [])
        }
    }

    @Test func `no whole number of PostgreSQL has less than 64 bits`() async throws {
        try await DatabaseEngine.postgres.withSchema { database in
            let columns = try await database.read(
                """
                SELECT table_name || '.' || column_name AS word FROM information_schema.columns
                WHERE table_schema = current_schema() AND data_type IN ('integer', 'smallint', 'real')
                """
            ) { try $0.get("word", as: String.self) }
            #expect(columns == [])
        }
    }
}
