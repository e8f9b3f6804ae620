import Glibc
package import Persistence

/// `Database` on PostgreSQL, for several nodes that share one.
///
/// Statements run on the threads of a bounded pool of connections, never on those of tasks. Transactions are
/// serializable, as SQLite's are, and run again where the server could not order them; so a statement means the same on
/// both engines.
package struct PostgresDatabase: Database {
    package let dialect = Dialect.postgres
    private let pool: ConnectionPool

    /// As often as a transaction is tried that collides with others; each time at least one of them comes through.
    private static let maximumAttempts = 40

    /// Connects once, so that a wrong address or password is known at the start.
    ///
    /// - Parameter url: `postgres://user:password@host:port/database`, or any other form that libpq takes. What it leaves out
    ///   comes from libpq's own variables and files, as for `psql`.
    /// - Throws: `DatabaseError`, whose text never holds the password.
    package static func open(url: String, maximumConnections: Int = 10) async throws -> PostgresDatabase {
        let database = PostgresDatabase(
            pool: ConnectionPool(target: ConnectionTarget(url: url), width: maximumConnections))
        try await database.pool.withConnection { connection, _ in try connection.checkServer() }
        return database
    }

    private init(pool: ConnectionPool) { self.pool = pool }

    package func read<Value: Sendable>(
        _ query: SQL, _ decode: @escaping @Sendable (any SQLRow) throws -> Value
    ) async throws -> [Value] {
        try await pool.withConnection { connection, cancellation in
            var values: [Value] = []
            try attempt(on: connection, mayRunAgain: { values.isEmpty }) {
                try cancellation.guarding(connection) {
                    try connection.run(query) { values.append(try decode($0)) }
                }
            }
            return values
        }
    }

    package func readInline<Value: Sendable>(
        _ query: SQL, _ decode: @escaping @Sendable (any SQLRow) throws -> Value
    ) async throws -> [Value] {
        // Whoever waits for a server must not hold a thread of tasks.
        try await read(query, decode)
    }

    package func write<Value: Sendable>(
        _ statements: [SQL], _ decode: @escaping @Sendable (any SQLRow) throws -> Value
    ) async throws -> [Value] {
        guard !statements.isEmpty else { return [] }
        return try await pool.withConnection { connection, cancellation in
            var values: [Value] = []
            try attempt(on: connection, mayRunAgain: { true }) {
                values = []
                try connection.transaction {
                    try cancellation.guarding(connection) {
                        for statement in statements.dropLast() { try connection.run(statement) { _ in } }
                        try connection.run(statements[statements.count - 1]) { values.append(try decode($0)) }
                    }
                }
            }
            return values
        }
    }
}

extension PostgresDatabase {
    /// Runs `body` again where it failed for a reason that the next attempt need not meet: other transactions stood in its
    /// way, the connection was lost before anything was committed, or a prepared statement has gone stale.
    private func attempt(
        on connection: Connection, mayRunAgain: () -> Bool, _ body: () throws -> Void
    ) throws {
        var isReopened = false
        for number in 0..<Self.maximumAttempts {
            // Transactions that met once would meet again.
            if number > 0 { usleep(UInt32.random(in: 0...UInt32(min(number, 10)) * 1000)) }
            do { return try body() } catch let failure as PostgresFailure {
                switch failure.kind {
                case .collision where mayRunAgain(): break
                case .stalePlan where mayRunAgain(): connection.close()
                case .connectionLost where mayRunAgain() && !isReopened: isReopened = true
                default: throw failure.databaseError
                }
            }
        }
        throw DatabaseError.other("other transactions stood in the way \(Self.maximumAttempts) times")
    }
}
