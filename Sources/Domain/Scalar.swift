/// One value without parts: of metadata, of a setting, of a tool's arguments.
package enum Scalar: Sendable, Hashable {
    case text(String)
    case integer(Int64)
    case number(Double)
    case bool(Bool)
}

/// What a client says about a document under a name of its own.
package struct Attribute: Sendable, Hashable {
    package let name: String
    package let value: Scalar

    package init(_ name: String, _ value: Scalar) {
        self.name = name
        self.value = value
    }
}
