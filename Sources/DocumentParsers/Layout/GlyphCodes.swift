import Domain

/// What stands for letters in the words of a PDF whose fonts do not say what their glyphs mean.
enum GlyphCodes {
    /// The letters of a word of `pdftotext`.
    static func text(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(where: { $0 < 0x20 || $0 == 0xEE || $0 == 0xEF }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        let letters = withLettersOfTeX(bytes)
        return symbol(TextDecoder.cleaned(letters).trimmed)
    }

    // MARK: TeX

    private static let ligatures = ["ff", "fi", "fl", "ffi", "ffl"]

    /// Bitmap fonts of TeX name no glyphs, and poppler passes their codes on: ligatures, dashes and quotation marks lie among the
    /// control characters, in the encoding T1 (Cork) from 10 to 1F, in OT1 from 0B to 0F (LaTeX's `t1enc.def`, `ot1enc.def`). In
    /// fonts of signs they are others; beside letters and figures they are these.
    private static func withLettersOfTeX(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(where: { $0 < 0x20 }) else { return String(decoding: bytes, as: UTF8.self) }
        var output: [UInt8] = []
        for (place, byte) in zip(bytes.indices, bytes) {
            let before = place > bytes.startIndex ? bytes[place - 1] : nil
            let after = place + 1 < bytes.endIndex ? bytes[place + 1] : nil
            let isInWord = isLetter(before) || isLetter(after)
            switch byte {
            case 0x1B...0x1F where isInWord: output += ligatures[Int(byte - 0x1B)].utf8
            case 0x0B...0x0F where isInWord: output += ligatures[Int(byte - 0x0B)].utf8
            case 0x15 where isFigure(before) && isFigure(after): output += "–".utf8
            case 0x16 where isLetter(before) && isLetter(after): output += "—".utf8
            case 0x10 where before == nil && isLetter(after): output += "“".utf8
            case 0x12 where before == nil && isLetter(after): output += "„".utf8
            case 0x11 where before != nil && after == nil: output += "”".utf8
            default: output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8?) -> Bool {
        byte.map { 0x61...0x7A ~= $0 || 0x41...0x5A ~= $0 } ?? false
    }

    private static func isFigure(_ byte: UInt8?) -> Bool { byte.map { 0x30...0x39 ~= $0 } ?? false }

    // MARK: Signs

    private static let bullet = "•"

    /// What forms are ticked with, by their codes in Wingdings, which nearly everybody uses for it.
    private static let ticks: Set<UInt32> = [0xF0A8, 0xF0FB, 0xF0FC, 0xF0FD, 0xF0FE]

    /// A word that is one private character is a sign of a picture font: a tick, or the bullet of a list.
    private static func symbol(_ word: String) -> String {
        guard word.unicodeScalars.count == 1, let scalar = word.unicodeScalars.first,
            scalar.properties.generalCategory == .privateUse
        else { return word }
        guard ticks.contains(scalar.value), let meaning = SymbolFont.named("Wingdings")?.meaning(of: scalar.value)
        else {
            return bullet
        }
        return String(meaning)
    }
}
