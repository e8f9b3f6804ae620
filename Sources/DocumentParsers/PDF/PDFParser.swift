import Domain

/// PDF by poppler's command-line tools: `pdfinfo` for what is known about the document, `pdftotext` for its words and their
/// places, `pdftoppm` and tesseract for pages that are pictures. None of them is memory-safe, so servers run this parser in a
/// sandboxed child.
struct PDFParser: DocumentParser {
    static let needsTools = true
    static let hasPages = true

    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let poppler = Poppler(input: try input.forTools(), limits: input.limits)
        let information = try poppler.information()
        guard information.pages <= input.limits.maximumPages else {
            throw .tooLarge("it has more than \(input.limits.maximumPages) pages")
        }
        ProcessorTime.allow(input.limits.processorSeconds(forPages: information.pages))
        var pages = try PDFPages(poppler, count: information.pages, of: input)
        try pages.recognizePictures()
        pages.noteDamage()
        var document = DocumentComposer.document(pages.texts, outline: try poppler.outline())
        guard document.text.utf8.contains(where: { $0 > 0x20 }) else { throw .empty }
        document.title = information.title
        document.author = information.author
        document.description = information.subject
        document.publishedMilliseconds = information.created.flatMap(DocumentDate.milliseconds)
        document.warnings = pages.warnings
        return [document]
    }
}
