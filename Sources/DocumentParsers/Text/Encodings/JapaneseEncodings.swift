/// EUC-JP and ISO-2022-JP with the rows that NEC and IBM added to JIS X 0208, which the C library's tables for them lack.
///
/// Both are turned into Shift_JIS, whose table for Windows has these rows: all three only write the row and column of JIS
/// X 0208 in other ways.
enum JapaneseEncodings {
    static func decodeEUC(_ bytes: [UInt8]) -> String? {
        guard let supplement = Converter("EUC-JP-MS") else { return nil }
        var shifted: [UInt8] = []
        shifted.reserveCapacity(bytes.count)
        var supplementary: [[UInt8]] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let second = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch byte {
            case 0..<0x80:
                shifted.append(byte)
                index += 1
            case 0x8E where (0xA1...0xDF).contains(second):
                shifted.append(second)
                index += 2
            case 0x8F where second >= 0xA1 && index + 2 < bytes.count && bytes[index + 2] >= 0xA1:
                // JIS X 0212 has no place in Shift_JIS: a user-defined character there stands for it until the end.
                shifted += Self.placeholder
                supplementary.append(Array(bytes[index..<index + 3]))
                index += 3
            case 0xA1...0xFE where (0xA1...0xFE).contains(second):
                shifted += shiftJIS(row: byte - 0xA0, column: second - 0xA0)
                index += 2
            default:
                shifted += Self.nothing
                index += 1
            }
        }
        guard let text = Converter("CP932")?.decode(shifted) else { return nil }
        guard !supplementary.isEmpty else { return text }
        return fill(text, with: supplementary.map { supplement.decode($0) })
    }

    /// States as in section 12.2.1 of the WHATWG Encoding Standard: an escape sequence chooses what the next bytes are.
    static func decodeISO2022(_ bytes: [UInt8]) -> String? {
        enum State { case ascii, roman, katakana, pairs }
        var state = State.ascii
        var shifted: [UInt8] = []
        shifted.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x1B {
                let sequence = Array(bytes[(index + 1)...].prefix(2))
                switch sequence {
                case Array("(B".utf8): state = .ascii
                case Array("(J".utf8): state = .roman
                case Array("(I".utf8): state = .katakana
                case Array("$@".utf8), Array("$B".utf8): state = .pairs
                default: shifted += Self.nothing
                }
                index +=
                    [.init("(B".utf8), .init("(J".utf8), .init("(I".utf8), .init("$@".utf8), .init("$B".utf8)]
                        .contains(sequence) ? 3 : 1
                continue
            }
            if state == .pairs, (0x21...0x7E).contains(byte), index + 1 < bytes.count,
                (0x21...0x7E).contains(bytes[index + 1])
            {
                shifted += shiftJIS(row: byte - 0x20, column: bytes[index + 1] - 0x20)
                index += 2
                continue
            }
            let isKatakana = state == .katakana && (0x21...0x5F).contains(byte)
            shifted += byte >= 0x80 ? Self.nothing : [isKatakana ? byte + 0x80 : byte]
            index += 1
        }
        return Converter("CP932")?.decode(shifted)
    }

    /// In Shift_JIS: the first user-defined character, U+E000 in Unicode.
    private static let placeholder: [UInt8] = [0xF0, 0x40]
    /// No character of Shift_JIS.
    private static let nothing: [UInt8] = [0xFF]

    /// Both counted from 1: two rows of 94 share a first byte of Shift_JIS.
    private static func shiftJIS(row: UInt8, column: UInt8) -> [UInt8] {
        let pair = (row - 1) / 2
        let first = pair + (pair < 0x1F ? 0x81 : 0xC1)
        let place = (row - 1) % 2 * 94 + column - 1
        return [first, place + (place < 0x3F ? 0x40 : 0x41)]
    }

    private static func fill(_ text: String, with characters: [String]) -> String {
        var rest = characters[...]
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\u{E000}", let next = rest.popFirst() {
                result += next
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
