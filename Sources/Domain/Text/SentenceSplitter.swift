/// Splits running text into sentences by its punctuation, in any language that has some.
///
/// Full stops after abbreviations, initials and ordinal numbers, and inside numbers, addresses and file names, end
/// nothing. Sentences that the splitter cannot tell apart stay together, which costs less than halves of sentences.
package enum SentenceSplitter {
    /// The sentences in order, trimmed, none empty. `text` is one paragraph; line breaks in it count as spaces.
    package static func sentences(in text: String) -> [String] {
        let characters = Array(text)
        var sentences: [String] = []
        var start = 0
        var index = 0
        while index < characters.count {
            let end = endOfTerminator(at: index, in: characters)
            if end > index, isEnd(terminator: index, next: end, in: characters, from: start) {
                append(characters[start..<end], to: &sentences)
                start = end
            }
            index = max(end, index + 1)
        }
        append(characters[start...], to: &sentences)
        return sentences
    }

    private static func append(_ characters: ArraySlice<Character>, to sentences: inout [String]) {
        let isBlank = { (character: Character) in character.isWhitespace }
        guard let first = characters.firstIndex(where: { !isBlank($0) }),
            let last = characters.lastIndex(where: { !isBlank($0) })
        else { return }
        sentences.append(String(characters[first...last]))
    }

    /// Behind the marks that begin at `index` and the quotes and brackets that close after them; `index` if none begins
    /// there.
    private static func endOfTerminator(at index: Int, in characters: [Character]) -> Int {
        guard isTerminator(characters[index]) else { return index }
        var end = index + 1
        while end < characters.count, isTerminator(characters[end]) { end += 1 }
        while end < characters.count, closers.contains(characters[end]) { end += 1 }
        return end
    }

    private static func isEnd(terminator: Int, next: Int, in characters: [Character], from start: Int) -> Bool {
        if fullWidthTerminators.contains(characters[terminator]) { return true }
        guard next < characters.count else { return true }
        guard characters[next].isWhitespace else { return false }
        guard let follower = characters[next...].first(where: { !$0.isWhitespace }) else { return true }
        if follower.isLowercase { return false }
        guard characters[terminator] == ".", next == terminator + 1 else { return true }
        let word = String(
            characters[start..<terminator].reversed().prefix { !$0.isWhitespace && !openers.contains($0) }.reversed())
        return !isAbbreviation(word, before: follower, characters[next...])
    }

    private static func isAbbreviation(
        _ word: String, before follower: Character, _ rest: ArraySlice<Character>
    ) -> Bool {
        if word.count == 1, word.first?.isUppercase == true { return true }
        let lower = word.lowercased()
        if abbreviations.contains(lower) { return true }
        if numberAbbreviations.contains(lower) { return follower.isNumber }
        // `3. Mai`: an ordinal number in German.
        guard word.count <= 2, word.allSatisfy(\.isNumber) else { return false }
        let next = rest.drop { $0.isWhitespace }.prefix { $0.isLetter }
        return germanMonths.contains(String(next))
    }

    private static func isTerminator(_ character: Character) -> Bool {
        character == "." || character == "!" || character == "?" || fullWidthTerminators.contains(character)
            || otherTerminators.contains(character)
    }

    /// No space follows these.
    private static let fullWidthTerminators: Set<Character> = ["。", "！", "？", "｡"]
    /// Ellipsis, Arabic and Armenian question marks and full stops, danda.
    private static let otherTerminators: Set<Character> = ["…", "؟", "۔", "։", "।", "॥"]
    private static let closers: Set<Character> = ["\"", "'", "”", "’", "»", "«", ")", "]", "」", "』", "）", "“"]
    private static let openers: Set<Character> = ["(", "[", "\"", "“", "„", "«", "/"]

    /// Before a name or a sentence's next word; English, German, French, Spanish, Italian, Russian.
    private static let abbreviations: Set<String> = [
        "mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "cf", "al", "approx", "dept", "gen", "gov", "rev",
        "sen",
        "rep", "jr", "sr", "mt", "viz", "resp", "incl", "hon", "capt", "lt", "col", "sgt", "messrs", "z.b", "d.h",
        "u.a",
        "bzw", "ca", "hr", "fr", "dipl", "ing", "vgl", "ggf", "evtl", "sog", "inkl", "o.ä", "s.o", "mme", "mlle", "sra",
        "srta", "ud", "sig", "dott", "т.е", "т.к", "т.д", "т.п", "г", "ул", "им", "см",
    ]
    /// Before a number only.
    private static let numberAbbreviations: Set<String> = [
        "no", "nr", "fig", "figs", "vol", "p", "pp", "ch", "sec", "sect", "art", "abs", "abb", "tab", "eq", "ver", "v",
        "n",
        "núm", "стр", "рис",
    ]
    private static let germanMonths: Set<String> = [
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ]
}
