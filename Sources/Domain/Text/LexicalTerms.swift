/// The words of a text as they are compared: folded, without endings and without words that mean nothing alone.
package enum LexicalTerms {
    /// In order, with repetitions. Scripts without spaces between words give each pair of neighbouring characters.
    package static func terms(in text: String) -> [String] {
        var terms: [String] = []
        var word = ""
        var previousIdeograph: Character?
        func endWord() {
            if !word.isEmpty, !StopWords.all.contains(word), let term = stem(word) { terms.append(term) }
            word = ""
        }
        for character in text.compatible.lowercased() {
            if isIdeograph(character) {
                endWord()
                if let previousIdeograph { terms.append(String([previousIdeograph, character])) }
                previousIdeograph = character
                continue
            }
            previousIdeograph = nil
            if character.isLetter || character.isNumber {
                word.append(folded(character))
            } else if character != "'" && character != "’" {
                endWord()
            }
        }
        endWord()
        return terms
    }

    /// The word without the commonest endings of English, German, the Romance languages and Russian. It need not be a
    /// word, only the same for words of one family; `nil` for single letters.
    static func stem(_ word: String) -> String? {
        let characters = Array(word)
        guard characters.count > 1 else { return word.first?.isNumber == true ? word : nil }
        guard characters.count > 3, let last = characters.last, !last.isNumber else { return word }
        if ("а"..."я").contains(last) || last == "ё" {
            var end = characters.count
            while end > 4, characters.count - end < 3, cyrillicEndings.contains(characters[end - 1]) { end -= 1 }
            return String(characters[..<end])
        }
        for ending in endings where characters.count - ending.count >= 4 && word.hasSuffix(ending) {
            return String(characters.dropLast(ending.count))
        }
        return last == "s" && characters[characters.count - 2] != "s" ? String(characters.dropLast()) : word
    }

    private static func folded(_ character: Character) -> Character {
        accents[character] ?? character
    }

    private static func isIdeograph(_ character: Character) -> Bool {
        guard let value = character.unicodeScalars.first?.value else { return false }
        return (0x3040...0x30FF).contains(value) || (0x3400...0x9FFF).contains(value)
            || (0x0E00...0x0E7F).contains(value) || (0x20000...0x3FFFF).contains(value)
    }

    /// Longest first.
    private static let endings = [
        "ationen", "ations", "ation", "ungen", "ements", "ement", "ments", "ances", "ingly", "ment", "ings", "ance",
        "ible",
        "able", "ing", "ies", "ied", "ung", "ern", "est", "ers", "ion", "ons", "ed", "er", "en", "es", "em", "ly", "e",
        "n",
        "y",
    ]
    private static let cyrillicEndings: Set<Character> = [
        "а", "е", "и", "о", "у", "ы", "э", "ю", "я", "й", "ь", "м", "в", "х",
    ]
    private static let accents: [Character: Character] = [
        "à": "a", "á": "a", "â": "a", "ã": "a", "ä": "a", "å": "a", "ç": "c", "è": "e", "é": "e", "ê": "e", "ë": "e",
        "ì": "i", "í": "i", "î": "i", "ï": "i", "ñ": "n", "ò": "o", "ó": "o", "ô": "o", "õ": "o", "ö": "o", "ù": "u",
        "ú": "u", "û": "u", "ü": "u", "ý": "y", "ё": "е",
    ]
}
