import CUtf8proc

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension String {
    /// In the composed normal form of Unicode (NFC), in which names are stored and compared byte by byte.
    package var composed: String { isASCII ? self : mapped(by: [UTF8PROC_STABLE, UTF8PROC_COMPOSE]) }

    /// In the form in which texts are embedded and compared, questions as well as passages: full-width letters, ligatures and
    /// other characters that stand for others are those (NFKC), and a soft hyphen is no part of a word. What people are
    /// shown keeps its form.
    package var compatible: String {
        if isASCII { return self }
        var scalars = unicodeScalars
        if scalars.contains("\u{AD}") { scalars.removeAll { $0 == "\u{AD}" } }
        return String(scalars).mapped(by: [UTF8PROC_STABLE, UTF8PROC_COMPOSE, UTF8PROC_COMPAT])
    }

    /// The same for all names that look alike: in the compatibility form (NFKC), without what is invisible, and with one
    /// blank for any white space. Letters of different alphabets stay different.
    package var lookalikeKey: String {
        let form =
            isASCII ? self : mapped(by: [UTF8PROC_STABLE, UTF8PROC_COMPOSE, UTF8PROC_COMPAT, UTF8PROC_IGNORE])
        return form.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// For comparisons whatever the case, as the Unicode Standard has them (NFKC_Casefold, section 3.13).
    package var caseFolded: String {
        mapped(by: [
            UTF8PROC_STABLE, UTF8PROC_COMPOSE, UTF8PROC_COMPAT, UTF8PROC_CASEFOLD, UTF8PROC_IGNORE,
        ])
    }

    /// Without the accents of the alphabets in which people leave them out when they type: Latin, Greek, Cyrillic, Hebrew and
    /// Arabic. In other scripts marks are vowels. Small letters with strokes, and two that are joined, become plain ones.
    package var withoutAccents: String {
        if isASCII { return self }
        var plain = ""
        for scalar in mapped(by: [UTF8PROC_STABLE, UTF8PROC_DECOMPOSE]).unicodeScalars {
            switch scalar.value {
            case 0x300...0x36F, 0x591...0x5BD, 0x5BF...0x5C7, 0x610...0x61A, 0x64B...0x65F, 0x670: break
            case 0xE6...0x167: plain += Self.plainLetters[scalar] ?? String(scalar)
            default: plain.unicodeScalars.append(scalar)
            }
        }
        return plain.composed
    }

    /// Of the letters that Unicode does not take apart.
    private static let plainLetters: [Unicode.Scalar: String] = [
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n", "æ": "ae", "œ": "oe", "þ": "th",
    ]

    private var isASCII: Bool { !utf8.contains { $0 >= 0x80 } }

    private func mapped(by options: [utf8proc_option_t]) -> String {
        var text = self
        return text.withUTF8 { bytes in
            let options = utf8proc_option_t(rawValue: options.reduce(0) { $0 | $1.rawValue })
            var result: UnsafeMutablePointer<utf8proc_uint8_t>?
            let count = utf8proc_map(bytes.baseAddress, bytes.count, &result, options)
            defer { free(result) }
            guard count >= 0, let result else { return String(decoding: bytes, as: UTF8.self) }
            return String(decoding: UnsafeBufferPointer(start: result, count: count), as: UTF8.self)
        }
    }
}
