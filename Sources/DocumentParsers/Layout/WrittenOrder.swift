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
        if isMostlyTurned {
            // The line is read from its right end; only words in Latin letters stay in their order among themselves.
            return runs(Array(turned.reversed()), Array(leftToRight.reversed()))
        }
        return runs(turned, rightToLeft)
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
                result.append(mirrored[character] ?? character)
            }
        }
        return result + run
    }

    private static let mirrored: [Character: Character] = [
        "(": ")", ")": "(", "[": "]", "]": "[", "{": "}", "}": "{", "<": ">", ">": "<", "«": "»", "»": "«",
    ]

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

extension String {
    /// NFKC.
    var compatibilityForm: String { precomposedStringWithCompatibilityMapping }
}
