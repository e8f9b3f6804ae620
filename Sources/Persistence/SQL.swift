/// A statement as text and bound parameters, built by string interpolation, so that a value can never become syntax.
///
/// The text is the common dialect of SQLite and PostgreSQL. It depends on the shape of a statement alone, never on values
/// or on the length of a list: a process has as many texts as the sources have statements, save for `isReusable`.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// What a column, or a value for it, holds.
    package enum ColumnType: Sendable, Hashable {
        case bool, integer, real, text, blob
    }

    package enum Value: Sendable, Equatable {
        case null
        case bool(Bool)
        case integer(Int64)
        case real(Double)
        /// Without NUL, which no engine takes.
        case text(String)
        case blob([UInt8])
    }

    package enum Parameter: Sendable, Equatable {
        /// NULL has a type as well, so that PostgreSQL need not guess it.
        case value(Value, ColumnType)
        /// Bound as one value, whatever its length.
        case list([Value], of: ColumnType)
    }

    /// The text before each parameter, and what stands behind the last one.
    private var fragments: [String]
    package private(set) var parameters: [Parameter]
    /// Whether a prepared statement is worth keeping: not where clients decide on the shape.
    package private(set) var isReusable: Bool

    package init(stringLiteral value: String) {
        fragments = [value]
        parameters = []
        isReusable = true
    }

    package init(stringInterpolation: StringInterpolation) {
        fragments = stringInterpolation.fragments
        parameters = stringInterpolation.parameters
        isReusable = stringInterpolation.isReusable
    }

    /// A statement that runs once, such as one of a migration.
    package static func once(_ text: String) -> SQL {
        var result = SQL(stringLiteral: text)
        result.isReusable = false
        return result
    }

    /// The statement behind a fixed word, such as `EXPLAIN QUERY PLAN`.
    package func behind(_ prefix: StaticString) -> SQL { "\(raw: prefix) \(self)" }

    /// What an engine is sent; parameters are `$1`, `$2` … in the order in which they stand.
    package func text(in dialect: Dialect) -> String {
        var text = fragments[0]
        for (index, parameter) in parameters.enumerated() {
            switch parameter {
            case .value: text += "$\(index + 1)"
            case .list: text += dialect.membership(inParameter: index + 1)
            }
            text += fragments[index + 1]
        }
        return text
    }

    package struct StringInterpolation: StringInterpolationProtocol, Sendable {
        fileprivate var fragments = [""]
        fileprivate var parameters: [Parameter] = []
        fileprivate var isReusable = true

        package init(literalCapacity: Int, interpolationCount: Int) {
            fragments.reserveCapacity(interpolationCount + 1)
            parameters.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { fragments[fragments.count - 1] += literal }

        package mutating func appendInterpolation<Column: SQLConvertible>(_ value: Column) {
            bind(.value(value.sqlValue, Column.columnType))
        }

        /// `nil` is bound as NULL.
        package mutating func appendInterpolation<Column: SQLConvertible>(_ value: Column?) {
            bind(.value(value?.sqlValue ?? .null, Column.columnType))
        }

        /// `IN` a list, to stand behind a column; nothing is in an empty one.
        package mutating func appendInterpolation<Element: SQLListElement>(in list: [Element]) {
            bind(.list(list.map(\.sqlValue), of: Element.columnType))
        }

        /// A piece of a statement with its parameters.
        package mutating func appendInterpolation(_ piece: SQL) {
            appendLiteral(piece.fragments[0])
            parameters += piece.parameters
            fragments += piece.fragments.dropFirst()
            if !piece.isReusable { isReusable = false }
        }

        /// A fixed piece of SQL that several statements share, such as a list of columns.
        package mutating func appendInterpolation(raw piece: StaticString) { appendLiteral(piece.description) }

        mutating func bind(_ parameter: Parameter) {
            parameters.append(parameter)
            fragments.append("")
        }

        /// The shape of what follows is a client's.
        mutating func runOnce() { isReusable = false }
    }
}
