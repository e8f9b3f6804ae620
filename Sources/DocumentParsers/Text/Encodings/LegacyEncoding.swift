import Domain

/// An encoding that is not UTF-8: those of the WHATWG Encoding Standard, which mean what browsers take them for, and
/// those of DOS and the Macintosh that texts of their time are met in.
enum LegacyEncoding: Hashable, Sendable {
    /// One byte, one character; the name is the C library's.
    case singleByte(String)
    case shiftJIS, eucJP, iso2022JP, eucKR, big5, gb18030
    case utf16(bigEndian: Bool)
    /// Bytes from 0x80 on stand in a private area, from U+F780.
    case userDefined
    /// Encodings that the standard refuses to decode, because a few bytes of theirs hide others.
    case replacement
    /// Any other that the C library knows, by its name there.
    case other(String)

    static let windows1252 = LegacyEncoding.singleByte("WINDOWS-1252")

    /// What does not belong to the encoding becomes U+FFFD.
    /// - Returns: nil where the C library lacks the encoding.
    func decode(_ bytes: [UInt8]) -> String? {
        switch self {
        case .singleByte(let name):
            guard let table = SingleByteTable.named(name) else { return nil }
            let text = table.decode(bytes)
            // Vietnamese has its tones, and pointed Hebrew its vowels, as bytes of their own.
            return name == "WINDOWS-1258" ? text.composed : text
        case .shiftJIS: return Converter("CP932")?.decode(bytes)
        case .eucJP: return JapaneseEncodings.decodeEUC(bytes)
        case .iso2022JP: return JapaneseEncodings.decodeISO2022(bytes)
        case .eucKR: return Converter("CP949")?.decode(bytes)
        case .big5: return Converter("BIG5-HKSCS")?.decode(bytes, otherwise: Big5Additions.character)
        case .gb18030:
            // Windows has the euro sign at 0x80 of GBK (WHATWG Encoding Standard, section 10.1.1).
            return Converter("GB18030")?.decode(bytes) { $0.first == 0x80 ? ("€", 1) : nil }
        case .utf16(let bigEndian): return UnicodeEncoding.utf16(bytes[...], bigEndian: bigEndian)
        case .userDefined:
            var scalars = String.UnicodeScalarView()
            for byte in bytes {
                scalars.append(Unicode.Scalar(byte < 0x80 ? UInt32(byte) : 0xF700 + UInt32(byte)) ?? "\u{FFFD}")
            }
            return String(scalars)
        case .replacement: return nil
        case .other(let name): return Converter(name)?.decode(bytes)
        }
    }

    /// An encoding that the C library knows by this name and that writes ASCII as ASCII.
    static func outsideTheStandard(_ label: String) -> LegacyEncoding? {
        let letters = Array("<p class=\"a\">+AZaz09-~</p>".utf8)
        guard let text = Converter(label)?.decode(letters), text.utf8.elementsEqual(letters) else { return nil }
        return .other(label)
    }
}
