extension JSON {
    /// The text with each value on a line of its own, as JavaScript's `JSON.stringify` writes it for people.
    package func indented(by width: Int, depth: Int = 0) -> String {
        let inner = String(repeating: " ", count: width * (depth + 1))
        let outer = String(repeating: " ", count: width * depth)
        switch self {
        case .array(let values) where !values.isEmpty:
            let lines = values.map { inner + $0.indented(by: width, depth: depth + 1) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(outer)]"
        case .object(let object) where !object.members.isEmpty:
            let lines = object.members.map { member in
                "\(inner)\(JSON.string(member.key).text): \(member.value.indented(by: width, depth: depth + 1))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(outer)}"
        default: return text
        }
    }
}
