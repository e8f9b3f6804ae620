import Persistence
import Testing

extension DatabaseContract {
    static let transactionRules = [
        Rule("statements are stored together or not at all") { database in
            try await database.makeThings()
            await #expect(throws: DatabaseError.self) {
                try await database.write([
                    "INSERT INTO thing (word) VALUES ('a')", "INSERT INTO nowhere (word) VALUES ('b')",
                ])
            }
            #expect(try await database.count("SELECT COUNT(*) FROM thing") == 0)
            try await database.write([
                "INSERT INTO thing (word) VALUES ('a')", "INSERT INTO thing (word) VALUES ('b')",
            ])
            #expect(try await database.count("SELECT COUNT(*) FROM thing") == 2)
        },
        Rule("a row that cannot be read undoes the transaction") { database in
            struct Unreadable: Error {}
            try await database.makeThings()
            await #expect(throws: Unreadable.self) {
                _ = try await database.write("INSERT INTO thing (word) VALUES ('a') RETURNING id") { _ in
                    throw Unreadable()
                }
            }
            #expect(try await database.count("SELECT COUNT(*) FROM thing") == 0)
        },
        Rule("the rows of the last statement are returned") { database in
            try await database.makeThings()
            let rows = try await database.write([
                "INSERT INTO thing (word) VALUES ('a') RETURNING word",
                "INSERT INTO thing (word) VALUES ('b'), ('c') RETURNING word",
            ]) { try $0.get("word", as: String.self) }
            #expect(rows.sorted() == ["b", "c"])
            #expect(try await database.write([]) { try $0.integer(0) } == [])
            let changed = try await database.write("UPDATE thing SET word = 'd' WHERE word = 'x' RETURNING id") {
                try $0.integer(0)
            }
            #expect(changed.isEmpty)
        },
        Rule("keys count up and are never given twice") { database in
            try await database.makeThings()
            let insertion: SQL = "INSERT INTO thing (word) VALUES ('a') RETURNING id"
            let first = try await database.write(insertion) { try $0.integer(0) }
            try await database.write("DELETE FROM thing")
            let second = try await database.write(insertion) { try $0.integer(0) }
            #expect(second[0] > first[0])
        },
        Rule("writers at once lose nothing of each other") { database in
            try await database.makeThings()
            try await database.write("INSERT INTO thing (number) VALUES (0)")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        try await database.write([
                            "UPDATE thing SET number = number + 1",
                            "INSERT INTO thing (number) SELECT MAX(number) FROM thing",
                        ])
                    }
                }
                try await group.waitForAll()
            }
            // Each writer has added one to every row that was there, so in whichever order they came, each number is there.
            #expect(try await database.integers("SELECT MAX(number) FROM thing") == [40])
            #expect(try await database.count("SELECT COUNT(*) FROM thing") == 41)
        },
        Rule("of writers who read first, none works on what another one has changed") { database in
            try await database.makeThings()
            let attempts = 30
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<attempts {
                    group.addTask {
                        try await database.write(
                            "INSERT INTO thing (number) SELECT COUNT(*) FROM thing HAVING COUNT(*) < 10")
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.integers("SELECT number FROM thing ORDER BY number") == Array(0..<10))
        },
    ]
}
