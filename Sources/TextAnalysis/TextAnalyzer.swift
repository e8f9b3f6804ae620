import Domain

/// Turns text into the terms that it is found by: the same for a text and for what asks for it.
///
/// Words are brought to the compatibility form and one case, to their stems by Snowball where it knows the language, and lose
/// their accents; words that are everywhere in the language are left out. A name that is written in one piece counts as a whole
/// and by its parts (`GSK-B417`, `snake_case`, `camelCase`, `report-2024.pdf`, `1.2.3`). Scripts that set no spaces give every
/// pair of neighbouring characters, Korean words without the particles behind them; Hebrew and Arabic words count without the
/// particle before them, too. A capital that stands alone is a word (`vitamin C`), and so is `C++`, `C#`, or `-f`.
///
/// Not for several threads at once.
package final class TextAnalyzer {
    /// Terms mean the same only where this is the same.
    package static let version = 3

    private let language: TextLanguage
    private let stemmer: Stemmer
    private let stopWords: [Set<String>]
    /// The terms of words, with a space before each: most words of a text come again.
    private var known: [Substring: String] = [:]
    private static let mostKnown = 1 << 14

    /// Of questions small letters that stand alone count as well: people write `vitamin c`, while texts number their lists so.
    private let isForQuestions: Bool

    package init(_ language: TextLanguage) {
        self.language = language
        stemmer = Stemmer(language)
        stopWords = [language.stopWords]
        isForQuestions = false
    }

    /// For a question to texts in one language, which may be asked in another. What is everywhere in the question's language asks for
    /// nothing, though it be rare in the texts.
    package init(questionsTo language: TextLanguage, in own: TextLanguage) {
        self.language = language
        stemmer = Stemmer(language)
        stopWords = language == own ? [language.stopWords] : [language.stopWords, own.stopWords]
        isForQuestions = true
    }

    /// In the order of the text, with repetitions and a space between two; a name gives several in one place.
    package func terms(of text: String) -> String {
        var terms = ""
        text.compatible.forEachRun { kind, written in
            if let found = known[written] {
                terms += found
                return
            }
            if known.count >= Self.mostKnown { known.removeAll(keepingCapacity: true) }
            let found =
                switch kind {
                case .spaceless: Self.pairs(written)
                case .word: self.terms(ofWord: written)
                }
            // Of a word that is nothing but accents nothing is left.
            let spaced = found.filter { !$0.isEmpty }.map { " " + $0 }.joined()
            // Not a slice of the text, which would keep all of it.
            known[Substring(String(written))] = spaced
            terms += spaced
        }
        // Not a character: a term may begin with a mark, which makes one of itself and the space before it.
        return String(terms.unicodeScalars.dropFirst())
    }

    /// The same, one by one.
    package func separateTerms(of text: String) -> [String] {
        terms(of: text).unicodeScalars.split(separator: " ").map { String($0) }
    }

    private func terms(ofWord written: Substring) -> [String] {
        let name = CompoundName(Array(written.unicodeScalars))
        // A letter that is part of a name says nothing without the rest.
        let isAlone = name.parts.count == 1 && name.wholes.isEmpty
        var terms = name.parts.flatMap { part in
            ([part] + (ArabicConjunction.wordWithout(part).map { [$0] } ?? [])).flatMap { form in
                term(of: form, isAlone: isAlone).map { [$0] + (HebrewParticle.wordWithout($0).map { [$0] } ?? []) }
                    ?? []
            }
        }
        for whole in name.wholes {
            let folded = whole.caseFolded.withoutAccents
            if !terms.contains(folded) { terms.append(folded) }
        }
        return terms
    }

    /// `nil` for a word that is everywhere, and for a lone letter that is part of a name.
    private func term(of part: String, isAlone: Bool) -> String? {
        var folded = part.caseFolded
        if language == .german { folded = GermanDigraph.umlauts(in: folded) }
        let plain = folded.withoutAccents
        if stopWords.contains(where: { $0.contains(plain) }) { return nil }
        let scalars = plain.unicodeScalars
        guard scalars.count > 1 || countsAlone(part, isAlone: isAlone) else { return nil }
        if scalars.contains(where: { ScalarClass($0) == .digit }) { return plain }
        let stem = stemmer.stem(folded)
        return stem == folded ? plain : stem.withoutAccents
    }

    /// Whether a word of one letter or digit says something.
    private func countsAlone(_ part: String, isAlone: Bool) -> Bool {
        guard let scalar = part.unicodeScalars.first else { return false }
        if ScalarClass(scalar) == .digit { return true }
        return isAlone && ScalarClass(scalar) == .letter && (isForQuestions || scalar.properties.isUppercase)
    }

    /// A lone character is a term itself.
    private static func pairs(_ written: Substring) -> [String] {
        let scalars = KoreanParticle.wordWithout(Array(written.unicodeScalars))
        guard scalars.count > 1 else { return scalars.map { String($0) } }
        return zip(scalars, scalars.dropFirst()).map { String(String.UnicodeScalarView([$0, $1])) }
    }
}
