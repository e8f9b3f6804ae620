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
        let text = text.compatible
        let isMixed =
            text.unicodeScalars.contains { $0.properties.isLowercase } || isForQuestions && !text.contains(" ")
        text.forEachRun { kind, written in
            if kind == .word, isMixed, let acronym = acronym(written) {
                terms += " " + acronym
                return
            }
            if let found = known[written] {
                terms += found
                return
            }
            if known.count >= Self.mostKnown { known.removeAll(keepingCapacity: true) }
            let found =
                switch kind {
                case .spaceless: pairs(written)
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
        var terms: [String] = []
        for part in name.parts {
            for form in [part] + (ArabicConjunction.wordWithout(part).map { [$0] } ?? []) {
                guard let term = term(of: form, isAlone: isAlone) else { continue }
                terms.append(term)
                terms += HebrewParticle.wordsWithout(term)
                if let other = termWithoutAccents(of: form), other != term { terms.append(other) }
            }
        }
        for whole in name.wholes {
            // `iPhone` is found by `iphones`.
            let isWord = whole.unicodeScalars.allSatisfy { ScalarClass($0) == .letter }
            let term = isWord ? term(of: whole, isAlone: false) : whole.caseFolded.withoutAccents.withASCIIDigits
            if let term, !terms.contains(term) { terms.append(term) }
        }
        return terms
    }

    /// `nil` for a word that is everywhere, and for a lone letter that is part of a name.
    private func term(of part: String, isAlone: Bool) -> String? {
        var folded = part.caseFolded
        if language == .german { folded = GermanDigraph.umlauts(in: folded) }
        let plain = folded.withoutAccents
        if isStopWord(plain) { return nil }
        let scalars = plain.unicodeScalars
        guard scalars.count > 1 || countsAlone(part, isAlone: isAlone) else { return nil }
        if scalars.contains(where: { ScalarClass($0) == .digit }) { return plain.withASCIIDigits }
        let stem = stemmer.stem(folded)
        return stem == folded ? plain : stem.withoutAccents
    }

    /// Of a word in a text, what somebody would find it by who types no accents: `informacion` has another stem than `información`.
    private func termWithoutAccents(of part: String) -> String? {
        // In Latin letters: in others few can be left out.
        guard !isForQuestions, !part.utf8.allSatisfy({ $0 < 0x80 }),
            part.unicodeScalars.allSatisfy({ $0.value < 0x370 })
        else { return nil }
        return stemmer.stem(part.caseFolded.withoutAccents)
    }

    private func isStopWord(_ word: String) -> Bool { stopWords.contains { $0.contains(word) } }

    /// A word in capitals that is a name among words in small letters, though it reads like one that is everywhere: `WHO`, `IT`, the A
    /// of `vitamin A`. Not the capital that begins a sentence, English's `I`, nor what people join searches by.
    private func acronym(_ written: Substring) -> String? {
        guard written.utf8.count <= 5, written.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
        else { return nil }
        let word = written.lowercased()
        guard isStopWord(word), !["and", "or", "not", "i"].contains(word) else { return nil }
        if word.utf8.count == 1, written.beginsSentence { return nil }
        return word
    }

    /// Whether a word of one letter or digit says something.
    private func countsAlone(_ part: String, isAlone: Bool) -> Bool {
        guard let scalar = part.unicodeScalars.first else { return false }
        if ScalarClass(scalar) == .digit { return true }
        return isAlone && ScalarClass(scalar) == .letter && (isForQuestions || scalar.properties.isUppercase)
    }

    /// A lone character is a term itself. Of texts, each ideograph is one as well, which is a word in many cases, and so is what is left
    /// of a Korean word of one syllable without its particle.
    private func pairs(_ written: Substring) -> [String] {
        let word = Array(written.unicodeScalars)
        let scalars = KoreanParticle.wordWithout(word)
        guard scalars.count > 1 else { return scalars.map { String($0) } }
        var terms = zip(scalars, scalars.dropFirst()).map { String(String.UnicodeScalarView([$0, $1])) }
        if !isForQuestions {
            terms += scalars.filter(\.properties.isIdeographic).map { String($0) }
            if let syllable = KoreanParticle.syllableWithout(word) { terms.append(String(syllable)) }
        }
        return terms
    }
}

extension Substring {
    /// Whether nothing stands before it in its sentence.
    fileprivate var beginsSentence: Bool {
        for scalar in base[..<startIndex].unicodeScalars.reversed() {
            switch scalar.properties.generalCategory {
            case .spaceSeparator, .openPunctuation, .initialPunctuation: continue
            case .control: return true
            default: return [".", "!", "?", ":", ";", "\"", "'", "*", "#", "-", "•"].contains(scalar)
            }
        }
        return true
    }
}

extension String {
    /// With the decimal digits of all scripts as those of ASCII.
    fileprivate var withASCIIDigits: String {
        guard !utf8.allSatisfy({ $0 < 0x80 }) else { return self }
        return String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    guard scalar.properties.generalCategory == .decimalNumber,
                        let value = scalar.properties.numericValue
                    else { return scalar }
                    return Unicode.Scalar(UInt8(ascii: "0") + UInt8(value))
                }))
    }
}
