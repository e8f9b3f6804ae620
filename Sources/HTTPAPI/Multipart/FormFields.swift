import Domain
package import OrderedJSON

/// The text fields of a form as one object, with the bracket names that web forms use for structure.
///
/// `metadata[title]=X` sets the member `title` of an object `metadata`; `tags[]=a` appends to an array; a field that is
/// repeated becomes an array of its values. Where one name is used both for a text and for an object, the object wins,
/// and takes over from a text that spells a JSON object the members which it does not set itself.
package struct FormFields: Equatable, Sendable {
    package private(set) var object = JSONObject()

    /// Deeper brackets are taken as part of the name.
    private static let maximumDepth = 4

    package init() {}

    package subscript(name: String) -> JSON? { object[name] }

    package mutating func append(_ value: String, to name: String) {
        let path = Self.path(of: name)
        object[path[0]] = Self.adding(.string(value), at: path.dropFirst(), to: object[path[0]])
    }

    /// `a[b][c]` as `a`, `b`, `c`. A name whose brackets are not in order is one key.
    private static func path(of name: String) -> [String] {
        guard let open = name.firstIndex(of: "["), open > name.startIndex, name.last == "]" else { return [name] }
        let inner = name[name.index(after: open)...].dropLast()
        let keys = inner.split(separator: "][", omittingEmptySubsequences: false).map(String.init)
        guard keys.count <= maximumDepth, keys.allSatisfy({ !$0.contains("[") && !$0.contains("]") }) else {
            return [name]
        }
        return [String(name[..<open])] + keys
    }

    private static func adding(_ value: JSON, at path: ArraySlice<String>, to old: JSON?) -> JSON {
        guard let key = path.first else { return appending(value, to: old) }
        if key.isEmpty, path.count == 1 {
            return .array((old?.arrayValue ?? old.map { [$0] } ?? []) + [value])
        }
        var object = members(of: old)
        // What stands in brackets wins over what the text says, as it does in the other order.
        object[key] = adding(value, at: path.dropFirst(), to: old?.stringValue == nil ? object[key] : nil)
        return .object(object)
    }

    private static func appending(_ value: JSON, to old: JSON?) -> JSON {
        switch old {
        case nil: value
        case .array(let values): .array(values + [value])
        case .object(let object): .object(members(of: value).merging(object))
        case .some(let first): .array([first, value])
        }
    }

    /// The members of an object, or of the JSON object that a text spells.
    private static func members(of value: JSON?) -> JSONObject {
        switch value {
        case .object(let object): object
        case .string(let text): (try? JSON(parsing: text))?.objectValue ?? JSONObject()
        default: JSONObject()
        }
    }
}
