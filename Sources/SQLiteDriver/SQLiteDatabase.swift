import Domain
import FoundationEssentials
import GRDB
import OrderedJSON
package import Persistence
import Synchronization

/// `Database` on SQLite: one file in write-ahead mode, durable at every commit, or memory for tests.
package struct SQLiteDatabase: Persistence.Database {
    package let dialect = Dialect.sqlite
    private let writer: any DatabaseWriter
    private let readers: Readers

    private init(_ writer: any DatabaseWriter, readers: Int) {
        self.writer = writer
        self.readers = Readers(free: readers)
    }

    /// Opens the file, or makes it.
    package static func open(path: String) throws -> SQLiteDatabase {
        var configuration = standardConfiguration
        // Questions, listings and the filling of vector stores read side by side.
        configuration.maximumReaderCount = 8
        do {
            return SQLiteDatabase(
                try DatabasePool(path: path, configuration: configuration), readers: configuration.maximumReaderCount)
        } catch {
            throw translated(error)
        }
    }

    /// A database that lives as long as this value.
    package static func inMemory() throws -> SQLiteDatabase {
        // Its one connection is the writer's: nobody may wait for it on a thread of tasks.
        SQLiteDatabase(try DatabaseQueue(configuration: standardConfiguration), readers: 0)
    }

    private static var standardConfiguration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in
            // An embedding of 384 numbers takes 1.5 KB: with the default page of 4 KB a quarter of each would be waste.
            try db.execute(sql: "PRAGMA page_size = 16384")
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA cache_size = -8000")
        }
        return configuration
    }

    package func read<Value: Sendable>(
        _ query: Persistence.SQL, _ decode: @escaping @Sendable (any SQLRow) throws -> Value
    ) async throws -> [Value] {
        readers.take()
        defer { readers.give() }
        do { return try await writer.read { db in try fetch(query, from: db, decode) } } catch {
            throw translated(error)
        }
    }

    package func readInline<Value: Sendable>(
        _ query: Persistence.SQL, _ decode: @escaping @Sendable (any SQLRow) throws -> Value
    ) async throws -> [Value] {
        guard readers.takeIfFree() else { return try await read(query, decode) }
        defer { readers.give() }
        do { return try readHere(query, decode) } catch { throw translated(error) }
    }

    /// On the calling thread. Not `async`, so that GRDB's reading that blocks is chosen.
    private func readHere<Value>(
        _ query: Persistence.SQL, _ decode: (any SQLRow) throws -> Value
    ) throws -> [Value] {
        try writer.read { db in try fetch(query, from: db, decode) }
    }

    package func write<Value: Sendable>(
        _ statements: [Persistence.SQL], _ decode: @escaping @Sendable (any SQLRow) throws -> Value
    ) async throws -> [Value] {
        do {
            return try await writer.write { db in
                for statement in statements.dropLast() {
                    try prepared(statement, in: db).execute(arguments: arguments(of: statement))
                }
                guard let last = statements.last else { return [] }
                return try fetch(last, from: db, decode)
            }
        } catch {
            throw translated(error)
        }
    }

    /// Checks every page of the file; an empty list means that all is well.
    package func integrityProblems() async throws -> [String] {
        try await read("PRAGMA quick_check") { try $0.get("quick_check") }.filter { $0 != "ok" }
    }
}

/// Counts the connections that nobody reads with, so that an inline read never waits for one on a thread of tasks.
private final class Readers: Sendable {
    private let free: Mutex<Int>

    init(free: Int) { self.free = Mutex(free) }

    func take() { free.withLock { $0 -= 1 } }

    func give() { free.withLock { $0 += 1 } }

    func takeIfFree() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }
}

/// Closing over a transaction would let a caller wait inside it, so rows are decoded while the statement runs.
private func fetch<Value>(
    _ query: Persistence.SQL, from db: GRDB.Database, _ decode: (any SQLRow) throws -> Value
) throws -> [Value] {
    let rows = try Row.fetchCursor(prepared(query, in: db), arguments: arguments(of: query))
    var values: [Value] = []
    while let row = try rows.next() { values.append(try decode(SQLiteRow(row: row))) }
    return values
}

/// A connection keeps what it has prepared for ever, so what clients give a shape to is not kept.
private func prepared(_ statement: Persistence.SQL, in db: GRDB.Database) throws -> Statement {
    let text = statement.text(in: .sqlite)
    return statement.isReusable ? try db.cachedStatement(sql: text) : try db.makeStatement(sql: text)
}

// `SQL` numbers its parameters in the order in which they stand, as SQLite numbers `$1`, `$2` … by itself.
private func arguments(of statement: Persistence.SQL) -> StatementArguments {
    StatementArguments(
        statement.parameters.map { parameter -> DatabaseValue in
            switch parameter {
            case .value(let value, _): databaseValue(value)
            case .list(let values, _): jsonArray(values).databaseValue
            }
        })
}

private func databaseValue(_ value: Persistence.SQL.Value) -> DatabaseValue {
    switch value {
    case .null: .null
    case .bool(let bool): bool.databaseValue
    case .integer(let integer): integer.databaseValue
    case .real(let real): real.databaseValue
    case .text(let text): text.databaseValue
    case .blob(let bytes): Data(bytes).databaseValue
    }
}

/// A list as `json_each` reads it.
private func jsonArray(_ values: [Persistence.SQL.Value]) -> String {
    var text = "["
    for value in values {
        if text.utf8.count > 1 { text += "," }
        switch value {
        case .integer(let integer): text += String(integer)
        // JSON has no infinity, but a number too large for a double becomes one.
        case .real(let real) where real.isInfinite: text += real < 0 ? "-9e999" : "9e999"
        case .real(let real) where !real.isNaN: text += String(real)
        case .text(let string): text += JSON.string(string).text
        // Nothing equals these.
        case .null, .bool, .real, .blob: text += "null"
        }
    }
    return text + "]"
}

private struct SQLiteRow: SQLRow {
    let row: Row

    func value(_ column: String) throws -> Persistence.SQL.Value {
        guard let value: DatabaseValue = row[column] else {
            throw DatabaseError.other("there is no column \(column)")
        }
        switch value.storage {
        case .null: return .null
        case .int64(let integer): return .integer(integer)
        case .double(let real): return .real(real)
        case .string(let text): return .text(text)
        case .blob(let data): return .blob(Array(data))
        }
    }

    func withBlob<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer?) throws -> Result) throws -> Result {
        try row.withUnsafeData(atIndex: column) { data in
            guard let data else { return try body(nil) }
            return try data.withUnsafeBytes { try body($0) }
        }
    }

    func integer(_ column: Int) throws -> Int64 { row[column] }
}

private func translated(_ error: any Error) -> any Error {
    guard let error = error as? GRDB.DatabaseError else { return error }
    return switch error.extendedResultCode {
    case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY: Persistence.DatabaseError.uniqueViolation
    case .SQLITE_CONSTRAINT_FOREIGNKEY: Persistence.DatabaseError.foreignKeyViolation
    default:
        switch error.resultCode {
        case .SQLITE_FULL: Persistence.DatabaseError.full
        case .SQLITE_READONLY, .SQLITE_CANTOPEN: Persistence.DatabaseError.readOnly
        // The statement's text and values may hold a person's words: neither goes into a message.
        default: Persistence.DatabaseError.other("SQLite \(error.extendedResultCode): \(error.message ?? "")")
        }
    }
}
