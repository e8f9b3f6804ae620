/// Extra headers for every request to a provider.
package struct CustomHeaders: Sendable, Equatable {
    package private(set) var fields: [Field] = []

    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String
    }

    package init() {}

    package init(_ fields: KeyValuePairs<String, String>) {
        self.fields = fields.map { Field(name: $0.key, value: $0.value) }
    }

    /// Reads `Name:value,Name2:value2`; a value may hold colons, but no comma. Entries without a name or a value are left
    /// out, as are names that are no HTTP tokens, and headers which say how the message is sent rather than what it is.
    package init(parsing text: String) {
        for entry in text.split(separator: ",") {
            let parts = entry.split(separator: ":", maxSplits: 1).map { $0.trimmed }
            guard parts.count == 2, let name = parts.first, let value = parts.last, !value.isEmpty else { continue }
            guard Self.isToken(name), !Self.reserved.contains(name.lowercased()) else { continue }
            guard !value.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { continue }
            fields.append(Field(name: name, value: value))
        }
    }

    private static let reserved: Set<String> = [
        "connection", "content-length", "content-type", "host", "keep-alive", "te", "trailer", "transfer-encoding",
        "upgrade",
    ]

    /// RFC 9110, 5.6.2.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
