import Domain

/// A question that means little without the one before it: "and in 2024?", "how much does it cost?".
struct FollowUpQuestion {
    /// The question before together with this one, to search with.
    let combined: String

    /// Characters of the earlier question that are searched with.
    private static let maximumEarlierLength = 500

    /// `nil` where the question stands for itself, or where there was none before it.
    ///
    /// - Parameter earlier: the questions of the conversation, oldest first.
    init?(_ question: String, after earlier: [String]) {
        guard Self.leansOnContext(question) else { return nil }
        // Of several follow-ups in a row, the question that they all lean on is the one that names the subject.
        guard let subject = earlier.last(where: { !Self.leansOnContext($0) }) ?? earlier.last else { return nil }
        combined = "\(subject.prefix(Self.maximumEarlierLength))\n\(question)"
    }

    private static func leansOnContext(_ question: String) -> Bool {
        let words = question.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
        guard let first = words.first, words.count <= maximumWords else { return false }
        let contentCount = words.count { !smallWords.contains($0) && !references.contains($0) }
        // "Where is the printer?" names its subject, "the price?" asks for one of something.
        if openings.contains(first) || contentCount == 0 || contentCount == 1 && words.count <= 2 { return true }
        return contentCount <= maximumContent && words.contains(where: references.contains)
    }

    /// Where it says more, "it" stands for nothing, as in "is it true that …".
    private static let maximumContent = 3

    /// A longer question says what it is about.
    private static let maximumWords = 24

    /// Words that go on from what was said.
    private static let openings: Set<String> = [
        "and", "but", "or", "then", "also", "else", "und", "aber", "oder", "et", "mais", "ou", "y", "pero", "e", "ma",
        "maar",
    ]

    /// Words that stand for something named before.
    private static let references: Set<String> = [
        "it", "its", "it's", "they", "them", "their", "theirs", "this", "that", "these", "those", "he", "she", "him",
        "her", "his", "hers", "there", "former", "latter", "same", "er", "sie", "es", "ihn", "ihm", "ihr", "deren",
        "dessen", "diese", "dieser", "dieses", "diesem", "dort", "davon", "dazu", "dafür", "damit", "il", "elle", "ils",
        "elles", "cela", "ça", "celui", "celle", "ceux", "leur", "esto", "eso", "ello", "ellos", "ellas", "esta",
        "este", "questo", "quello", "essi", "dit", "dat", "deze",
    ]

    /// Words of questions that say nothing of their subject.
    private static let smallWords: Set<String> = [
        "a", "an", "the", "is", "are", "was", "were", "do", "does", "did", "can", "could", "will", "would", "should",
        "may", "has", "have", "had", "be", "been", "what", "which", "who", "whom", "whose", "when", "where", "why",
        "how", "much", "many", "long", "often", "of", "in", "on", "at", "to", "for", "from", "by", "with", "about",
        "as", "if", "not", "no", "yes", "more", "less", "any", "some", "please", "tell", "me", "i", "you", "we", "my",
        "explain", "again", "why's", "what's", "der", "die", "das", "ist", "sind", "war", "was", "wer", "wann", "wo",
        "warum", "wie", "viel", "viele", "im", "in", "zu", "von", "mit", "für", "und", "qui", "que", "quoi", "quand",
        "où", "pourquoi", "comment", "combien", "le", "la", "les", "est", "de", "du", "des", "qué", "quién", "cuándo",
        "dónde", "por", "cómo", "cuánto", "el", "los", "las", "es", "para",
    ]
}
