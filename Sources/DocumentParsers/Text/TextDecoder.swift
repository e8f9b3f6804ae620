/// Turns the bytes of a text file into text that every store takes.
///
/// The byte order mark goes, line ends become LF, form feeds too, and a NUL, which PostgreSQL cannot store, a space;
/// other control characters except the tab are left out, since none of them means anything to a reader.
enum TextDecoder {
    /// Decodes what is Unicode, in memory-safe code only.
    /// - Returns: nil where the bytes are no valid Unicode text, so that a legacy encoding has to be guessed.
    static func decodeUnicode(_ bytes: [UInt8]) -> String? {
        let mark = UnicodeEncoding.byteOrderMark(bytes)
        let body = bytes[(mark?.length ?? 0)...]
        switch UnicodeEncoding.detect(bytes) {
        case .utf8:
            if ISO2022.encoding(of: body) != nil { return nil }
            return String(validating: cleaned(body), as: UTF8.self)
        case .utf16(let bigEndian):
            return cleaned(UnicodeEncoding.utf16(body, bigEndian: bigEndian))
        case .utf32(let bigEndian):
            return cleaned(UnicodeEncoding.utf32(body, bigEndian: bigEndian))
        }
    }

    /// Decodes any text; a legacy encoding is guessed from the bytes, and what fits nowhere becomes U+FFFD.
    static func decode(_ bytes: [UInt8]) -> String {
        if let text = decodeUnicode(bytes) { return text }
        if isDamagedUTF8(bytes) { return String(decoding: cleaned(bytes[...]), as: UTF8.self) }
        return cleaned(EncodingDetector.decode(bytes))
    }

    static func cleaned(_ text: String) -> String {
        var text = text
        return text.withUTF8 { String(decoding: cleaned($0), as: UTF8.self) }
    }

    private static func cleaned(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.withUnsafeBufferPointer { cleaned($0) }
    }

    /// One pass; works on any encoding which keeps ASCII, because multi-byte sequences of UTF-8 hold no ASCII byte.
    private static func cleaned(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count) { output, count in
            var previous: UInt8 = 0
            for byte in bytes {
                if byte >= 0x20 && byte != 0x7F || byte == 0x09 {
                    output[count] = byte
                    count += 1
                } else if byte == 0x0D || byte == 0x0C || (byte == 0x0A && previous != 0x0D) {
                    output[count] = 0x0A
                    count += 1
                } else if byte == 0 {
                    // It stood between words as often as not.
                    output[count] = 0x20
                    count += 1
                }
                previous = byte
            }
        }
    }

    /// True where nearly all non-ASCII characters are well-formed UTF-8, as in a log with a few stray bytes.
    private static func isDamagedUTF8(_ bytes: [UInt8]) -> Bool {
        var good = 0
        var bad = 0
        var codec = UTF8()
        var iterator = bytes.prefix(1 << 20).makeIterator()
        while true {
            switch codec.decode(&iterator) {
            case .scalarValue(let scalar): good += scalar.isASCII ? 0 : 1
            case .error: bad += 1
            case .emptyInput: return good >= 10 * max(bad, 1)
            }
        }
    }
}
