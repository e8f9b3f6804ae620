import Domain

/// The particles that Korean glues to the ends of nouns.
enum KoreanParticle {
    /// Those that are common in writing: case, topic, and what marks places, means and companions.
    private static let all: [[Unicode.Scalar]] = [
        "에서는", "에서도", "으로는", "으로도", "에게서", "이라고", "이라는", "까지는", "까지도",
        "에서", "에게", "한테", "까지", "부터", "으로", "처럼", "보다", "마저", "조차", "에는", "에도", "에만", "라고", "라는", "이랑", "하고", "이나",
        "은", "는", "이", "가", "을", "를", "에", "의", "와", "과", "도", "로", "만", "나",
    ].map { Array($0.unicodeScalars) }

    /// The word without the longest particle that it ends in, as long as two syllables are left; other scripts as they are. Nouns that
    /// happen to end like that lose their end in questions as well as in texts.
    static func wordWithout(_ word: [Unicode.Scalar]) -> [Unicode.Scalar] {
        particle(of: word, leaving: 2).map { word.dropLast($0.count) } ?? word
    }

    /// What is left of a word of one syllable and a particle.
    static func syllableWithout(_ word: [Unicode.Scalar]) -> Unicode.Scalar? {
        particle(of: word, leaving: 1).flatMap { word.count == $0.count + 1 ? word[0] : nil }
    }

    private static func particle(of word: [Unicode.Scalar], leaving count: Int) -> [Unicode.Scalar]? {
        guard let last = word.last, (0xAC00...0xD7A3).contains(last.value) else { return nil }
        return all.first { word.count >= $0.count + count && word.suffix($0.count) == $0[...] }
    }
}

/// The articles, prepositions and conjunctions of one letter that Hebrew glues to the beginnings of words.
enum HebrewParticle {
    private static let all: Set<Unicode.Scalar> = ["ו", "ה", "ב", "כ", "ל", "מ", "ש"]

    /// The word without its first letter, and without its first two, where they may be particles and enough is left. Whether they are,
    /// the letters alone do not tell, so that the word itself has to count as well.
    static func wordsWithout(_ word: String) -> [String] {
        var words: [String] = []
        var letters = word.unicodeScalars[...]
        while words.count < 2, let first = letters.first, all.contains(first), letters.count >= 4 {
            letters = letters.dropFirst()
            words.append(String(letters))
        }
        return words
    }
}

/// The conjunctions that Arabic glues to a word before its article, where Snowball's algorithm leaves them.
enum ArabicConjunction {
    private static let all: Set<Unicode.Scalar> = ["و", "ف"]
    private static let article: [Unicode.Scalar] = ["ا", "ل"]

    /// `nil` where the word has none, or would be too short without it. As with Hebrew, the word itself has to count as well.
    static func wordWithout(_ word: String) -> String? {
        guard let first = word.unicodeScalars.first, all.contains(first) else { return nil }
        let rest = word.withoutAccents.unicodeScalars.dropFirst()
        return rest.count >= 5 && rest.starts(with: article) ? String(rest) : nil
    }
}
