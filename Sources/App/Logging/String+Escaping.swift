extension String {
    /// The text without what could forge a line or move a terminal's cursor: control characters, and those that change the
    /// order of others, are written as their numbers.
    var escapedForTerminal: String {
        let isPlain = utf8.allSatisfy { 0x20..<0x7F ~= $0 && $0 != UInt8(ascii: "\\") }
        return isPlain ? self : unicodeScalars.reduce(into: "") { $0 += Self.escaped($1) }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: "\\u{\(String(scalar.value, radix: 16))}"
        default: scalar == "\\" ? "\\\\" : String(scalar)
        }
    }
}
