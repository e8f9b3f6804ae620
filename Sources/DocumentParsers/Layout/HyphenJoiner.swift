/// Makes words whole that the end of a line parts.
///
/// A soft hyphen (U+00AD) is shown only where a line ends and is no part of the word. Any other hyphen is judged by `HyphenRule`.
struct HyphenJoiner {
    private static let softHyphen: Character = "\u{AD}"

    private let evidence: WordEvidence

    init(evidence: WordEvidence = WordEvidence()) { self.evidence = evidence }

    /// Of all places in the rows where a hyphen stands at the end of a line.
    static func questions(in rows: some Sequence<TextRow>) -> [HyphenRule.Parts] {
        var questions: [HyphenRule.Parts] = []
        var above: Substring = ""
        for row in rows {
            for line in row.text.split(separator: TextRow.lineEnd) {
                if HyphenRule.endsInHyphen(above), let parts = HyphenRule.Parts(line: above, next: line) {
                    questions.append(parts)
                }
                above = line
            }
        }
        return questions
    }

    /// What of `next` belongs to the last word of `line`, is put there and taken from `next`.
    /// - Returns: false where `line` ends with a whole word.
    func join(_ next: inout Substring, to line: inout String) -> Bool {
        guard let end = line.last, !next.isEmpty else { return false }
        if end == Self.softHyphen {
            line.removeLast()
        } else {
            guard HyphenRule.endsInHyphen(line[...]), let parts = HyphenRule.Parts(line: line[...], next: next) else {
                return false
            }
            switch HyphenRule.decide(parts, evidence: evidence) {
            case .end: return false
            case .cut: line.removeLast()
            case .written: break
            }
        }
        let word = next.prefix { !$0.isWhitespace && $0 != TextRow.lineEnd }
        line += word
        next = next.dropFirst(word.count).drop { $0.isWhitespace || $0 == TextRow.lineEnd }
        return true
    }

    /// The row on one line.
    func oneLine(_ text: String) -> String {
        guard text.contains(TextRow.lineEnd) else { return text }
        var result = ""
        for part in text.split(separator: TextRow.lineEnd) {
            var part = part
            if !result.isEmpty, !join(&part, to: &result) || !part.isEmpty { result += " " }
            result += part
        }
        return result.trimmingTrailingSpace
    }
}

extension String {
    fileprivate var trimmingTrailingSpace: String { last == " " ? String(dropLast()) : self }

    /// Without the soft hyphens within.
    var withoutSoftHyphens: String {
        utf8.contains(0xC2) && unicodeScalars.contains("\u{AD}")
            ? String(String.UnicodeScalarView(unicodeScalars.filter { $0 != "\u{AD}" })) : self
    }
}
