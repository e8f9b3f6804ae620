import Domain

/// A sentence, list item, table row or piece of code that might answer.
struct ExtractiveCandidate: Sendable, Equatable {
    /// Of all passages together; the best passages come first, so what is beyond matters least.
    static let maximumCharacters = 200_000
    /// A longer unit is cut: it is no sentence but text without punctuation.
    static let maximumLength = 500

    var unit: TextUnit
    /// Index of the passage, whose order is its rank.
    var passage: Int
    /// Place among the units of its passage.
    var place: Int
    /// The places of all that it quotes.
    var places: ClosedRange<Int>
    /// The heading it stands under, and for a row of a table the names of its columns.
    var context: String
    /// Whether the edge of the passage cuts the sentence, at its beginning or its end.
    var isCutAtStart = false
    var isCutAtEnd = false

    /// With its heading where it says little by itself.
    var textToEmbed: String {
        let saysLittle = unit.kind != .sentence || unit.text.count < 60
        return saysLittle && !context.isEmpty ? context + ": " + unit.text : unit.text
    }

    func includes(_ other: ExtractiveCandidate) -> Bool {
        passage == other.passage && places.lowerBound <= other.places.lowerBound
            && other.places.upperBound <= places.upperBound
    }

    /// In reading order. Text that several passages hold, because they overlap or quote each other, comes once.
    static func candidates(in passages: [ContextPassage]) -> [ExtractiveCandidate] {
        var room = maximumCharacters
        var seen: Set<String> = []
        var result: [ExtractiveCandidate] = []
        for (index, passage) in passages.enumerated() where room > 0 {
            let text = String(passage.text.prefix(room))
            room -= text.count
            result += candidates(in: text, passage: index).filter { seen.insert($0.unit.text).inserted }
        }
        return withoutFragments(result)
    }

    private static func candidates(in text: String, passage: Int) -> [ExtractiveCandidate] {
        let units = TextUnit.units(in: ShownText.shown(withoutContents(text))).filter { !$0.isNavigation }
        var heading = ""
        var columns = ""
        var result: [ExtractiveCandidate] = []
        for (place, unit) in units.enumerated() {
            if unit.kind == .heading { heading = unit.text }
            if unit.kind != .tableRow { columns = "" }
            let context = [heading, columns].filter { !$0.isEmpty && $0 != unit.text }.joined(separator: ": ")
            if unit.kind == .tableRow, columns.isEmpty { columns = unit.text }
            guard unit.text.contains(where: { $0.isLetter || $0.isNumber }) else { continue }
            var candidate = ExtractiveCandidate(
                unit: unit, passage: passage, place: place, places: place...place, context: context)
            if unit.kind == .sentence {
                candidate.isCutAtStart = place == 0 && unit.text.first?.isLowercase == true
                candidate.isCutAtEnd = place == units.count - 1 && unit.text.last?.isLetter == true
            }
            result.append(candidate.shortened)
        }
        return result
    }

    /// Without the lines of a table of contents, whose dots lead to a page number: they name every subject and say nothing.
    private static func withoutContents(_ text: String) -> String {
        let leaders = [". . . .", "....."]
        guard leaders.contains(where: text.contains) else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { line in !leaders.contains(where: line.contains) }.joined(separator: "\n")
    }

    /// Leaves out sentences cut by the edge of a passage that another passage holds whole.
    private static func withoutFragments(_ candidates: [ExtractiveCandidate]) -> [ExtractiveCandidate] {
        guard candidates.contains(where: { $0.isCutAtStart || $0.isCutAtEnd }) else { return candidates }
        return candidates.filter { candidate in
            guard candidate.isCutAtStart || candidate.isCutAtEnd else { return true }
            return !candidates.contains { other in
                guard other.passage != candidate.passage, other.unit.text.utf8.count > candidate.unit.text.utf8.count
                else { return false }
                return candidate.isCutAtStart
                    ? other.unit.text.hasSuffix(candidate.unit.text) : other.unit.text.hasPrefix(candidate.unit.text)
            }
        }
    }

    private var shortened: ExtractiveCandidate {
        guard unit.text.count > Self.maximumLength else { return self }
        var copy = self
        let head = unit.text.prefix(Self.maximumLength)
        let end = head.lastIndex { unit.kind == .code ? $0.isNewline : $0 == " " } ?? head.endIndex
        copy.unit.text = String(head[..<end])
        copy.isCutAtEnd = true
        return copy
    }
}
