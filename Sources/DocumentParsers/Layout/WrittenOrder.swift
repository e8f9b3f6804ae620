import Foundation

/// Brings words that are sorted from left to right into the order in which they are read where Hebrew, Arabic and their kin are
/// among them: a small part of Unicode's bidirectional algorithm (UAX 9), backwards.
enum WrittenOrder {
    static func words(_ words: [PlacedWord]) -> [PlacedWord] {
        guard words.contains(where: { holdsRightToLeft($0.text) }) else { return words }
        let rightToLeft = words.map { holdsRightToLeft($0.text) }
        let leftToRight = words.map {
            $0.text.unicodeScalars.contains { $0.properties.isAlphabetic && !isRightToLeft($0) }
        }
        let turned = zip(words, rightToLeft).map { word, isTurned in
            isTurned ? PlacedWord(text: reversed(word.text), box: word.box, confidence: word.confidence) : word
        }
        let isMostlyTurned = rightToLeft.count { $0 } >= leftToRight.count { $0 }
        guard isMostlyTurned else { return runs(turned, rightToLeft) }
        // The line is read from its right end; only words in Latin letters, and numbers behind them, stay in their order among
        // themselves.
        var isLatin = leftToRight
        for place in isLatin.indices.dropFirst() where isLatin[place - 1] && isNumber(words[place].text) {
            isLatin[place] = true
        }
        return runs(withSigns(turned, around: isLatin).reversed(), isLatin.reversed())
    }

    private static func isNumber(_ word: String) -> Bool {
        word.contains(where: \.isNumber) && !word.contains(where: \.isLetter)
    }

    /// Each run of marked words reversed.
    private static func runs(_ words: [PlacedWord], _ isMarked: [Bool]) -> [PlacedWord] {
        var result: [PlacedWord] = []
        var start = 0
        while start < words.count {
            var end = start + 1
            while isMarked[start], end < words.count, isMarked[end] { end += 1 }
            result += words[start..<end].reversed()
            start = end
        }
        return result
    }

    /// The letters of a word in reverse, but for numbers and Latin letters within it.
    private static func reversed(_ text: String) -> String {
        var result = ""
        var run = ""
        for character in text.reversed() {
            let isFixed = character.unicodeScalars.allSatisfy {
                $0.properties.numericType != nil || ($0.properties.isAlphabetic && !isRightToLeft($0))
            }
            if isFixed {
                run = String(character) + run
            } else {
                result += run
                run = ""
                result.append(character)
            }
        }
        return Brackets.facing(result + run)
    }

    // MARK: Signs around Latin words

    private static let sentenceSigns: Set<Character> = [".", ",", ":", ";", "!", "?"]

    /// Signs at either end of a run of Latin words belong to the line, which is read the other way: the dot left of `Alder` ends
    /// its sentence.
    private static func withSigns(_ words: [PlacedWord], around isLatin: [Bool]) -> [PlacedWord] {
        var words = words
        var start = 0
        while start < words.count {
            var end = start + 1
            while isLatin[start], end < words.count, isLatin[end] { end += 1 }
            if isLatin[start] {
                let texts = withSigns(words[start..<end].map(\.text))
                for (place, text) in zip(start..<end, texts) { words[place].text = text }
            }
            start = end
        }
        return words
    }

    private static func withSigns(_ texts: [String]) -> [String] {
        guard var first = texts.first, first.count > 1 || texts.count > 1 else { return texts }
        var texts = texts
        let areBalanced = Brackets.areBalanced(texts.joined())
        let isMoved = { (sign: Character) in
            sentenceSigns.contains(sign) || (!areBalanced && Brackets.isBracket(sign))
        }
        let leading = first.prefix(while: isMoved)
        first = String(first.dropFirst(leading.count))
        texts[0] = first
        var last = texts[texts.count - 1]
        let trailing = areBalanced ? [] : last.reversed().prefix(while: Brackets.isBracket)
        last = String(last.dropLast(trailing.count)) + leading.reversed().map { Brackets.closing($0) }
        texts[texts.count - 1] = last
        texts[0] = String(trailing.map { Brackets.opening($0) }) + texts[0]
        return texts
    }

    static func holdsRightToLeft(_ text: String) -> Bool {
        // None of them is below U+0590, whose first byte in UTF-8 is D6.
        text.utf8.contains { $0 >= 0xD6 } && text.unicodeScalars.contains(where: isRightToLeft)
    }

    private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x590...0x8FF: !(0x660...0x669).contains(scalar.value) && !(0x6F0...0x6F9).contains(scalar.value)
        case 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
        default: false
        }
    }
}

/// Brackets in text that was read backwards. Some programs write the sign that is seen, others the one that is meant.
enum Brackets {
    private static let pairs: [(opening: Character, closing: Character)] = [
        ("(", ")"), ("[", "]"), ("{", "}"), ("«", "»"), ("<", ">"), ("‹", "›"),
    ]

    static func isBracket(_ sign: Character) -> Bool { pairs.contains { $0.opening == sign || $0.closing == sign } }

    static func opening(_ sign: Character) -> Character { pairs.first { $0.closing == sign }?.opening ?? sign }

    static func closing(_ sign: Character) -> Character { pairs.first { $0.opening == sign }?.closing ?? sign }

    static func areBalanced(_ text: String) -> Bool {
        var expected: [Character] = []
        for sign in text where isBracket(sign) {
            if opening(sign) == sign {
                expected.append(closing(sign))
            } else if expected.popLast() != sign {
                return false
            }
        }
        return expected.isEmpty
    }

    /// A word in the order of reading whose brackets open at its beginning and close at its end.
    static func facing(_ word: String) -> String {
        guard word.contains(where: isBracket) else { return word }
        let isSign = { (character: Character) in !character.isLetter && !character.isNumber }
        let start = word.prefix(while: isSign)
        guard start.count < word.count else { return word }
        let end = word.reversed().prefix(while: isSign).count
        let middle = word.dropFirst(start.count).dropLast(end)
        let isBackwards = middle.first(where: isBracket).map { closing($0) == $0 } == true
        var result = String(start.map(opening))
        result += isBackwards ? String(middle.map(turned)) : String(middle)
        result += String(word.suffix(end).map(closing))
        return result
    }

    private static func turned(_ sign: Character) -> Character {
        opening(sign) == sign ? closing(sign) : opening(sign)
    }
}

extension String {
    /// NFKC.
    var compatibilityForm: String { precomposedStringWithCompatibilityMapping }
}
