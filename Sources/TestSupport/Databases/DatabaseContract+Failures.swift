import Persistence
import Testing

extension DatabaseContract {
    static let failureRules = [
        Rule("a second row under a unique key is a unique violation, or passed over where asked") { database in
            try await database.write(.once("CREATE TABLE name (word \(database.dialect.text) PRIMARY KEY)"))
            try await database.write("INSERT INTO name (word) VALUES ('a')")
            await #expect(throws: DatabaseError.uniqueViolation) {
                try await database.write("INSERT INTO name (word) VALUES ('a')")
            }
            let rows = try await database.write(
                "INSERT INTO name (word) VALUES ('a') ON CONFLICT (word) DO NOTHING RETURNING word"
            ) { try $0.get("word", as: String.self) }
            #expect(rows.isEmpty)
        },
        Rule("foreign keys hold, and deletions go along") { database in
            try await database.write([
                .once("CREATE TABLE parent (id \(database.dialect.keyColumn))"),
                .once(
                    """
                    CREATE TABLE child (
                        id \(database.dialect.identityColumn),
                        parent_id BIGINT NOT NULL REFERENCES parent (id) ON DELETE CASCADE
                    )
                    """),
            ])
            try await database.write("INSERT INTO parent (id) VALUES (\(Int64.max))")
            try await database.write("INSERT INTO child (parent_id) VALUES (\(Int64.max))")
            await #expect(throws: DatabaseError.foreignKeyViolation) {
                try await database.write("INSERT INTO child (parent_id) VALUES (2)")
            }
            try await database.write("DELETE FROM parent")
            #expect(try await database.count("SELECT COUNT(*) FROM child") == 0)
        },
        Rule("after what was refused, everything goes on") { database in
            try await database.makeThings()
            for round in 0..<30 {
                await #expect(throws: DatabaseError.self) { _ = try await database.read("SELEKT 1") { _ in } }
                await #expect(throws: DatabaseError.self) {
                    try await database.write("INSERT INTO thing (no) VALUES (1)")
                }
                await #expect(throws: DatabaseError.self) {
                    _ = try await database.readInline("SELECT * FROM nowhere") { _ in }
                }
                #expect(try await database.count("SELECT \(round) AS n") == round)
            }
        },
        Rule("an error does not hold what was to be stored") { database in
            try await database.write(
                .once("CREATE TABLE strict (word \(database.dialect.text) UNIQUE CHECK (word <> 'x'))"))
            for word in ["swordfish", "x"] {
                let error = await #expect(throws: DatabaseError.self) {
                    for _ in 0..<2 {
                        try await database.write("INSERT INTO strict (word) VALUES (\(word)) RETURNING word")
                    }
                }
                #expect(error.map { !"\($0)".contains("swordfish") } == true)
            }
        },
    ]

    static let cancellationRules = [
        Rule("a read that is cancelled ends, and the database goes on") { database in
            for _ in 0..<12 {
                let isRunning = Observed(false)
                await withTaskGroup(of: Void.self) { group in
                    group.addTask {
                        await #expect(throws: CancellationError.self) {
                            _ = try await database.read(endless) { _ in isRunning.change { $0 = true } }
                        }
                    }
                    await #expect(throws: Never.self) { try await isRunning.wait { $0 } }
                    group.cancelAll()
                }
            }
            let count = try await database.count("SELECT 7 AS n")
            #expect(count == 7)
        },
        Rule("a write that is cancelled leaves nothing") { database in
            try await database.makeThings()
            let isRunning = Observed(false)
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: CancellationError.self) {
                        _ = try await database.write(["INSERT INTO thing (word) VALUES ('a')", endless]) { _ in
                            isRunning.change { $0 = true }
                        }
                    }
                }
                await #expect(throws: Never.self) { try await isRunning.wait { $0 } }
                group.cancelAll()
            }
            #expect(try await database.count("SELECT COUNT(*) FROM thing") == 0)
            try await database.write("INSERT INTO thing (word) VALUES ('b')")
            #expect(try await database.words("SELECT word FROM thing") == ["b"])
        },
        Rule("who is cancelled while all connections are busy does not wait for one") { database in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        await #expect(throws: CancellationError.self) { _ = try await database.read(endless) { _ in } }
                    }
                }
                group.cancelAll()
            }
            let count = try await database.count("SELECT 7 AS n")
            #expect(count == 7)
        },
    ]
}

/// Gives rows until it is stopped.
private let endless: SQL = """
    WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000000000) SELECT x FROM n
    """
