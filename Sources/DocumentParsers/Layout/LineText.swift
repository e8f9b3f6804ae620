/// Puts the words of a line together: spaces where there is room for one, raised numbers marked, each script in the direction
/// in which it is read.
enum LineText {
    /// Words closer together than this share of the letters' height are one: poppler parts words where the font changes.
    private static let leastSpace: Float = 0.1

    static func text(of line: PlacedLine) -> String {
        let words = WrittenOrder.words(line.words)
        let height = max(line.letterHeight, 1)
        var text = ""
        var previous: PlacedWord?
        for word in words {
            let written = Ligatures.expanded(word.text)
            if let previous {
                if previous.box.gap(to: word.box) > leastSpace * height {
                    text += " "
                } else if isExponent(word, after: previous, in: line, height: height) {
                    text += "^"
                }
            }
            text += written
            previous = word
        }
        return text
    }

    /// Whether the word is a smaller number above the line that follows closely: without a mark, 10⁵ would be 105.
    private static func isExponent(
        _ word: PlacedWord, after previous: PlacedWord, in line: PlacedLine, height: Float
    ) -> Bool {
        guard !line.isVertical, word.box.height < 0.85 * height, previous.box.height > word.box.height,
            word.box.bottom < line.box.bottom - 0.2 * height, word.box.left >= previous.box.middle.x
        else { return false }
        let body = word.text.unicodeScalars.drop { "-−+–".unicodeScalars.contains($0) }
        return !body.isEmpty && body.allSatisfy { (0x30...0x39).contains($0.value) || $0 == "," }
    }
}

/// Ligatures as the letters that they are: their code points U+FB00...U+FB06 are there for compatibility with old character
/// sets alone, as are the forms of Arabic letters U+FB50...U+FDFF and U+FE70...U+FEFC, which depend on their neighbours.
enum Ligatures {
    private static let latin = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"]

    static func expanded(_ text: String) -> String {
        // All of them begin with this byte in UTF-8.
        guard text.utf8.contains(0xEF) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xFB00...0xFB06: result += latin[Int(scalar.value - 0xFB00)]
            case 0xFB1D...0xFDFF, 0xFE70...0xFEFC: result += String(scalar).compatibilityForm
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
