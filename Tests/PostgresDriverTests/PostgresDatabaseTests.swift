import Foundation
import Persistence
import PostgresDriver
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct PostgresDatabaseTests {
    @Test(arguments: DatabaseContract.rules)
    func `it keeps the contract`(rule: DatabaseContract.Rule) async throws {
        try await DatabaseEngine.postgres.withDatabase(rule.check)
    }

    @Test(arguments: DatabaseContract.rules)
    func `it keeps the contract with a single connection`(rule: DatabaseContract.Rule) async throws {
        try await DatabaseEngine.withPostgresURL { url in
            try await rule.check(PostgresDatabase.open(url: url, maximumConnections: 1))
        }
    }

    @Test func `statements that are not reused are not kept`() async throws {
        try await DatabaseEngine.withPostgresURL { url in
            let database = try await PostgresDatabase.open(url: url, maximumConnections: 1)
            for number in 0..<600 { _ = try await database.count(SQL(stringLiteral: "SELECT \(number)")) }
            for number in 0..<600 { _ = try await database.count(.once("SELECT \(number) + 1")) }
            // Each was another text; the oldest of the first kind have made room, the second kind is not kept at all.
            let kept = try await database.read("SELECT statement FROM pg_prepared_statements") {
                try $0.get("statement", as: String.self)
            }
            #expect(kept.count == 256)
            #expect(kept.contains("SELECT 599"))
            #expect(!kept.contains { $0.hasSuffix("+ 1") })
        }
    }

    @Test func `a connection that the server has ended is opened again`() async throws {
        try await DatabaseEngine.withPostgresURL { url in
            let database = try await PostgresDatabase.open(url: url, maximumConnections: 1)
            let other = try await PostgresDatabase.open(url: url, maximumConnections: 1)
            for round in 0..<3 {
                let process = try await database.read("SELECT CAST(pg_backend_pid() AS BIGINT)") { try $0.integer(0) }
                let ended = try await other.read("SELECT pg_terminate_backend(CAST(\(process[0]) AS INTEGER)) AS ended")
                {
                    try $0.get("ended", as: Bool.self)
                }
                #expect(ended == [true])
                if round == 0 {
                    try await database.write(.once("CREATE TABLE thing (id BIGINT)"))
                } else {
                    try await database.write(["INSERT INTO thing (id) VALUES (1)", "INSERT INTO thing (id) VALUES (2)"])
                }
            }
            #expect(try await database.count("SELECT COUNT(*) FROM thing") == 4)
        }
    }

    @Test(arguments: [
        "postgres://lectern:swordfish@127.0.0.1:9/lectern", "postgres://lectern:swordfish@127.0.0.1:port/lectern",
        "postgres://lectern:swordfish@[::1/lectern", "postgres://lectern:sword%zzfish@127.0.0.1:9/lectern",
        "postgres://lectern@127.0.0.1:9/lectern?password=swordfish", "host=127.0.0.1 port=9 password='swordfish",
    ])
    func `a server that cannot be reached is named without the password`(url: String) async throws {
        let error = await #expect(throws: DatabaseError.self) { _ = try await PostgresDatabase.open(url: url) }
        let text = try #require(error.map { "\($0)" })
        guard case .unreachable(let reason) = error else {
            Issue.record("another error: \(text)")
            return
        }
        #expect(!reason.isEmpty)
        #expect(!text.contains("fish"))
    }

    @Test func `what the server says against a connection is passed on`() async throws {
        try await DatabaseEngine.withPostgresURL { url in
            let database = try await PostgresDatabase.open(url: url, maximumConnections: 1)
            let missing = url.replacing("/postgres?", with: "/nowhere?")
            try #require(missing != url)
            let error = await #expect(throws: DatabaseError.self) { _ = try await PostgresDatabase.open(url: missing) }
            #expect(error.map { "\($0)".contains("\"nowhere\" does not exist") } == true)
            _ = try await database.count("SELECT 1")
        }
    }

    /// As another node does that is newer.
    @Test func `a prepared statement goes on working when its table has changed`() async throws {
        try await DatabaseEngine.withPostgresURL { url in
            let database = try await PostgresDatabase.open(url: url, maximumConnections: 1)
            try await database.write(.once("CREATE TABLE thing (id BIGINT)"))
            for column in ["first", "second"] {
                _ = try await database.read("SELECT * FROM thing") { _ in }
                try await database.write([
                    .once("ALTER TABLE thing ADD COLUMN \(column) BIGINT"),
                    .once("INSERT INTO thing (\(column)) VALUES (1)"),
                ])
                let found = try await database.read("SELECT * FROM thing") { try $0.get(column, as: Int64?.self) }
                #expect(found.contains(1))
            }
        }
    }

    @Test func `transactions that block each other come to an end`() async throws {
        try await DatabaseEngine.withPostgresURL { url in
            let database = try await PostgresDatabase.open(url: url)
            try await database.write([
                .once("CREATE TABLE thing (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)"),
                "INSERT INTO thing (id, n) VALUES (1, 0), (2, 0)",
            ])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 as Range<Int64> {
                    group.addTask {
                        let (first, second) = number % 2 == 0 ? (1, 2) : (2, 1)
                        try await database.write([
                            "UPDATE thing SET n = n + 1 WHERE id = \(first)",
                            "UPDATE thing SET n = n + 1 WHERE id = \(second)",
                        ])
                    }
                }
                try await group.waitForAll()
            }
            let sums = try await database.read("SELECT n FROM thing") { try $0.integer(0) }
            #expect(sums == [20, 20])
        }
    }

    /// libpq writes why the server took no order to a buffer that it trusts to be there; without one the process ended.
    @Test func `a cancellation that the server cannot hear is given again when it can`() async throws {
        try await DatabaseEngine.withPostgresURL { url in
            let observer = try await PostgresDatabase.open(url: url, maximumConnections: 1)
            let socket = try #require(url.firstMatch(of: /host=([^&]+)/)).1 + "/.s.PGSQL.5432"
            let folder = FileManager.default.temporaryDirectory.appending(path: "pg\(UUID().uuidString.prefix(8))").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let link = folder + "/.s.PGSQL.5432"
            let connect = {
                try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: String(socket))
            }
            try connect()
            let own = url.replacing(/host=[^&]+/, with: "host=\(folder)")
            let database = try await PostgresDatabase.open(url: own, maximumConnections: 1)
            let statement = Task { try await database.read("SELECT CAST(pg_sleep(60) AS TEXT) AS slept") { _ in } }
            let isRunning: SQL = "SELECT COUNT(*) FROM pg_stat_activity WHERE query LIKE 'SELECT CAST(pg_sleep(60)%'"
            while try await observer.count(isRunning) == 0 {}
            try FileManager.default.removeItem(atPath: link)
            statement.cancel()
            // Long enough for several orders that nobody takes.
            _ = try await observer.read("SELECT CAST(pg_sleep(0.2) AS TEXT) AS slept") { _ in }
            #expect(try await observer.count(isRunning) == 1)
            try connect()
            await #expect(throws: CancellationError.self) { try await statement.value }
            #expect(try await database.count("SELECT 7") == 7)
        }
    }
}
