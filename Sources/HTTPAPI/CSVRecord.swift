/// A line of a table after RFC 4180, safe to open in a spreadsheet.
enum CSVRecord {
    static func line(_ fields: [String]) -> String { fields.map(quoted).joined(separator: ",") + "\r\n" }

    static func quoted(_ field: String) -> String {
        "\"\(harmless(field).replacing("\"", with: "\"\""))\""
    }

    /// A spreadsheet runs what looks like a formula: an apostrophe in front makes it text. Full-width signs count, as
    /// East Asian versions take them for the same, and so do signs behind white space, which some drop.
    private static func harmless(_ field: String) -> String {
        let scalars = field.unicodeScalars
        let firstSign = scalars.first { !$0.properties.isWhitespace }
        let startsFormula = firstSign.map("=+-@＝＋－＠".unicodeScalars.contains) ?? false
        let startsWithBreak = scalars.first.map("\t\r\n".unicodeScalars.contains) ?? false
        return startsFormula || startsWithBreak ? "'" + field : field
    }
}
