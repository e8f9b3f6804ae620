import CPostgreSQL
import Persistence

/// One connection, opened when it is first used and again after it was lost. Used by one thread at a time.
final class Connection {
    private let target: ConnectionTarget
    private var handle: OpaquePointer?
    private var statements = PreparedStatements(capacity: 256)

    init(target: ConnectionTarget) { self.target = target }

    deinit { close() }

    func close() {
        if let handle { libpq.PQfinish(handle) }
        handle = nil
        statements.removeAll()
    }

    /// The connection, opened where it is not.
    func opened() throws -> OpaquePointer {
        if let handle, libpq.PQstatus(handle) == CONNECTION_OK { return handle }
        close()
        let opened = try target.connect()
        handle = opened
        return opened
    }

    /// Whether the server is one that the schema needs.
    func checkServer() throws {
        let handle = try opened()
        guard libpq.PQserverVersion(handle) >= 120_000 else {
            throw DatabaseError.other("PostgreSQL 12 or newer is needed")
        }
        guard libpq.PQparameterStatus(handle, "server_encoding").map({ String(cString: $0) }) == "UTF8" else {
            throw DatabaseError.other("the database is not in UTF-8; make one with: createdb -E UTF8 -T template0 NAME")
        }
    }

    /// Runs `body` in a transaction, which is rolled back where it throws.
    func transaction(_ body: () throws -> Void) throws {
        _ = try opened()
        try run(begin) { _ in }
        do { try body() } catch {
            // A connection that cannot even do this is closed, which rolls back as well.
            do { try run(rollback) { _ in } } catch { close() }
            throw error
        }
        do { try run(commit) { _ in } } catch let failure as PostgresFailure {
            throw failure.kind == .connectionLost ? PostgresFailure(.commitUnknown) : failure
        }
    }

    /// Runs one statement on the opened connection and hands each row over as it arrives. Opens none itself: in the midst of
    /// a transaction another connection would run the rest of it alone.
    func run(_ statement: SQL, _ body: (any SQLRow) throws -> Void) throws {
        guard let handle else { throw PostgresFailure(.connectionLost) }
        let text = statement.text(in: .postgres)
        let parameters = EncodedParameters(statement.parameters)
        let name = statement.isReusable ? try prepared(text, parameters, on: handle) : nil
        let isSent = parameters.withPointers { types, values, lengths, formats in
            let count = Int32(parameters.count)
            return if let name {
                libpq.PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1)
            } else {
                libpq.PQsendQueryParams(handle, text, count, types, values, lengths, formats, 1)
            }
        }
        guard isSent == 1, libpq.PQsetSingleRowMode(handle) == 1 else { throw PostgresFailure(nil, on: handle) }
        try receive(from: handle, body)
    }

    private func prepared(
        _ text: String, _ parameters: EncodedParameters, on handle: OpaquePointer
    ) throws -> String {
        if let name = statements.name(of: text) { return name }
        let (name, evicted) = statements.insert(text)
        if let evicted { libpq.PQclear(libpq.PQexec(handle, "DEALLOCATE \(evicted)")) }
        let result = parameters.withPointers { types, _, _, _ in
            libpq.PQprepare(handle, name, text, Int32(parameters.count), types)
        }
        defer { libpq.PQclear(result) }
        guard libpq.PQresultStatus(result) == PGRES_COMMAND_OK else {
            statements.remove(text)
            throw PostgresFailure(result, on: handle)
        }
        return name
    }

    /// Takes everything that the server answers, whatever happens meanwhile: the connection serves the next statement.
    private func receive(from handle: OpaquePointer, _ body: (any SQLRow) throws -> Void) throws {
        var failure: (any Error)?
        var columns: ResultColumns?
        while let result = libpq.PQgetResult(handle) {
            defer { libpq.PQclear(result) }
            switch libpq.PQresultStatus(result) {
            case PGRES_SINGLE_TUPLE where failure == nil:
                let known = columns ?? ResultColumns(result)
                columns = known
                do { try body(PostgresRow(result: result, columns: known)) } catch { failure = error }
            case PGRES_SINGLE_TUPLE, PGRES_TUPLES_OK, PGRES_COMMAND_OK: break
            default: failure = PostgresFailure(result, on: handle)
            }
        }
        if let failure { throw failure }
    }
}

private let begin = SQL.once("BEGIN ISOLATION LEVEL SERIALIZABLE")
private let commit = SQL.once("COMMIT")
private let rollback = SQL.once("ROLLBACK")
