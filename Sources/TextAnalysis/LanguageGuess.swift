import Domain

extension TextLanguage {
    /// Characters that are looked at.
    package static let sampleLength = 6000

    /// The language of a text: what the detector is sure of, else that whose commonest words it holds most of, else what its
    /// alphabet says. Short texts that tell nothing are taken for English where they are in Latin letters.
    package init(of text: String) {
        let sample = String(text.prefix(Self.sampleLength)).compatible
        let code = LanguageDetector.code(of: sample)
        if let known = code.flatMap(Self.init(code:)) {
            self = known
            return
        }
        // One that Snowball does not know. Of a few words the detector may be wrong.
        if code != nil, sample.utf8.count > Self.enough {
            self = .other
            return
        }
        var words: [String: Int] = [:]
        var letters: [Alphabet: Int] = [:]
        sample.forEachRun { kind, written in
            guard kind == .word else { return }
            let scalars = written.unicodeScalars
            for scalar in scalars { if let alphabet = Alphabet(scalar) { letters[alphabet, default: 0] += 1 } }
            let word = String(String.UnicodeScalarView(scalars.filter { ScalarClass($0) != .joiner }))
            words[word.caseFolded.withoutAccents, default: 0] += 1
        }
        guard let alphabet = letters.max(by: { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) })?.key else {
            self = .other
            return
        }
        var best = (language: alphabet.usual, count: 0)
        for language in alphabet.languages {
            let stopWords = language.stopWords
            let count = words.reduce(0) { $0 + (stopWords.contains($1.key) ? $1.value : 0) }
            if count > best.count { best = (language, count) }
        }
        if best.count == 0, alphabet == .latin, sample.hasGermanLetters { best.language = .german }
        self = best.language
    }

    /// What the detector is sure of, where it is a language of these; of a few words it is seldom.
    package init?(surelyOf text: String) {
        guard let code = LanguageDetector.code(of: String(text.prefix(Self.sampleLength)).compatible) else {
            return nil
        }
        self.init(code: code)
    }

    /// How many of a text's words are everywhere in the language.
    package func countOfStopWords(in text: String) -> Int {
        var count = 0
        String(text.prefix(Self.sampleLength)).compatible.forEachRun { kind, written in
            if kind == .word, stopWords.contains(String(written).caseFolded.withoutAccents) { count += 1 }
        }
        return count
    }

    /// Bytes of a text whose language the detector hardly ever mistakes.
    private static let enough = 120

    /// - Parameter code: of ISO 639; one of those that are hardly told apart counts as the other.
    private init?(code: String) {
        switch code {
        case "hr", "bs": self = .serbian
        case "ms": self = .indonesian
        case "nn": self = .norwegian
        default:
            guard let language = Self(rawValue: code) else { return nil }
            self = language
        }
    }

    /// Whether a question is in another language than English beyond doubt: in other letters, or in a language that the detector is
    /// sure of, unless it looks like a name; or where the detector is not, with a word that asks in one and no English one.
    package static func isClearlyForeign(_ question: String) -> Bool {
        let sample = String(question.prefix(sampleLength)).compatible
        var (latin, others) = (0, 0)
        var written: [String] = []
        sample.forEachRun { kind, run in
            for scalar in run.unicodeScalars where ScalarClass(scalar) == .letter || kind == .spaceless {
                if Alphabet(scalar) == .latin { latin += 1 } else { others += 1 }
            }
            written.append(String(run))
        }
        if others > latin { return true }
        let words = Set(written.map { $0.caseFolded.withoutAccents })
        guard let code = LanguageDetector.code(of: sample), code != "la" else {
            // `garden hoe` and `KDE themes` ask nothing.
            return (written.count > 2 || question.contains("?"))
                && words.isDisjoint(with: TextLanguage.english.stopWords)
                && !words.isDisjoint(with: foreignQuestionWords)
        }
        guard code != "en" else { return false }
        // `Van der Waals`, but not the nouns of German.
        let stopWords = Self(code: code)?.stopWords ?? []
        let content = written.filter { !stopWords.contains($0.caseFolded.withoutAccents) }
        let isName = code != "de" && !content.contains { $0.first?.isLowercase == true }
        return !isName && (written.count > 1 || !sample.utf8.allSatisfy { $0 < 0x80 })
    }

    /// Those that are no English words, without accents.
    private static let foreignQuestionWords: Set<String> = [
        "wann", "wer", "wen", "wem", "wessen", "warum", "weshalb", "wieso", "wie", "wo", "woher", "wohin", "welche",
        "welcher", "welches",
        "wieviel", "quand", "pourquoi", "combien", "quel", "quelle", "quels", "quelles", "cuando", "donde", "quien",
        "cuanto", "cuantos",
        "cual", "cuales", "quando", "dove", "perche", "quanto", "quanti", "quale", "quali", "kiedy", "gdzie",
        "dlaczego", "ktory",
        "wanneer", "waar", "waarom", "hoeveel", "varfor", "hvordan", "hvornar", "hvorfor", "milloin", "missa", "miksi",
        "kdy", "kde", "proc", "kolik", "como", "hoe", "hur", "hvor", "jak", "jaki", "jakie", "jaka", "hol", "mikor",
        "miert", "unde", "nerede", "nasil", "neden",
    ]

    /// The letters that a text is written in.
    private enum Alphabet: Int {
        case latin, cyrillic, greek, armenian, arabic, devanagari, tamil, other

        init?(_ scalar: Unicode.Scalar) {
            switch scalar.value {
            case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x1E00...0x1EFF: self = .latin
            case 0x370...0x3FF, 0x1F00...0x1FFF: self = .greek
            case 0x400...0x52F: self = .cyrillic
            case 0x530...0x58F: self = .armenian
            case 0x600...0x6FF: self = .arabic
            case 0x900...0x97F: self = .devanagari
            case 0xB80...0xBFF: self = .tamil
            case 0x80...: self = .other
            default: return nil
            }
        }

        /// Where none of its languages is recognised.
        var usual: TextLanguage {
            switch self {
            case .latin: .english
            case .cyrillic: .russian
            case .greek: .greek
            case .armenian: .armenian
            case .arabic: .arabic
            case .devanagari: .hindi
            case .tamil: .tamil
            case .other: .other
            }
        }

        /// In the order of how often they are met.
        var languages: [TextLanguage] {
            switch self {
            case .latin:
                [
                    .english, .german, .french, .spanish, .portuguese, .italian, .dutch, .swedish, .danish, .norwegian,
                    .finnish, .hungarian, .romanian, .catalan, .indonesian, .lithuanian, .turkish,
                ]
            case .cyrillic: [.russian, .serbian]
            default: [usual]
            }
        }
    }
}

extension String {
    /// Umlauts and no letters of the other languages that have some of them, so that a heading of one word is German rather than English.
    fileprivate var hasGermanLetters: Bool {
        var hasUmlaut = false
        for scalar in unicodeScalars where scalar.value >= 0x80 {
            switch scalar {
            case "ä", "ö", "ü", "ß", "Ä", "Ö", "Ü", "ẞ": hasUmlaut = true
            default: if scalar.properties.isAlphabetic { return false }
            }
        }
        return hasUmlaut
    }
}
