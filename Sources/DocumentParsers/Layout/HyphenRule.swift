/// Decides what a hyphen at the end of a line is: part of what was written, or set by the typesetter, who cut the word there.
///
/// What was written can be told by its letters where digits, capitals or signs of code stand beside the hyphen. Of words it is
/// told by the document, which holds one of the two forms elsewhere, or by lists of words.
enum HyphenRule {
    enum Decision: Equatable {
        /// The parts are one word without the hyphen.
        case cut
        /// The hyphen stays, and what follows comes directly behind it.
        case written
        /// The hyphen stays at the end of the line: no word goes on here.
        case end
    }

    /// What stands on either side of the hyphen.
    struct Parts: Equatable {
        /// All that stands before it without a space, and all that comes behind it.
        let before: Substring
        let after: Substring
        /// The letters directly before it, and those directly behind it.
        let head: Substring
        let tail: Substring

        /// - Returns: `nil` where the line does not end in a hyphen behind a word.
        init?(line: Substring, next: Substring) {
            guard let hyphen = line.last, hyphens.contains(hyphen) else { return nil }
            before = line.dropLast()[...].suffix { !$0.isWhitespace && $0 != TextRow.lineEnd }
            after = next.prefix { !$0.isWhitespace && $0 != TextRow.lineEnd }
            guard let last = before.last, let first = after.first, last.isLetter || last.isNumber,
                first.isLetter || first.isNumber
            else { return nil }
            head = before.suffix(while: \.isLetter)
            tail = after.prefix(while: \.isLetter)
        }

        var joined: String { (head + tail).lowercased() }
        var compound: String { (head + "-" + tail).lowercased() }
    }

    private static let hyphens: Set<Character> = ["-", "\u{2010}"]

    static func endsInHyphen(_ text: Substring) -> Bool { text.last.map(hyphens.contains) ?? false }

    static func decide(_ parts: Parts, evidence: WordEvidence) -> Decision {
        if let decision = byLetters(parts) { return decision }
        let joined = evidence.count(of: parts.joined)
        let compound = evidence.count(of: parts.compound)
        if joined != compound { return joined > compound ? .cut : .written }
        if evidence.isListed(String(parts.head + parts.tail)) || evidence.isListed(parts.joined) { return .cut }
        if compoundHeads.contains(parts.head.lowercased()) || compoundTails.contains(parts.tail.lowercased()) {
            return .written
        }
        // Capitals are names and signs more often than words of a heading.
        if parts.head.allSatisfy(\.isUppercase) { return .written }
        let areWords = [parts.head, parts.tail].allSatisfy { part in
            part.count >= 3 && (evidence.isListed(String(part)) || evidence.count(of: part.lowercased()) > 1)
        }
        return areWords && evidence.hasLists ? .written : .cut
    }

    /// What needs no knowledge of words; `nil` for small letters on both sides.
    private static func byLetters(_ parts: Parts) -> Decision? {
        guard let last = parts.before.last, let first = parts.after.first else { return .end }
        if last.isNumber || first.isNumber { return .written }
        // “See- und Landweg”, “pre- and post-war”.
        if conjunctions.contains(parts.after.trimmingPunctuation.lowercased()) { return .end }
        if isCode(parts) { return .written }
        let isCapital = parts.head.allSatisfy(\.isUppercase)
        if first.isUppercase { return isCapital && parts.tail.allSatisfy(\.isUppercase) ? nil : .written }
        // E-mail, x-ray, PDF-file: no typesetter leaves one letter alone.
        if parts.head.count == 1 || isCapital { return .written }
        return last.isLowercase && first.isLowercase ? nil : .written
    }

    /// Names of commands, files and addresses.
    private static func isCode(_ parts: Parts) -> Bool {
        let signs: Set<Character> = ["/", "_", "\\", "@", "=", ":", "."]
        if parts.before.first == "-" || parts.before.contains(where: signs.contains) { return true }
        let end = parts.after.trimmingPunctuation
        return end.contains { "/_\\@=.".contains($0) }
    }

    private static let conjunctions: Set<String> = [
        "and", "or", "to", "und", "oder", "bzw", "et", "ou", "y", "o", "e", "ed", "en", "of", "och", "og", "eller", "i",
        "lub",
    ]

    /// Words that form compounds with a hyphen in English more often than they begin a longer word.
    private static let compoundHeads: Set<String> = [
        "well", "self", "ill", "ex", "half", "quasi", "all", "high", "low", "long", "short", "cross", "so", "vice",
        "pseudo",
        "full", "real", "open", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "first",
        "second", "third",
    ]
    private static let compoundTails: Set<String> = [
        "based", "known", "free", "like", "related", "specific", "oriented", "driven", "dependent", "independent",
        "friendly",
        "aware", "called", "defined", "level", "style", "sized", "time", "term", "end", "line", "side",
    ]
}

extension Substring {
    fileprivate func suffix(while predicate: (Character) -> Bool) -> Substring {
        guard let before = lastIndex(where: { !predicate($0) }) else { return self }
        return self[index(after: before)...]
    }

    /// Without signs at either end that belong to the sentence.
    var trimmingPunctuation: Substring {
        let isWord = { (character: Character) in character.isLetter || character.isNumber }
        guard let first = firstIndex(where: isWord), let last = lastIndex(where: isWord) else {
            return self[endIndex...]
        }
        return self[first...last]
    }
}
