package import Domain

/// A statement as text and bound values, built by string interpolation, so that a value can never become syntax.
///
/// The text uses numbered parameters (`$1`, `$2` …) of the common dialect of SQLite and PostgreSQL.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    package enum Value: Sendable, Equatable {
        case null
        case integer(Int64)
        case real(Double)
        /// For NUL, which no engine takes, U+FFFD is bound.
        case text(String)
        case blob([UInt8])
    }

    package private(set) var text: String
    package private(set) var values: [Value]

    package init(stringLiteral value: String) {
        text = value
        values = []
    }

    package init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        values = stringInterpolation.values
    }

    /// The statement behind a fixed word, such as `EXPLAIN QUERY PLAN`.
    package func behind(_ prefix: StaticString) -> SQL {
        var result = self
        result.text = "\(prefix) \(text)"
        return result
    }

    package struct StringInterpolation: StringInterpolationProtocol, Sendable {
        var text = ""
        var values: [Value] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 3 * interpolationCount)
            values.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        package mutating func appendInterpolation(_ value: some SQLConvertible) { bind(value.sqlValue) }

        /// `nil` is bound as NULL.
        package mutating func appendInterpolation(_ value: (some SQLConvertible)?) { bind(value?.sqlValue ?? .null) }

        private mutating func bind(_ value: Value) {
            values.append(value)
            text += "$\(values.count)"
        }

        /// A comma-separated list, for `IN (…)`; an empty one becomes `NULL`, which nothing equals.
        package mutating func appendInterpolation(list: [some SQLConvertible]) {
            guard !list.isEmpty else { return text += "NULL" }
            for (index, value) in list.enumerated() {
                if index > 0 { text += ", " }
                appendInterpolation(value)
            }
        }

        /// A fixed piece of SQL that several statements share, such as a list of columns.
        package mutating func appendInterpolation(raw piece: StaticString) { text += piece.description }
    }
}

/// A Swift type that a column holds.
package protocol SQLConvertible: Sendable {
    var sqlValue: SQL.Value { get }
    /// `nil` where the value is of another kind.
    init?(sqlValue: SQL.Value)
}

/// One row while it is read; valid only inside the closure that receives it.
package protocol SQLRow {
    /// Throws where there is no such column.
    func value(_ column: String) throws -> SQL.Value
    /// Calls `body` with the bytes of a blob, not copied; `nil` stands for NULL.
    func withBlob<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer?) throws -> Result) throws -> Result
    func integer(_ column: Int) throws -> Int64
}

extension SQLRow {
    package func get<Column: SQLConvertible>(_ column: String, as type: Column.Type = Column.self) throws -> Column {
        guard let result = try Column(sqlValue: value(column)) else {
            throw DatabaseError.other("column \(column) does not hold a \(type)")
        }
        return result
    }
}

extension String: SQLConvertible {
    package var sqlValue: SQL.Value { .text(self) }
    package init?(sqlValue: SQL.Value) {
        guard case .text(let text) = sqlValue else { return nil }
        self = text
    }
}

extension Int64: SQLConvertible {
    package var sqlValue: SQL.Value { .integer(self) }
    package init?(sqlValue: SQL.Value) {
        guard case .integer(let integer) = sqlValue else { return nil }
        self = integer
    }
}

extension Int: SQLConvertible {
    package var sqlValue: SQL.Value { .integer(Int64(self)) }
    package init?(sqlValue: SQL.Value) {
        guard case .integer(let integer) = sqlValue else { return nil }
        self.init(exactly: integer)
    }
}

extension Double: SQLConvertible {
    package var sqlValue: SQL.Value { .real(self) }
    package init?(sqlValue: SQL.Value) {
        switch sqlValue {
        case .real(let real): self = real
        case .integer(let integer): self = Double(integer)
        default: return nil
        }
    }
}

extension Bool: SQLConvertible {
    package var sqlValue: SQL.Value { .integer(self ? 1 : 0) }
    package init?(sqlValue: SQL.Value) {
        guard case .integer(let integer) = sqlValue else { return nil }
        self = integer != 0
    }
}

extension Timestamp: SQLConvertible {
    package var sqlValue: SQL.Value { .integer(milliseconds) }
    package init?(sqlValue: SQL.Value) {
        guard case .integer(let integer) = sqlValue else { return nil }
        self.init(milliseconds: integer)
    }
}

extension Chunk.ID: SQLConvertible {
    package var sqlValue: SQL.Value { .integer(rawValue) }
    package init?(sqlValue: SQL.Value) {
        guard case .integer(let integer) = sqlValue else { return nil }
        self.init(rawValue: integer)
    }
}

extension Array: SQLConvertible where Element == UInt8 {
    package var sqlValue: SQL.Value { .blob(self) }
    package init?(sqlValue: SQL.Value) {
        guard case .blob(let bytes) = sqlValue else { return nil }
        self = bytes
    }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    package var sqlValue: SQL.Value { self?.sqlValue ?? .null }
    package init?(sqlValue: SQL.Value) {
        if case .null = sqlValue {
            self = Wrapped?.none
        } else {
            guard let wrapped = Wrapped(sqlValue: sqlValue) else { return nil }
            self = .some(wrapped)
        }
    }
}

/// JSON is stored as text.
extension JSON: SQLConvertible {
    package var sqlValue: SQL.Value { .text(text) }
    package init?(sqlValue: SQL.Value) {
        guard case .text(let text) = sqlValue, let json = try? JSON(parsing: text) else { return nil }
        self = json
    }
}
