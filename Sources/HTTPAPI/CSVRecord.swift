/// A line of a table after RFC 4180, safe to open in a spreadsheet.
enum CSVRecord {
    static func line(_ fields: [String]) -> String {
        fields.map { quoted($0) }.joined(separator: ",") + "\r\n"
    }

    /// - Parameter isOneLine: whether a line end within the field becomes a space.
    static func quoted(_ field: String, isOneLine: Bool = false) -> String {
        let quote = UInt8(ascii: "\"")
        var bytes = [quote]
        bytes.reserveCapacity(field.utf8.count + 16)
        if startsFormula(field) { bytes.append(UInt8(ascii: "'")) }
        var isAfterReturn = false
        for byte in field.utf8 {
            switch byte {
            case quote: bytes += [quote, quote]
            case UInt8(ascii: "\n") where isOneLine: if !isAfterReturn { bytes.append(UInt8(ascii: " ")) }
            case UInt8(ascii: "\r") where isOneLine: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
            isAfterReturn = byte == UInt8(ascii: "\r")
        }
        bytes.append(quote)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A spreadsheet runs what looks like a formula: an apostrophe in front makes it text. Full-width signs count, as
    /// East Asian versions take them for the same, and so do signs behind white space, which some drop.
    private static func startsFormula(_ field: String) -> Bool {
        let scalars = field.unicodeScalars
        let firstSign = scalars.first { !$0.properties.isWhitespace }
        let hasSign = firstSign.map("=+-@＝＋－＠".unicodeScalars.contains) ?? false
        let startsWithBreak = scalars.first.map("\t\r\n".unicodeScalars.contains) ?? false
        return hasSign || startsWithBreak
    }
}
