import Synchronization

/// What the upper 128 bytes of an encoding stand for.
struct SingleByteTable {
    /// In UTF-8; U+FFFD where a byte means nothing.
    private let upper: [[UInt8]]

    /// Made once for each encoding: a text of unknown encoding is read by some thirty of them.
    private static let tables = Mutex<[String: SingleByteTable]>([:])

    /// - Parameter name: the C library's name of the encoding.
    /// - Returns: nil where the C library lacks the encoding.
    static func named(_ name: String) -> SingleByteTable? {
        tables.withLock { tables in
            if let table = tables[name] { return table }
            let table = SingleByteTable(name)
            tables[name] = table
            return table
        }
    }

    private init?(_ name: String) {
        guard let converter = Converter(name) else { return nil }
        let isWindows = name.hasPrefix("WINDOWS-") || name == "CP874"
        upper = (UInt8(0x80)...0xFF).map { byte in
            if let exception = Self.exceptions[name]?[byte] { return Array(exception.utf8) }
            let scalars = converter.decode([byte]).unicodeScalars
            guard let scalar = scalars.first, scalars.count == 1, scalar != "\u{FFFD}" else {
                // The standard leaves the gaps between 0x80 and 0x9F of the Windows code pages to the control characters.
                return Array((isWindows && byte < 0xA0 ? Unicode.Scalar(byte) : "\u{FFFD}").utf8)
            }
            return Array(scalar.utf8)
        }
    }

    /// Where the indexes of the WHATWG Encoding Standard differ from the C library's tables.
    private static let exceptions: [String: [UInt8: String]] = [
        "KOI8-U": [0xAE: "ў", 0xBE: "Ў"], "MACINTOSH": [0xC6: "∆", 0xF0: "\u{F8FF}"], "MAC-CYRILLIC": [0xFF: "€"],
        "WINDOWS-1255": [0xCA: "\u{5BA}"],
    ]

    func decode(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            if byte < 0x80 { result.append(byte) } else { result += upper[Int(byte) - 0x80] }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
