import CPostgreSQL
import Persistence

/// Parameters in PostgreSQL's binary form, one behind the other.
///
/// https://www.postgresql.org/docs/15/protocol-overview.html#PROTOCOL-FORMAT-CODES; numbers are big-endian. The form of arrays
/// is that of `array_send`: dimensions, whether there are NULLs, element type, length and first index of each dimension, and
/// each element behind its length.
struct EncodedParameters {
    private(set) var types: [Oid] = []
    private var bytes: [UInt8] = []
    /// `nil` stands for NULL.
    private var ranges: [Range<Int>?] = []

    var count: Int { types.count }

    init(_ parameters: [SQL.Parameter]) {
        for parameter in parameters {
            let start = bytes.count
            switch parameter {
            case .value(.null, let type):
                types.append(PostgresType.of(type))
                ranges.append(nil)
                continue
            case .value(let value, let type):
                types.append(PostgresType.of(type))
                append(value)
            case .list(let values, let type):
                types.append(PostgresType.list(of: type))
                append(values, elementType: PostgresType.of(type))
            }
            ranges.append(start..<bytes.count)
        }
    }

    private mutating func append(_ value: SQL.Value) {
        switch value {
        case .null: break
        case .bool(let bool): bytes.append(bool ? 1 : 0)
        case .integer(let integer): append(bigEndian: integer)
        case .real(let real): append(bigEndian: real.bitPattern)
        case .text(let text): bytes += text.utf8
        case .blob(let blob): bytes += blob
        }
    }

    private mutating func append(_ values: [SQL.Value], elementType: Oid) {
        append(bigEndian: Int32(values.isEmpty ? 0 : 1))
        append(bigEndian: Int32(0))
        append(bigEndian: elementType)
        guard !values.isEmpty else { return }
        append(bigEndian: Int32(values.count))
        append(bigEndian: Int32(1))
        for value in values {
            let lengthAt = bytes.count
            append(bigEndian: Int32(0))
            append(value)
            let length = UInt32(bytes.count - lengthAt - 4)
            for place in 0..<4 { bytes[lengthAt + place] = UInt8(truncatingIfNeeded: length >> (24 - 8 * place)) }
        }
    }

    private mutating func append(bigEndian number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
    }

    typealias Body<Result> = (
        _ types: UnsafePointer<Oid>?, _ values: UnsafePointer<UnsafePointer<CChar>?>?,
        _ lengths: UnsafePointer<Int32>?, _ formats: UnsafePointer<Int32>?
    ) -> Result

    /// As libpq takes them; all are valid only inside `body`.
    func withPointers<Result>(_ body: Body<Result>) -> Result {
        let lengths = ranges.map { Int32($0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: count)
        // An empty text must not have a null pointer, which stands for NULL.
        return (bytes + [0]).withUnsafeBytes { buffer in
            let base = buffer.assumingMemoryBound(to: CChar.self).baseAddress
            let values = ranges.map { range in range.flatMap { range in base.map { $0 + range.lowerBound } } }
            return body(types, values, lengths, formats)
        }
    }
}

/// Object identifiers of built-in types, from `pg_type.dat`; they never change.
enum PostgresType {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let name: Oid = 19
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let unknown: Oid = 705
    static let varchar: Oid = 1043
    static let void: Oid = 2278

    static func of(_ type: SQL.ColumnType) -> Oid {
        switch type {
        case .bool: bool
        case .integer: int8
        case .real: float8
        case .text: text
        case .blob: bytea
        }
    }

    static func list(of type: SQL.ColumnType) -> Oid {
        switch type {
        case .bool: 1000
        case .integer: 1016
        case .real: 1022
        case .text: 1009
        case .blob: 1001
        }
    }
}
