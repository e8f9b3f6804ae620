import Domain

/// Turns text into the terms that it is found by: the same for a text and for what asks for it.
///
/// Words are brought to the compatibility form and one case, to their stems by Snowball where it knows the language, and lose
/// their accents; words that are everywhere in the language are left out. A name that is written in one piece counts as a whole
/// and by its parts (`GSK-B417`, `snake_case`, `camelCase`, `report-2024.pdf`, `1.2.3`). Scripts that set no spaces give every
/// pair of neighbouring characters.
///
/// Not for several threads at once.
package final class TextAnalyzer {
    /// Terms mean the same only where this is the same.
    package static let version = 1

    private let language: TextLanguage
    private let stemmer: Stemmer
    private let stopWords: Set<String>
    /// Most words of a text come again.
    private var known: [String: [String]] = [:]
    private static let mostKnown = 1 << 14

    package init(_ language: TextLanguage) {
        self.language = language
        stemmer = Stemmer(language)
        stopWords = language.stopWords
    }

    /// In the order of the text, with repetitions; a name gives several in one place.
    package func terms(in text: String) -> [String] {
        var terms: [String] = []
        forEachWord(in: text) { terms += $0 }
        return terms
    }

    /// Calls `body` with the terms of each word that counts.
    func forEachWord(in text: String, _ body: ([String]) -> Void) {
        for run in WordScanner(text.compatible) {
            switch run.kind {
            case .spaceless: for term in Self.pairs(run.scalars) { body([term]) }
            case .word:
                let terms = terms(ofWord: run.scalars)
                if !terms.isEmpty { body(terms) }
            }
        }
    }

    private func terms(ofWord scalars: [Unicode.Scalar]) -> [String] {
        let written = String(String.UnicodeScalarView(scalars))
        if let terms = known[written] { return terms }
        if known.count >= Self.mostKnown { known.removeAll(keepingCapacity: true) }
        let terms = makeTerms(scalars, written)
        known[written] = terms
        return terms
    }

    private func makeTerms(_ scalars: [Unicode.Scalar], _ written: String) -> [String] {
        let name = CompoundName(scalars)
        var terms: [String] = []
        for part in name.parts { if let term = term(of: part) { terms.append(term) } }
        for whole in name.wholes {
            let folded = whole.caseFolded.withoutAccents
            if !terms.contains(folded) { terms.append(folded) }
        }
        return terms
    }

    /// `nil` for a word that is everywhere, and for a lone letter.
    private func term(of part: String) -> String? {
        let folded = part.caseFolded
        let plain = folded.withoutAccents
        if stopWords.contains(plain) { return nil }
        let scalars = plain.unicodeScalars
        guard scalars.count > 1 || scalars.first.map({ ScalarClass($0) == .digit }) == true else { return nil }
        if scalars.contains(where: { ScalarClass($0) == .digit }) { return plain }
        let stem = stemmer.stem(folded)
        return stem == folded ? plain : stem.withoutAccents
    }

    /// A lone character is a term itself.
    private static func pairs(_ scalars: [Unicode.Scalar]) -> [String] {
        guard scalars.count > 1 else { return scalars.map { String($0) } }
        return zip(scalars, scalars.dropFirst()).map { String(String.UnicodeScalarView([$0, $1])) }
    }
}
