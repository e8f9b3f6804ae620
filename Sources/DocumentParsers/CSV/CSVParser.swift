import Domain

/// Tables as text: a row for each line, but for line breaks within quotation marks (RFC 4180, and what programs write that
/// never read it: other delimiters, stray quotation marks, the `sep=` line of Excel).
///
/// The text stays as it is; its rows are numbered as a spreadsheet numbers them, and never torn apart.
struct CSVParser: TextFormatParser {
    /// Rows that are told apart; the others count as part of the last.
    static let maximumRows = 1_000_000

    func document(_ text: String, _ input: ParserInput) -> ParsedDocument {
        var text = text
        let declared = Self.delimiterLine(text)
        if declared != nil {
            text = text.firstIndex(of: "\n").map { String(text[text.index(after: $0)...]) } ?? ""
        }
        let isTabbed = FileExtension.of(input.fileName) != ".csv"
        return text.withUTF8 { bytes in
            let delimiter = declared ?? CSVDialect.delimiter(of: bytes, prefersTab: isTabbed)
            var scanner = CSVScanner(bytes, delimiter: delimiter)
            var starts: [Int] = []
            var columnNames: String?
            var offset = 0
            if let header = CSVDialect.header(of: bytes, delimiter: delimiter) {
                columnNames = String(decoding: bytes[header], as: UTF8.self).trimmed
            }
            while starts.count < Self.maximumRows, let row = scanner.next() {
                starts.append(offset)
                offset += utf16Count(bytes[row.range])
            }
            return ParsedDocument(
                text: String(decoding: bytes, as: UTF8.self), divisions: Divisions(.row, starts: starts),
                columnNames: columnNames)
        }
    }

    /// Excel takes the delimiter from a first line `sep=;`, which is no row.
    private static func delimiterLine(_ text: String) -> UInt8? {
        let line = text.utf8.prefix { $0 != 0x0A }.filter { $0 != 0x22 }
        guard line.count == 5, String(decoding: line.prefix(4), as: UTF8.self).lowercased() == "sep=" else {
            return nil
        }
        return line.last
    }
}
