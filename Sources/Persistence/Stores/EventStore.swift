package import Domain

/// What happened, for operators.
package struct EventStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func log(_ event: Event, by caller: Caller, at time: Timestamp = .now) async throws {
        try await database.write(Self.statement(event, by: caller, at: time))
    }

    /// For a transaction which the event belongs to.
    package static func statement(_ event: Event, by caller: Caller, at time: Timestamp) -> SQL {
        """
        INSERT INTO event (name, metadata, user_id, \(raw: callerColumns), occurred_at) VALUES (
            \(event.name), \(event.metadata), \(caller.userID), \(caller: caller), \(time)
        )
        """
    }
}
