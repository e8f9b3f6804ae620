package import Domain

extension JSON {
    package init(_ scalar: Scalar) {
        self =
            switch scalar {
            case .text(let text): .string(text)
            case .integer(let integer): .integer(integer)
            case .number(let number): .number(number)
            case .bool(let bool): .bool(bool)
            }
    }

    /// `nil` for null, arrays and objects.
    package var scalar: Scalar? {
        switch self {
        case .string(let text): .text(text)
        case .integer(let integer): .integer(integer)
        case .number(let number): .number(number)
        case .bool(let bool): .bool(bool)
        case .null, .array, .object: nil
        }
    }
}

extension JSONObject {
    /// - Parameter attributes: their names differ.
    package init(_ attributes: [Attribute]) {
        self.init(members: attributes.map { (key: $0.name, value: JSON($0.value)) })
    }

    /// The members whose values are scalars.
    package var attributes: [Attribute] {
        members.compactMap { member in member.value.scalar.map { Attribute(member.key, $0) } }
    }
}
