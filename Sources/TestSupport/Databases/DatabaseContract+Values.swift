import Domain
import OrderedJSON
import Persistence
import Testing

extension DatabaseContract {
    static let valueRules = [
        Rule("values of every type come back as they were") { database in
            try await database.makeThings()
            let numbers: [Int64] = [0, -1, .max, .min, Int64(Int32.max) + 1]
            let ratios = [0, -0.0, 0.1, .pi, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -.infinity]
            let bytes: [[UInt8]] = [[], [0], Array(0...255), [0x27, 0x5C, 0xFF]]
            let words = ["", "'", "\"\\$1", "née", "e\u{301}", "👩‍👩‍👧", "\u{1}\t\n\r\u{7F}", "\u{FEFF}x", "a\u{2028}b"]
            for index in 0..<9 {
                let (flag, number, ratio) = (index % 2 == 0, numbers[index % 5], ratios[index % 7])
                let rows = try await database.write(
                    """
                    INSERT INTO thing (flag, number, ratio, word, bytes)
                    VALUES (\(flag), \(number), \(ratio), \(words[index]), \(bytes[index % 4])) RETURNING *
                    """, Thing.init)
                let thing = Thing(
                    flag: flag, number: number, ratio: ratio, word: words[index], bytes: bytes[index % 4])
                #expect(rows == [thing])
                #expect(rows.first?.word.map { Array($0.utf8) } == Array(words[index].utf8))
            }
        },
        Rule("NULL of every type comes back as nil, and can be asked for") { database in
            try await database.makeThings()
            let nothing = Thing(flag: nil, number: nil, ratio: nil, word: nil, bytes: nil)
            try await database.write(nothing.insertion)
            #expect(try await database.read("SELECT * FROM thing", Thing.init) == [nothing])
            for word in [String?.none, "x"] {
                let found = try await database.integers(
                    "SELECT COUNT(*) FROM thing WHERE COALESCE(\(word), 'y') = 'y' AND word IS NULL")
                #expect(found == [word == nil ? 1 : 0])
            }
        },
        Rule("for NUL in a text, U+FFFD is stored and looked for") { database in
            try await database.makeThings()
            try await database.write("INSERT INTO thing (word) VALUES (\("a\0b"))")
            #expect(try await database.words("SELECT word FROM thing WHERE word = \("a\0b")") == ["a\u{FFFD}b"])
            #expect(try await database.words("SELECT word FROM thing WHERE word \(in: ["a\0b"])") == ["a\u{FFFD}b"])
            #expect(try await database.words("SELECT word FROM thing WHERE word = \("a")") == [])
        },
        Rule("JSON keeps the order of its keys") { database in
            try await database.makeThings()
            let json: JSON = ["z": 1, "a": [nil, true, 2.5], "text": "\u{0} \" \\"]
            try await database.write("INSERT INTO thing (word) VALUES (\(json))")
            let found = try await database.read("SELECT word FROM thing") { try $0.get("word", as: JSON.self) }
            #expect(found == [json])
        },
        Rule("a column is found by name, an unknown one and one of another type are errors") { database in
            try await database.makeThings()
            try await database.write("INSERT INTO thing (word, bytes) VALUES ('x', NULL)")
            await #expect(throws: DatabaseError.self) {
                _ = try await database.read("SELECT word FROM thing") { try $0.value("other") }
            }
            await #expect(throws: DatabaseError.self) {
                _ = try await database.read("SELECT word FROM thing") { try $0.get("word", as: Int.self) }
            }
            let isNull = try await database.read("SELECT bytes FROM thing") { row in
                try row.withBlob(0) { $0 == nil }
            }
            #expect(isNull == [true])
        },
        Rule("texts are in the order of their code points") { database in
            try await database.makeThings()
            let words = ["é", "z", "Z", "a", "", "\u{FFFD}", "𝄞", "Ä", "_", "ab", "a b"]
            for word in words { try await database.write("INSERT INTO thing (word) VALUES (\(word))") }
            let sorted = words.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
            #expect(try await database.words("SELECT word FROM thing ORDER BY word") == sorted)
            let later = try await database.words("SELECT word FROM thing WHERE word > \("a") ORDER BY word")
            #expect(later == Array(sorted.drop { $0 <= "a" || $0 == "Z" || $0 == "_" }))
        },
        Rule("bools are conditions") { database in
            try await database.makeThings()
            for flag in [true, false, nil] as [Bool?] {
                try await database.write("INSERT INTO thing (flag, word) VALUES (\(flag), 'x')")
            }
            for (condition, count) in [("flag", 1), ("NOT flag", 1), ("flag = TRUE", 1), ("flag IS NULL", 1)] {
                #expect(try await database.count(.once("SELECT COUNT(*) FROM thing WHERE \(condition)")) == count)
            }
            #expect(try await database.count("SELECT COUNT(*) FROM thing WHERE flag = \(false)") == 1)
        },
    ]
}

private struct Thing: Equatable {
    let flag: Bool?
    let number: Int64?
    let ratio: Double?
    let word: String?
    let bytes: [UInt8]?

    var insertion: SQL {
        "INSERT INTO thing (flag, number, ratio, word, bytes) VALUES (\(flag), \(number), \(ratio), \(word), \(bytes))"
    }
}

extension Thing {
    init(_ row: any SQLRow) throws {
        self.init(
            flag: try row.get("flag"), number: try row.get("number"), ratio: try row.get("ratio"),
            word: try row.get("word"), bytes: try row.get("bytes"))
    }
}
