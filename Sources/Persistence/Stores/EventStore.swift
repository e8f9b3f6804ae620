package import Domain

/// What happened, for operators.
package struct EventStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func log(_ event: Event, by caller: Caller, at time: Timestamp = .now) async throws {
        try await database.write(Self.statement(event, by: caller, at: time))
    }

    /// For a transaction which the event belongs to.
    ///
    /// - Parameter condition: the event is logged only where this holds.
    package static func statement(
        _ event: Event, by caller: Caller, at time: Timestamp, where condition: SQL = "TRUE"
    ) -> SQL {
        statement(event, metadata: "\(event.metadata(by: caller))", by: caller, at: time, where: condition)
    }

    /// The same for an event about a row that the transaction has made before, whose id goes into the metadata.
    ///
    /// - Parameters:
    ///   - event: has other metadata besides.
    ///   - key: of the id in the metadata.
    ///   - id: a query for it.
    static func statement(
        _ event: Event, _ key: StaticString, of id: SQL, by caller: Caller, at time: Timestamp
    ) -> SQL {
        let metadata: SQL = """
            '{"\(raw: key)":' || CAST((\(id)) AS TEXT) || ',' || SUBSTR(\(event.metadata(by: caller)), 2)
            """
        return statement(event, metadata: metadata, by: caller, at: time, where: "TRUE")
    }

    private static func statement(
        _ event: Event, metadata: SQL, by caller: Caller, at time: Timestamp, where condition: SQL
    ) -> SQL {
        """
        INSERT INTO event (name, metadata, user_id, \(raw: callerColumns), address, occurred_at)
        SELECT \(event.name(by: caller)), \(metadata), \(caller.userID), \(caller: caller), \(ClientAddress.current),
            \(time)
        WHERE \(condition)
        """
    }

    // MARK: Reading

    package struct Filter: Sendable {
        package var name: String?
        /// Who did it: a word of `Caller.kind`.
        package var callerKind: String?
        package var userID: User.ID?
        package var keyID: Int64?
        /// An IP address in its usual form.
        package var address: String?
        package var from: Timestamp?
        package var to: Timestamp?
        /// Only events whose id is smaller.
        package var before: Int64?

        package init() {}

        fileprivate var condition: SQL {
            var condition: SQL = "TRUE"
            if let name { condition = "\(condition) AND e.name = \(name)" }
            if let callerKind { condition = "\(condition) AND e.caller_kind = \(callerKind)" }
            if let userID { condition = "\(condition) AND e.user_id = \(userID)" }
            if let keyID { condition = "\(condition) AND e.caller_kind = 'key' AND e.caller_id = \(keyID)" }
            if let address { condition = "\(condition) AND e.address = \(address)" }
            if let from { condition = "\(condition) AND e.occurred_at >= \(from)" }
            if let to { condition = "\(condition) AND e.occurred_at < \(to)" }
            if let before { condition = "\(condition) AND e.id < \(before)" }
            return condition
        }
    }

    /// The newest first.
    package func page(_ filter: Filter, offset: Int = 0, limit: Int) async throws -> [LoggedEvent] {
        try await database.read(
            """
            SELECT e.*, u.name AS user_name FROM event e LEFT JOIN user_account u ON u.id = e.user_id
            WHERE \(filter.condition) ORDER BY e.id DESC LIMIT \(limit) OFFSET \(offset)
            """, LoggedEvent.init)
    }

    package func count(_ filter: Filter) async throws -> Int {
        try await database.count("SELECT COUNT(*) FROM event e WHERE \(filter.condition)")
    }

    /// Forgets everything but that it was forgotten, and by whom: earlier clearings stay, too.
    package func clear(by caller: Caller, at time: Timestamp = .now) async throws {
        try await database.write([
            "DELETE FROM event WHERE name <> \(Event.clearing)",
            Self.statement(.eventsCleared, by: caller, at: time),
        ])
    }

    /// Forgets what happened before `time`.
    package func delete(before time: Timestamp) async throws {
        try await database.write("DELETE FROM event WHERE occurred_at < \(time)")
    }
}

/// An event as the log holds it.
package struct LoggedEvent: Sendable {
    package let id: Int64
    package let name: String
    /// JSON.
    package let metadata: String
    package let caller: Caller.Record
    package let userID: User.ID?
    /// Of the user, where there still is one.
    package let userName: String?
    /// The address that the request came from.
    package let address: String?
    package let occurredAt: Timestamp

    fileprivate init(_ row: any SQLRow) throws {
        id = try row.get("id")
        name = try row.get("name")
        metadata = try row.get("metadata")
        caller = try Caller.Record(row)
        userID = try row.get("user_id")
        userName = try row.get("user_name")
        address = try row.get("address")
        occurredAt = try row.get("occurred_at")
    }
}
