import Domain

/// Rich Text Format (RTF specification 1.9.1), as Word, LibreOffice, WordPad and TextEdit write it.
///
/// The text is written as that of Word is: see `WordParser`. Own code, because the tools that Debian has for the format lose
/// tables, notes and text in other alphabets, or are an office suite of hundreds of megabytes.
struct RTFParser: DocumentParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let bytes = try input.bytes()
        var reader = RTFReader()
        try bytes.withUnsafeBufferPointer { buffer throws(ParseError) in try reader.read(buffer) }
        var writer = BlockWriter()
        for block in reader.body { writer.write(block) }
        for (index, note) in reader.notes.enumerated() where !note.isEmpty {
            writer.write(TextBlock(text: "[^\(index + 1)]: \(note)"))
        }
        var document = writer.document
        if reader.isCutOff { document.warnings.append("The file ends in the middle; what followed is missing.") }
        document.title = reader.properties[.title]
        document.author = reader.properties[.author]
        document.description = reader.properties[.comment] ?? reader.properties[.subject]
        document.publishedMilliseconds = reader.created
        return [try document.checked(input.limits)]
    }

    /// Whether these are the first bytes of such a file, after white space or a byte order mark at most.
    static func begins(_ sample: ArraySlice<UInt8>) -> Bool {
        sample.drop { $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }.starts(with: "{\\rtf".utf8)
    }
}
