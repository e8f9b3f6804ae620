/// Tells text from other bytes by a sample.
enum TextSniffer {
    /// The contract's rule (control characters below a tenth, a NUL counting twice), made stricter where the bytes are not
    /// UTF-8: legacy encodings hardly ever hold control characters, while a tenth of random bytes are such.
    ///
    /// Under the name of a text format, UTF-8 counts as text as long as control characters do not prevail.
    static func isText(_ sample: [UInt8], isNamedText: Bool) -> Bool {
        if UnicodeEncoding.detect(sample) != .utf8 { return true }
        var controls = 0
        for byte in sample where isControl(byte) { controls += byte == 0 ? 2 : 1 }
        let tenth = sample.count / 10
        guard isUTF8(sample) else { return controls <= max(tenth / 20, 1) }
        return controls <= (isNamedText ? sample.count * 2 / 3 : tenth)
    }

    /// ESC is left out: it announces the character sets of ISO 2022 and the colours of terminals.
    private static func isControl(_ byte: UInt8) -> Bool {
        (byte < 0x20 && !(0x09...0x0D).contains(byte) && byte != 0x1B) || byte == 0x7F
    }

    /// True also where the sample ends in the middle of a character.
    private static func isUTF8(_ sample: [UInt8]) -> Bool {
        let cut = sample.suffix(3).lastIndex { $0 >= 0xC0 } ?? sample.endIndex
        return String(validating: sample, as: UTF8.self) != nil
            || String(validating: sample[..<cut], as: UTF8.self) != nil
    }
}
