import FoundationEssentials

/// UUIDs as they are written on the wire: in lower case.
package enum UUIDText {
    package static func random() -> String { UUID().uuidString.lowercased() }

    /// The same UUID for the same text (RFC 9562, version 8), from its FNV-1a hashes: for telling ids apart, not for secrets.
    package static func derived(from text: String) -> String {
        let halves = ["a", "b"].map { half in
            let digits = FNV1a(half + text).hexadecimal
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        var digits = Array(halves.joined())
        digits[12] = "8"
        digits[16] = "8"
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return groups.map { String(digits[$0]) }.joined(separator: "-")
    }
}
