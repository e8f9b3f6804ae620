import Domain

/// Brings a database to the newest schema.
package struct Migrator: Sendable {
    private let database: any Database
    private let migrations: [Migration]

    package init(_ database: any Database, migrations: [Migration] = Schema.migrations) {
        self.database = database
        self.migrations = migrations
    }

    /// What a program may do with a database as it finds it.
    package enum State: Sendable, Equatable {
        /// Nothing was stored in it yet.
        case empty
        /// Some migrations are still to come.
        case behind
        case current
    }

    /// How far the database is. Changes nothing.
    ///
    /// - Throws: `ServiceError` where a newer program has migrated it, or where a migration that it has seen was another
    ///   one then, as it may have been between two versions that were not released: queries on such tables could fail.
    package func state() async throws -> State {
        let done = try await digests()
        let known = Set(migrations.map(\.name))
        guard known.isSuperset(of: done.keys) else {
            throw ServiceError(
                .conflict,
                "The database was made by a newer version of Lectern. Start that version, or put a copy of the database "
                    + "in place that was made before.")
        }
        guard migrations.allSatisfy({ done[$0.name] == nil || done[$0.name] == $0.digest(database.dialect) })
        else {
            throw ServiceError(
                .conflict,
                "The storage was made by a version of Lectern that was never released and kept its tables otherwise. "
                    + "Start with another --storage and upload the documents again, or go on with that version.")
        }
        return done.isEmpty ? .empty : done.count < known.count ? .behind : .current
    }

    /// Runs each migration that this database has not seen, each in one transaction. Safe to call at every start, by
    /// several nodes at once.
    ///
    /// - Throws: what `state` throws; nothing has changed then.
    package func migrate() async throws {
        _ = try await state()
        try await database.write(
            lock + ["CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, digest TEXT NOT NULL)"])
        while let next = try await pending() {
            // The record comes first: where another node was faster, nothing else of the transaction runs.
            let record: SQL =
                "INSERT INTO migration (name, digest) VALUES (\(next.name), \(next.digest(database.dialect)))"
            do {
                try await database.write(lock + [record] + next.statements(database.dialect).map(SQL.once))
            } catch DatabaseError.uniqueViolation {
                continue
            }
        }
    }

    private var lock: [SQL] { [database.dialect.migrationLock].compactMap(\.self) }

    private func pending() async throws -> Migration? {
        let done = try await digests()
        return migrations.first { done[$0.name] == nil }
    }

    /// Of the migrations that this database has seen, by their names.
    private func digests() async throws -> [String: String] {
        guard try await !database.read(database.dialect.migrationTable, { _ in }).isEmpty else { return [:] }
        let rows = try await database.read("SELECT * FROM migration") { row in
            // The first of the unreleased versions kept no digests.
            (try row.get("name", as: String.self), (try? row.get("digest", as: String.self)) ?? "")
        }
        return Dictionary(rows) { first, _ in first }
    }
}
