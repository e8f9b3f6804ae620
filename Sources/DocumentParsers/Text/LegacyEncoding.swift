import CUchardet
import Glibc

/// Text in an encoding of before Unicode: guessed by uchardet, converted by the C library.
enum LegacyEncoding {
    /// How many bytes uchardet is shown, beginning shortly before the first that is not ASCII.
    private static let windowBytes = 256 << 10

    static func decode(_ bytes: [UInt8]) -> String {
        decode(bytes, from: guess(bytes)) ?? decode(bytes, from: fallback) ?? String(decoding: bytes, as: UTF8.self)
    }

    /// - Returns: nil where the C library does not know the encoding.
    static func decode(_ bytes: [UInt8], from encoding: String) -> String? {
        guard let converter = iconv_open("UTF-8", superset(of: encoding)), Int(bitPattern: converter) != -1 else {
            return nil
        }
        defer { iconv_close(converter) }
        return String(decoding: convert(bytes, with: converter), as: UTF8.self)
    }

    /// What text is taken for when nothing is recognised, as browsers do.
    private static let fallback = "WINDOWS-1252"

    private static func guess(_ bytes: [UInt8]) -> String {
        guard let detector = uchardet_new() else { return fallback }
        defer { uchardet_delete(detector) }
        let first = bytes.firstIndex { $0 >= 0x80 || $0 == 0x1B } ?? 0
        let window = bytes[max(0, first - 1024)...].prefix(windowBytes)
        let failed = window.withUnsafeBytes { buffer in
            uchardet_handle_data(detector, buffer.bindMemory(to: CChar.self).baseAddress, buffer.count)
        }
        uchardet_data_end(detector)
        guard failed == 0, let name = uchardet_get_charset(detector) else { return fallback }
        let encoding = String(cString: name)
        return encoding.isEmpty || encoding == "ASCII" ? fallback : encoding
    }

    /// The label that is written is often the subset of what is meant (WHATWG Encoding Standard, section 4.2).
    private static func superset(of encoding: String) -> String {
        switch encoding.uppercased() {
        case "ISO-8859-1", "LATIN1", "ASCII", "US-ASCII": "WINDOWS-1252"
        case "ISO-8859-9": "WINDOWS-1254"
        case "SHIFT_JIS", "SHIFT-JIS", "X-SJIS", "SJIS": "CP932"
        case "GB2312", "GBK": "GB18030"
        case "EUC-KR", "KS_C_5601-1987": "CP949"
        default: encoding
        }
    }

    private static func convert(_ bytes: [UInt8], with converter: iconv_t) -> [UInt8] {
        var input = bytes
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count * 2)
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        input.withUnsafeMutableBytes { source in
            var next = source.bindMemory(to: CChar.self).baseAddress
            var left = source.count
            while left > 0 {
                let (outcome, produced) = step(converter, &next, &left, into: &piece)
                result += piece.prefix(produced)
                if outcome == E2BIG || outcome == 0 { continue }
                // Not a character of this encoding, or the text ends within one.
                result += [0xEF, 0xBF, 0xBD]
                next = next.map { $0 + 1 }
                left -= 1
            }
        }
        return result
    }

    /// One call of `iconv`: its error number, or 0, and how many bytes it wrote.
    private static func step(
        _ converter: iconv_t, _ next: inout UnsafeMutablePointer<CChar>?, _ left: inout Int, into piece: inout [UInt8]
    ) -> (outcome: Int32, produced: Int) {
        piece.withUnsafeMutableBytes { target in
            var output = target.bindMemory(to: CChar.self).baseAddress
            var room = target.count
            let converted = iconv(converter, &next, &left, &output, &room)
            return (converted == -1 ? errno : 0, target.count - room)
        }
    }
}
