/// Runs statements: SQLite in process, PostgreSQL for several nodes.
///
/// A transaction is a list of statements, not a closure, so that nobody can wait for a model inside one.
package protocol Database: Sendable {
    var dialect: Dialect { get }

    /// The rows of one statement that only reads, each turned into a value while it is at hand.
    func read<Value: Sendable>(
        _ query: SQL, _ decode: @escaping @Sendable (any SQLRow) throws -> Value
    ) async throws -> [Value]

    /// The same for a few rows that an index finds. May run on the calling thread, which spares it two switches of
    /// threads and is over sooner than these.
    func readInline<Value: Sendable>(
        _ query: SQL, _ decode: @escaping @Sendable (any SQLRow) throws -> Value
    ) async throws -> [Value]

    /// Runs the statements in one transaction, durable when this returns, and gives the rows of the last one.
    func write<Value: Sendable>(
        _ statements: [SQL], _ decode: @escaping @Sendable (any SQLRow) throws -> Value
    ) async throws -> [Value]
}

extension Database {
    package func write(_ statements: [SQL]) async throws { _ = try await write(statements) { _ in } }

    package func write(_ statement: SQL) async throws { try await write([statement]) }

    package func write<Value: Sendable>(
        _ statement: SQL, _ decode: @escaping @Sendable (any SQLRow) throws -> Value
    ) async throws -> [Value] {
        try await write([statement], decode)
    }

    /// The rows that an index finds for `count` ids: read inline where these are few, and else read.
    package func rows<Value: Sendable>(
        of count: Int, _ query: SQL, _ decode: @escaping @Sendable (any SQLRow) throws -> Value
    ) async throws -> [Value] {
        count <= 64 ? try await readInline(query, decode) : try await read(query, decode)
    }

    package func count(_ query: SQL) async throws -> Int {
        try await read(query) { row in Int(try row.integer(0)) }.first ?? 0
    }
}

/// What a database refuses, the same for every engine.
package enum DatabaseError: Error, Sendable, Equatable {
    case uniqueViolation
    case foreignKeyViolation
    /// No space left on the device.
    case full
    /// The storage cannot be written.
    case readOnly
    /// The server does not answer, or does not let us in; says why.
    case unreachable(String)
    case other(String)
}

extension DatabaseError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .uniqueViolation: "it is there already"
        case .foreignKeyViolation: "what it belongs to is not there"
        case .full: "no space is left"
        case .readOnly: "it cannot be written"
        case .unreachable(let reason), .other(let reason): reason
        }
    }
}
