import Domain

/// JSON (RFC 8259), and JSON Lines: the text as it is, but for escapes, which become the letters that they mean. What it
/// lists are records, which are cited by number and never torn apart. What is no JSON is still text.
struct JSONTextParser: TextFormatParser {
    /// Records that are told apart; the others count as part of the last.
    static let maximumRecords = 1_000_000

    func document(_ text: String, _ input: ParserInput) -> ParsedDocument {
        var text = text
        return text.withUTF8 { bytes -> ParsedDocument? in
            var reader = JSONTextReader(bytes)
            guard reader.read() else { return nil }
            let starts = Array(reader.recordStarts.prefix(Self.maximumRecords))
            return ParsedDocument(
                text: String(decoding: reader.output, as: UTF8.self),
                divisions: starts.isEmpty ? nil : Divisions(.record, starts: starts))
        } ?? ParsedDocument(text: text, divisions: Self.lines(of: text, input))
    }

    /// Of JSON Lines a line is a record, even if one of them is damaged.
    private static func lines(of text: String, _ input: ParserInput) -> Divisions? {
        guard [".jsonl", ".ndjson"].contains(FileExtension.of(input.fileName)) else { return nil }
        var starts: [Int] = []
        forEachLine(of: text) { line in
            if !line.isBlank, starts.count < maximumRecords { starts.append(line.offset) }
        }
        return Divisions(.record, starts: starts)
    }
}
