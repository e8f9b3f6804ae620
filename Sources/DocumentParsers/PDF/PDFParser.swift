import Domain

/// PDF by poppler's command-line tools: `pdfinfo` for what is known about the document, `pdftotext` for its text in
/// reading order. Neither is memory-safe, so servers run this parser in a sandboxed child.
struct PDFParser: DocumentParser {
    static let needsTools = true

    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        try input.withPath { path throws(ParseError) in
            [try document(Poppler(path: path, limits: input.limits))]
        }
    }

    private func document(_ poppler: Poppler) throws(ParseError) -> ParsedDocument {
        let information = try poppler.information()
        var document = PDFText.join(try poppler.text())
        guard document.text.utf8.contains(where: { $0 > 0x20 }) else {
            throw try poppler.holdsPictures() ? .scanned : .empty
        }
        document.title = information.title
        document.author = information.author
        document.description = information.subject
        document.publishedMilliseconds = information.created.flatMap(DocumentDate.milliseconds)
        return document
    }
}
