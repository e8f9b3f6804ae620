package import Domain

/// Settings that were changed through the API, by environment variable. Secret values arrive here encrypted.
package struct SettingStore: Sendable {
    package struct Entry: Sendable, Equatable {
        package let variable: String
        package let value: String
        package let isSecret: Bool

        package init(variable: String, value: String, isSecret: Bool) {
            self.variable = variable
            self.value = value
            self.isSecret = isSecret
        }
    }

    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func all() async throws -> [Entry] {
        try await database.read("SELECT variable, value, is_secret FROM setting ORDER BY variable") { row in
            Entry(variable: try row.get("variable"), value: try row.get("value"), isSecret: try row.get("is_secret"))
        }
    }

    /// Grows with every change, on whichever node it was made.
    package func revision() async throws -> Int64 {
        try await database.readInline("SELECT revision FROM setting_revision") { try $0.integer(0) }.first ?? 0
    }

    /// Stores and removes all of them, with `statements` besides, or nothing.
    package func apply(
        _ entries: [Entry], removing variables: [String], with statements: [SQL] = [], at time: Timestamp
    ) async throws {
        let upserts = entries.map { entry -> SQL in
            """
            INSERT INTO setting (variable, value, is_secret, updated_at)
            VALUES (\(entry.variable), \(entry.value), \(entry.isSecret), \(time))
            ON CONFLICT (variable) DO UPDATE
            SET value = excluded.value, is_secret = excluded.is_secret, updated_at = excluded.updated_at
            """
        }
        let deletions = variables.map { variable -> SQL in "DELETE FROM setting WHERE variable = \(variable)" }
        // First, so that of two changes at once the later one waits here and says what holds in the end.
        let revision: SQL = "UPDATE setting_revision SET revision = revision + 1"
        try await database.write([revision] + upserts + deletions + statements)
    }
}
