package import Domain
import OrderedJSON

/// A Swift type that a column holds.
package protocol SQLConvertible: Sendable {
    static var columnType: SQL.ColumnType { get }
    var sqlValue: SQL.Value { get }
    /// `nil` where the value is of another kind.
    init?(sqlValue: SQL.Value)
}

/// A type whose values are compared with a list of them.
package protocol SQLListElement: SQLConvertible {}

extension String: SQLListElement {
    package static var columnType: SQL.ColumnType { .text }
    /// For NUL, U+FFFD is bound: SQLite would take the text for ended there, and PostgreSQL would refuse it.
    package var sqlValue: SQL.Value { .text(utf8.contains(0) ? replacing("\0", with: "\u{FFFD}") : self) }
    package init?(sqlValue: SQL.Value) {
        guard case .text(let text) = sqlValue else { return nil }
        self = text
    }
}

extension Int64: SQLListElement {
    package static var columnType: SQL.ColumnType { .integer }
    package var sqlValue: SQL.Value { .integer(self) }
    package init?(sqlValue: SQL.Value) {
        guard case .integer(let integer) = sqlValue else { return nil }
        self = integer
    }
}

extension Int: SQLListElement {
    package static var columnType: SQL.ColumnType { .integer }
    package var sqlValue: SQL.Value { .integer(Int64(self)) }
    package init?(sqlValue: SQL.Value) {
        guard case .integer(let integer) = sqlValue else { return nil }
        self.init(exactly: integer)
    }
}

extension Double: SQLListElement {
    package static var columnType: SQL.ColumnType { .real }
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
    package static var columnType: SQL.ColumnType { .bool }
    package var sqlValue: SQL.Value { .bool(self) }
    package init?(sqlValue: SQL.Value) {
        switch sqlValue {
        case .bool(let bool): self = bool
        // As SQLite keeps it.
        case .integer(let integer): self = integer != 0
        default: return nil
        }
    }
}

extension Timestamp: SQLConvertible {
    package static var columnType: SQL.ColumnType { .integer }
    package var sqlValue: SQL.Value { .integer(milliseconds) }
    package init?(sqlValue: SQL.Value) {
        guard case .integer(let integer) = sqlValue else { return nil }
        self.init(milliseconds: integer)
    }
}

extension Chunk.ID: SQLListElement {
    package static var columnType: SQL.ColumnType { .integer }
    package var sqlValue: SQL.Value { .integer(rawValue) }
    package init?(sqlValue: SQL.Value) {
        guard case .integer(let integer) = sqlValue else { return nil }
        self.init(rawValue: integer)
    }
}

extension Array: SQLConvertible where Element == UInt8 {
    package static var columnType: SQL.ColumnType { .blob }
    package var sqlValue: SQL.Value { .blob(self) }
    package init?(sqlValue: SQL.Value) {
        guard case .blob(let bytes) = sqlValue else { return nil }
        self = bytes
    }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    package static var columnType: SQL.ColumnType { Wrapped.columnType }
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
    package static var columnType: SQL.ColumnType { .text }
    package var sqlValue: SQL.Value { .text(text) }
    package init?(sqlValue: SQL.Value) {
        guard case .text(let text) = sqlValue, let json = try? JSON(parsing: text) else { return nil }
        self = json
    }
}
