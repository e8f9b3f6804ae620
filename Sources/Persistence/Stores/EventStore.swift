package import Domain

/// What happened, for operators.
package struct EventStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func log(_ name: String, _ metadata: JSONObject = JSONObject(), at time: Timestamp = .now) async throws {
        try await database.write(Self.statement(name, metadata, at: time))
    }

    /// For a transaction which the event belongs to.
    package static func statement(_ name: String, _ metadata: JSONObject, at time: Timestamp) -> SQL {
        """
        INSERT INTO event (name, metadata, occurred_at) VALUES (\(name), \(JSON.object(metadata)), \(time))
        """
    }
}
