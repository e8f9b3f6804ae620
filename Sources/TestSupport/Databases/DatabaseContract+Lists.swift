import Persistence
import Testing

extension DatabaseContract {
    static let listRules = [
        Rule("a list finds its members, whatever its length") { database in
            try await database.makeThings()
            try await database.write(
                """
                WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000)
                INSERT INTO thing (number) SELECT x FROM n
                """)
            for (list, count) in [([], 0), ([7], 1), ([7, 7, 8, -1, .max, .min], 2)] as [([Int64], Int)] {
                #expect(try await database.count("SELECT COUNT(*) FROM thing WHERE number \(in: list)") == count)
            }
            let many = (1...100_000).map { Int64($0) * 2 }
            #expect(try await database.count("SELECT COUNT(*) FROM thing WHERE number \(in: many)") == 500)
            let none: [Int64] = []
            #expect(try await database.count("SELECT COUNT(*) FROM thing WHERE NOT number \(in: none)") == 1000)
        },
        Rule("a list of texts may hold anything") { database in
            try await database.makeThings()
            let words = ["", ",", "{}", "[\"", "\\", "'", "NULL", "null", "née", "👩‍👩‍👧", "\u{1}", "\n"]
            for word in words { try await database.write("INSERT INTO thing (word) VALUES (\(word))") }
            let found = try await database.words("SELECT word FROM thing WHERE word \(in: words) ORDER BY id")
            #expect(found == words)
            for word in words {
                #expect(try await database.words("SELECT word FROM thing WHERE word \(in: [word])") == [word])
            }
        },
        Rule("a list of numbers is exact") { database in
            try await database.makeThings()
            let ratios = [0.1, -1e300, .leastNormalMagnitude, .infinity, 3] as [Double]
            for ratio in ratios { try await database.write("INSERT INTO thing (ratio) VALUES (\(ratio))") }
            #expect(try await database.count("SELECT COUNT(*) FROM thing WHERE ratio \(in: ratios)") == ratios.count)
            let near = [Double(0.1).nextUp, 3.000_000_1, .nan]
            #expect(try await database.count("SELECT COUNT(*) FROM thing WHERE ratio \(in: near)") == 0)
        },
        Rule("lists and values stand beside each other in one statement") { database in
            try await database.makeThings()
            for number in 1...5 as ClosedRange<Int64> {
                try await database.write("INSERT INTO thing (number, word) VALUES (\(number), \("w\(number)"))")
            }
            let word: SQL = "word \(in: ["w1", "w2", "w3"])"
            let found = try await database.integers(
                "SELECT number FROM thing WHERE number > \(1) AND \(word) AND number \(in: [1, 2, 5]) AND id < \(9)")
            #expect(found == [2])
        },
    ]
}
