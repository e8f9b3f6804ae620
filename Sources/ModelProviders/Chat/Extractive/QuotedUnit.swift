import Domain

/// What a unit of a document is to a reader.
extension TextUnit {
    /// Whether it leads to other pages and says nothing itself: `Prev | Up | Next`.
    var isNavigation: Bool {
        guard kind != .code, text.count <= 160 else { return false }
        let cells = text.split(separator: "|").map { $0.trimmedSlice.lowercased() }
        let leading = cells.count { cell in
            Self.navigation.contains(cell) || cell.hasPrefix("next: ") || cell.hasPrefix("prev: ")
                || cell.hasPrefix("previous: ")
        }
        return leading > 0 && (cells.count == 1 || leading * 2 >= cells.count)
    }

    private static let navigation: Set<String> = [
        "prev", "previous", "next", "up", "home", "top", "back", "contents", "table of contents", "index",
        "product site",
        "documentation site", "« previous", "next »", "weiter", "zurück", "nach oben", "suivant", "précédent",
        "sommaire",
    ]

    /// Whether it only says what follows it explains: a term, a command, an option.
    var isTerm: Bool {
        guard text.count < 70, !text.contains("\n"), let last = text.last else { return false }
        switch kind {
        case .listItem, .code: return !".!?:;".contains(last)
        case .sentence: return text.count < 40 && !".!?:;".contains(last)
        case .heading, .tableRow: return false
        }
    }

    /// Whether it leans on the sentence before it: "In this case …", "They …".
    var leansBack: Bool {
        guard kind == .sentence else { return false }
        let opening = text.lowercased().split(maxSplits: 3, whereSeparator: { !$0.isLetter }).prefix(2).joined(
            separator: " ")
        return Self.openings.contains { opening == $0 || opening.hasPrefix($0 + " ") }
    }

    private static let openings = [
        "this", "these", "that", "those", "it", "they", "he", "she", "in this", "in that", "in such", "then", "thus",
        "however",
        "therefore", "otherwise", "both", "instead", "dies", "diese", "dieser", "dieses", "es", "sie", "dann", "jedoch",
        "cela", "ils", "elles", "alors", "esto", "ellos",
    ]
}
