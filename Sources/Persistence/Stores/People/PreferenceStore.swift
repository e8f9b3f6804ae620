package import Domain

/// What an operator has decided for the whole instance, by name.
package struct PreferenceStore: Sendable {
    package static let multiUserMode = "multi_user_mode"

    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func all() async throws -> [String: String] {
        let pairs = try await database.read("SELECT name, value FROM preference") { row in
            (try row.get("name", as: String.self), try row.get("value", as: String.self))
        }
        return Dictionary(pairs) { first, _ in first }
    }

    package func value(_ name: String) async throws -> String? {
        try await database.readInline("SELECT value FROM preference WHERE name = \(name)") {
            try $0.get("value", as: String.self)
        }.first
    }

    /// Stores all of these in one transaction; `nil` takes a preference away.
    package func apply(
        _ values: [(name: String, value: String?)], event: Event, by caller: Caller, at time: Timestamp
    ) async throws {
        try await database.write(Self.statements(values, event: event, by: caller, at: time))
    }

    /// The same for a transaction with other things in it.
    package static func statements(
        _ values: [(name: String, value: String?)], event: Event, by caller: Caller, at time: Timestamp
    ) -> [SQL] {
        let changes = values.map { entry -> SQL in
            guard let value = entry.value else { return "DELETE FROM preference WHERE name = \(entry.name)" }
            return """
                INSERT INTO preference (name, value, updated_at) VALUES (\(entry.name), \(value), \(time))
                ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
                """
        }
        return changes + [EventStore.statement(event, by: caller, at: time)]
    }
}
