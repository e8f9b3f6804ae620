package import Domain

/// PDF by poppler's command-line tools: `pdfinfo` for what is known about the document, `pdftotext` for its text in
/// reading order. Neither is memory-safe, so servers run this parser in a sandboxed child.
package struct PDFParser: FileParser {
    package static let fileExtensions: Set<String> = ["pdf"]

    package init() {}

    package func parse(_ bytes: [UInt8], limits: ParseLimits) throws(ParseError) -> ParsedDocument {
        let file = try TemporaryFile(bytes)
        defer { file.remove() }
        return try parse(path: file.path, limits: limits)
    }

    func parse(path: String, limits: ParseLimits) throws(ParseError) -> ParsedDocument {
        let poppler = Poppler(path: path, limits: limits)
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
