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
        guard let last = word.last, (0xAC00...0xD7A3).contains(last.value) else { return word }
        let particle = all.first { word.count >= $0.count + 2 && word.suffix($0.count) == $0[...] }
        return particle.map { word.dropLast($0.count) } ?? word
    }
}

/// The articles, prepositions and conjunctions of one letter that Hebrew glues to the beginnings of words.
enum HebrewParticle {
    private static let all: Set<Unicode.Scalar> = ["ו", "ה", "ב", "כ", "ל", "מ", "ש"]

    /// `nil` where the word has none, or would be too short without it. Whether the first letter is a particle, the letters alone do not
    /// tell, so that the word itself has to count as well.
    static func wordWithout(_ word: String) -> String? {
        let letters = word.unicodeScalars
        guard let first = letters.first, all.contains(first), letters.count >= 4 else { return nil }
        return String(letters.dropFirst())
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
