import Foundation
package import Persistence
import PostgresDriver
import SQLiteDriver
import Testing

/// An engine that tests run on. Store tests and integration tests take it as their argument:
///
///     @Test(arguments: DatabaseEngine.allCases)
///     func `a slug can be taken only once`(engine: DatabaseEngine) async throws {
///         try await engine.withSchema { database in … }
///     }
package enum DatabaseEngine: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite = "SQLite"
    case postgres = "PostgreSQL"

    package var testDescription: String { rawValue }

    /// What tests run on that are not about a database: SQLite, or what `LECTERN_TEST_ENGINE` says, `postgres` for one. So
    /// `LECTERN_TEST_ENGINE=postgres script/test` tries everything on PostgreSQL.
    package static let standard: DatabaseEngine =
        ProcessInfo.processInfo.environment["LECTERN_TEST_ENGINE"] == "postgres" ? .postgres : .sqlite

    /// Names a server for tests; `script/test` starts one.
    package static let variable = "LECTERN_TEST_POSTGRES"

    /// Runs `body` with an empty database, and removes it, pass or fail. Reports the test as skipped where the engine is
    /// not there.
    package func withDatabase(_ body: (any Database) async throws -> Void) async throws {
        switch self {
        case .sqlite: try await body(try SQLiteDatabase.inMemory())
        case .postgres:
            try await Self.withPostgresURL { url in
                try await body(try await PostgresDatabase.open(url: url))
            }
        }
    }

    /// The same with the newest schema.
    package func withSchema(_ body: (any Database) async throws -> Void) async throws {
        try await withDatabase { database in
            try await Migrator(database).migrate()
            try await body(database)
        }
    }

    /// Runs `body` with `DATABASE_URL` for a server of this engine; `nil` stands for a file of its own.
    package func withDatabaseURL(_ body: (String?) async throws -> Void) async throws {
        switch self {
        case .sqlite: try await body(nil)
        case .postgres: try await Self.withPostgresURL(body)
        }
    }

    /// The URL of a schema that nobody else uses, which does not outlive `body`.
    package static func withPostgresURL(_ body: (String) async throws -> Void) async throws {
        guard let server = ProcessInfo.processInfo.environment[variable] else {
            try Test.cancel("\(variable) names no PostgreSQL server; script/test starts one")
        }
        let administrator = try await PostgresDatabase.open(url: server, maximumConnections: 1)
        let schema = "t\(UUID().uuidString.filter { $0 != "-" }.lowercased())"
        try await administrator.write(.once("CREATE SCHEMA \(schema)"))
        let outcome: Result<Void, any Error>
        do {
            let separator = server.contains("?") ? "&" : "?"
            outcome = .success(try await body("\(server)\(separator)options=-csearch_path%3D\(schema)"))
        } catch {
            outcome = .failure(error)
        }
        // In the order in which a loaded server takes them; a cancelled test cleans up, too.
        try await Task { try await administrator.write(.once("DROP SCHEMA \(schema) CASCADE")) }.value
        try outcome.get()
    }
}
