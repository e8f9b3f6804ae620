import Foundation
import Persistence
import SQLiteDriver
import TestSupport
import Testing

/// What the program does with a storage that is not as it left it.
@Suite struct StorageTests {
    /// A program that runs already works on the tables as it knows them.
    @Test(arguments: [["key", "list"], ["doctor"], ["serve", "--port", "0"]])
    func `beside a running server nothing changes the schema`(arguments: [String]) async throws {
        try await withStorage { storage in
            let database = try await Self.makeOlder(storage)
            let lock = open(storage + "/lock", O_RDWR | O_CREAT, 0o600)
            defer { close(lock) }
            try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
            let ended = try Program.run(arguments + ["--storage", storage])
            if arguments != ["doctor"] {
                #expect(ended.status != 0)
                #expect(ended.text.contains(arguments == ["key", "list"] ? "older version" : "Another Lectern"))
            }
            #expect(try await Migrator(database).state() == .behind)
        }
    }

    @Test func `without a server, a command brings an older storage up to date, and the doctor leaves it alone`()
        async throws
    {
        try await withStorage { storage in
            let database = try await Self.makeOlder(storage)
            _ = try Program.run(["doctor", "--storage", storage])
            #expect(try await Migrator(database).state() == .behind)
            let ended = try Program.run(["key", "list", "--storage", storage])
            #expect(ended.status == 0, "\(ended.text)")
            #expect(try await Migrator(database).state() == .current)
        }
    }

    @Test(arguments: [["key", "list"], ["doctor"], ["serve", "--port", "0"]])
    func `a storage that a newer version has used is refused`(arguments: [String]) async throws {
        try await withStorage { storage in
            try Self.make(storage)
            let database = try SQLiteDatabase.open(path: storage + "/lectern.db")
            try await database.write("INSERT INTO migration (name, digest) VALUES ('9999-future', 'x')")
            let ended = try Program.run(arguments + ["--storage", storage])
            #expect(ended.status != 0)
            #expect(ended.text.contains("newer version"))
        }
    }

    @Test(arguments: [["key", "create"], ["doctor"], ["serve", "--port", "0"]], [true, false])
    func `a database that was lost is no first start`(arguments: [String], isEmpty: Bool) async throws {
        try await withStorage { storage in
            try Self.make(storage)
            for file in try FileManager.default.contentsOfDirectory(atPath: storage) where file.hasPrefix("lectern.db")
            {
                try FileManager.default.removeItem(atPath: "\(storage)/\(file)")
            }
            if isEmpty { try Data().write(to: URL(fileURLWithPath: storage + "/lectern.db")) }
            let ended = try Program.run(arguments + ["--storage", storage])
            #expect(ended.status != 0)
            #expect(ended.text.contains("lectern.db is \(isEmpty ? "empty" : "missing")"))
            #expect(ended.text.contains("move secret.key away"))
            let attributes = try? FileManager.default.attributesOfItem(atPath: storage + "/lectern.db")
            #expect((attributes?[.size] as? NSNumber)?.intValue == (isEmpty ? 0 : nil))
        }
    }

    @Test(arguments: ["mysql://localhost/lectern", "postgres://lectern:swordfish@127.0.0.1:9/lectern"])
    func `a database that cannot be used is named, without its password`(url: String) async throws {
        try await withStorage { storage in
            for arguments in [["key", "create"], ["doctor"], ["serve", "--port", "0"]] {
                let ended = try Program.run(arguments + ["--storage", storage], environment: ["DATABASE_URL": url])
                #expect(ended.status != 0)
                #expect(ended.text.contains("DATABASE_URL"))
                #expect(!ended.text.contains("swordfish"))
            }
        }
    }

    @Test func `A31 what protects nothing as it is written keeps the server from starting, and the doctor says so`()
        async throws
    {
        try await withStorage { storage in
            let environment = ["LECTERN_TRUSTED_PROXIES": "not-an-ip", "LECTERN_CHAT_RETENTION_DAYS": "0"]
            for arguments in [["serve", "--port", "0"], ["doctor"]] {
                let ended = try Program.run(arguments + ["--storage", storage], environment: environment)
                #expect(ended.status != 0)
                #expect(ended.text.contains("LECTERN_TRUSTED_PROXIES: not-an-ip is not an address or network."))
                #expect(ended.text.contains("LECTERN_CHAT_RETENTION_DAYS: Value must be a whole number between 1 and"))
            }
        }
    }

    @Test func `A53 a name in the list of keys is one line and moves no cursor`() async throws {
        try await withStorage { storage in
            let refused = try Program.run(["key", "create", "--storage", storage, "--name", "a\u{1B}[2Jb"])
            #expect(refused.status != 0 && refused.text.contains("control characters"))
            try Self.make(storage)
            // As a version that refused nothing has stored it.
            let database = try SQLiteDatabase.open(path: storage + "/lectern.db")
            try await database.write("UPDATE api_key SET name = \("a\u{1B}[2J\tb\nc")")
            let listed = try Program.run(["key", "list", "--storage", storage])
            #expect(listed.text.contains(#"\ta\u{1b}[2J\u{9}b\u{a}c\t"#.replacing(#"\t"#, with: "\t")))
            #expect(listed.text.split(separator: "\n").count == 1)
        }
    }

    /// A first key makes a storage.
    private static func make(_ storage: String) throws {
        let ended = try Program.run(["key", "create", "--storage", storage])
        try #require(ended.status == 0, "\(ended.text)")
    }

    /// A storage as the version before the last migration leaves it.
    private static func makeOlder(_ storage: String) async throws -> SQLiteDatabase {
        try make(storage)
        for file in try FileManager.default.contentsOfDirectory(atPath: storage) where file.hasPrefix("lectern.db") {
            try FileManager.default.removeItem(atPath: "\(storage)/\(file)")
        }
        let database = try SQLiteDatabase.open(path: storage + "/lectern.db")
        try await Migrator(database, migrations: Array(Schema.migrations.dropLast())).migrate()
        return database
    }

    private func withStorage(_ body: (String) async throws -> Void) async throws {
        let storage = FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: storage) }
        try await body(storage)
    }
}

/// The built program, run to its end.
private struct Program {
    let status: Int32
    /// What it wrote on both outputs.
    let text: String

    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Program {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try ServerBinary.path())
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Program(status: process.terminationStatus, text: text)
    }
}
