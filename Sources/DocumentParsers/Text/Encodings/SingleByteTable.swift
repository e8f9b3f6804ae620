/// What the upper 128 bytes of an encoding stand for.
struct SingleByteTable {
    /// U+FFFD where a byte means nothing.
    let upper: [Unicode.Scalar]

    /// - Parameter name: the C library's name of the encoding.
    init?(_ name: String) {
        guard let converter = Converter(name) else { return nil }
        let isWindows = name.hasPrefix("WINDOWS-") || name == "CP874"
        upper = (UInt8(0x80)...0xFF).map { byte in
            if let exception = Self.exceptions[name]?[byte] { return exception }
            let scalars = converter.decode([byte]).unicodeScalars
            guard let scalar = scalars.first, scalars.count == 1, scalar != "\u{FFFD}" else {
                // The standard leaves the gaps between 0x80 and 0x9F of the Windows code pages to the control characters.
                return isWindows && byte < 0xA0 ? Unicode.Scalar(byte) : "\u{FFFD}"
            }
            return scalar
        }
    }

    /// Where the indexes of the WHATWG Encoding Standard differ from the C library's tables.
    private static let exceptions: [String: [UInt8: Unicode.Scalar]] = [
        "KOI8-U": [0xAE: "ў", 0xBE: "Ў"], "MACINTOSH": [0xC6: "∆", 0xF0: "\u{F8FF}"], "MAC-CYRILLIC": [0xFF: "€"],
        "WINDOWS-1255": [0xCA: "\u{5BA}"],
    ]

    func decode(_ bytes: [UInt8]) -> String {
        let replacements = upper.map { Array(String($0).utf8) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            if byte < 0x80 { result.append(byte) } else { result += replacements[Int(byte) - 0x80] }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
