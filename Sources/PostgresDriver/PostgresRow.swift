import CPostgreSQL
import Persistence

/// Names and types of a result's columns, which all its rows share.
struct ResultColumns {
    fileprivate let indices: [String: Int32]
    fileprivate let types: [Oid]

    init(_ result: OpaquePointer) {
        let columns = 0..<libpq.PQnfields(result)
        types = columns.map { libpq.PQftype(result, $0) }
        indices = Dictionary(columns.map { (libpq.PQfname(result, $0).map { String(cString: $0) } ?? "", $0) }) {
            first, _ in first
        }
    }
}

/// The only row of a result in single-row mode, in binary form.
struct PostgresRow: SQLRow {
    let result: OpaquePointer
    let columns: ResultColumns

    func value(_ column: String) throws -> SQL.Value {
        guard let index = columns.indices[column] else { throw DatabaseError.other("there is no column \(column)") }
        return try value(at: index)
    }

    func withBlob<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer?) throws -> Result) throws -> Result {
        let index = try checked(column)
        return try body(libpq.PQgetisnull(result, 0, index) == 1 ? nil : bytes(at: index))
    }

    func integer(_ column: Int) throws -> Int64 {
        guard case .integer(let integer) = try value(at: checked(column)) else {
            throw DatabaseError.other("column \(column) does not hold an integer")
        }
        return integer
    }

    private func checked(_ column: Int) throws -> Int32 {
        guard columns.types.indices.contains(column) else { throw DatabaseError.other("there is no column \(column)") }
        return Int32(column)
    }

    private func value(at index: Int32) throws -> SQL.Value {
        guard libpq.PQgetisnull(result, 0, index) == 0 else { return .null }
        let bytes = bytes(at: index)
        switch columns.types[Int(index)] {
        case PostgresType.bool: return .bool(bytes.first != 0)
        case PostgresType.int8: return .integer(bigEndian(bytes, as: Int64.self))
        case PostgresType.int4: return .integer(Int64(bigEndian(bytes, as: Int32.self)))
        case PostgresType.int2: return .integer(Int64(bigEndian(bytes, as: Int16.self)))
        case PostgresType.float8: return .real(Double(bitPattern: bigEndian(bytes, as: UInt64.self)))
        case PostgresType.float4: return .real(Double(Float(bitPattern: bigEndian(bytes, as: UInt32.self))))
        case PostgresType.text, PostgresType.varchar, PostgresType.name, PostgresType.unknown:
            return .text(String(decoding: bytes, as: UTF8.self))
        case PostgresType.bytea: return .blob(Array(bytes))
        case PostgresType.void: return .null
        case let type: throw DatabaseError.other("columns of the type \(type) are not read")
        }
    }

    private func bytes(at index: Int32) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: libpq.PQgetvalue(result, 0, index), count: Int(libpq.PQgetlength(result, 0, index)))
    }

    private func bigEndian<Number: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, as: Number.Type) -> Number {
        Number(bigEndian: bytes.loadUnaligned(as: Number.self))
    }
}
