import Domain

/// A number that is raised behind what it belongs to: without a mark `10` and `3` would read as `103`.
enum Exponent {
    static let mark = "^"

    /// Ordinals such as `1st` and the marks of notes in letters are none; `n` and the like are.
    static func isNumber(_ text: String) -> Bool {
        let text = text.trimmed
        guard text.utf8.count <= 8 else { return false }
        let rest = text.first.map { "+-−–".contains($0) } == true ? text.dropFirst() : text[...]
        let isVariable = rest.last.map { "nkmxyzijt".contains($0) } == true
        let number = isVariable ? rest.dropLast() : rest
        let parts = number.split(omittingEmptySubsequences: false) { ".,/".contains($0) }
        let isDigits =
            parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } }
        return isVariable && number.isEmpty || isDigits && !number.isEmpty
    }
}
