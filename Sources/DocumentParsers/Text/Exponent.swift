import Domain

/// A number that is raised behind what it belongs to: without a mark `10` and `3` would read as `103`.
enum Exponent {
    static let mark = "^"

    /// Ordinals such as `1st` and the marks of notes in letters are none.
    static func isNumber(_ text: String) -> Bool {
        let text = text.trimmed
        let digits = text.first.map { "+-−–".contains($0) } == true ? text.dropFirst() : text[...]
        return (1...4).contains(digits.utf8.count) && digits.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
