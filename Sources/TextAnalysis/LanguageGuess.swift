import Domain

extension TextLanguage {
    /// Characters that are looked at.
    package static let sampleLength = 6000

    /// The language of a text: that whose commonest words it holds most of, else what its alphabet says. Short texts that hold
    /// none are taken for English where they are in Latin letters.
    package init(of text: String) {
        var words: [String: Int] = [:]
        var letters: [Alphabet: Int] = [:]
        String(text.prefix(Self.sampleLength)).compatible.forEachRun { kind, written in
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
        self = best.language
    }

    /// Whether a question is in another language than English beyond doubt: in other letters, with two common words of another
    /// language and more of these than English ones, or with a word that asks in one and no English one.
    package static func isClearlyForeign(_ question: String) -> Bool {
        var (latin, others) = (0, 0)
        var words: Set<String> = []
        String(question.prefix(sampleLength)).compatible.forEachRun { kind, written in
            for scalar in written.unicodeScalars where ScalarClass(scalar) == .letter || kind == .spaceless {
                if Alphabet(scalar) == .latin { latin += 1 } else { others += 1 }
            }
            words.insert(String(written).caseFolded.withoutAccents)
        }
        if others > latin { return true }
        let count = { (language: TextLanguage) in words.count { language.stopWords.contains($0) } }
        let most = Alphabet.latin.languages.filter { $0 != .english }.map(count).max() ?? 0
        let english = count(.english)
        return most >= 2 && most > english || english == 0 && !words.isDisjoint(with: foreignQuestionWords)
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
        "kdy", "kde", "proc",
        "kolik",
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
