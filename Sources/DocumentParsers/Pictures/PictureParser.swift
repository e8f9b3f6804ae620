import Domain

/// Pictures, by the text that tesseract recognises in them. Its decoders are not memory-safe, so servers run this parser in a
/// sandboxed child; they see a picture only when its header says that it is not too large.
struct PictureParser: DocumentParser {
    static let needsTools = true
    static let hasPages = true

    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let limits = input.limits
        guard let kind = PictureKind(try input.prefix(ContentKind.sampleBytes)[...]) else {
            throw PictureHeader.damaged
        }
        let sizes = try PictureHeader(input: input, kind: kind).sizes()
        for size in sizes {
            let (pixels, isOver) = size.width.multipliedReportingOverflow(by: size.height)
            guard !isOver, pixels <= limits.maximumPixels, max(size.width, size.height) < 1 << 15 else {
                throw .tooLarge("it has \(size.width) × \(size.height) pixels")
            }
        }
        let tesseract = try Tesseract(limits: limits)
        let upright =
            kind == .jpeg ? try UprightJPEG(header: JPEGHeader(input), limits: limits).picture(input) : nil
        let file = if let upright { Tool.Input.bytes(upright) } else { try input.forTools() }
        let recognizer = PageRecognizer(limits: limits) { input.report($0, of: sizes.count) }
        let outcome = recognizer.recognize(sizes.count) { index throws(ParseError) in
            try tesseract.page(file, number: index + 1, dotsPerInch: nil)
        }
        if outcome.pages.isEmpty, let error = outcome.error {
            throw error == .corrupt(Tesseract.unreadable) ? PictureHeader.damaged : error
        }
        return [try document(outcome, of: sizes.count).checked(limits)]
    }

    private func document(_ outcome: PageRecognizer.Outcome, of count: Int) -> ParsedDocument {
        let pages = (0..<count).map { index in
            var page = outcome.pages[index] ?? PlacedPage(number: index + 1, width: 0, height: 0)
            page.number = index + 1
            return PageComposer.text(of: page, knowsSizes: false)
        }
        var document = DocumentComposer.document(pages)
        if count == 1 { document.divisions = nil }
        if !outcome.omitted.isEmpty {
            document.warnings.append("\(PDFPages.names(of: outcome.omitted.map { $0 + 1 })) not read.")
        }
        return document
    }
}
