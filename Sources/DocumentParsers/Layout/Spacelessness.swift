/// Scripts that write no spaces between words: Chinese and Japanese. A line ends within a word there without any mark.
///
/// Korean has spaces, and lines of Thai, Lao, Khmer and Burmese end between words.
enum Spacelessness {
    /// How many signs of these scripts a text holds.
    static func signs(in text: String) -> Int {
        // None of them is below U+2E80, whose first byte in UTF-8 is E2.
        guard text.utf8.contains(where: { $0 >= 0xE2 }) else { return 0 }
        return text.unicodeScalars.count(where: isSign)
    }

    /// Whether a text that ends with the first and one that begins with the second may be parts of one word or sentence.
    static func joins(_ end: Character?, _ start: Character?) -> Bool {
        guard let end = end?.unicodeScalars.first, let start = start?.unicodeScalars.first else { return false }
        return isSign(end) && isSign(start)
    }

    private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Radicals, signs of punctuation, Hiragana, Katakana and Bopomofo; ideographs; full-width forms.
        case 0x2E80...0x312F, 0x31A0...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF01...0xFF9F, 0x20000...0x3FFFF:
            true
        default: false
        }
    }
}
