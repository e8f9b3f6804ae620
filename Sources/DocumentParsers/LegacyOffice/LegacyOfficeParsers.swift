import Domain

/// Documents of Word 97 to 2003.
struct BinaryWordParser: DocumentParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let document = try BinaryWordDocument(CompoundFile(input.bytes()))
        var writer = BlockWriter()
        for block in document.blocks() { writer.write(block) }
        return [try writer.document.checked(input.limits)]
    }
}

/// Workbooks of Excel 5 to 2003, which are written as those of today are.
struct BinaryWorkbookParser: DocumentParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let file = try CompoundFile(input.bytes())
        let name = file.holds("Workbook") ? "Workbook" : "Book"
        guard let stream = try file.stream(name) else {
            throw .corrupt("it is a damaged Excel workbook")
        }
        let workbook = try BinaryWorkbook(stream)
        var documents: [ParsedDocument] = []
        var textBytes = 0
        var offsets: Set<Int> = []
        for sheet in workbook.sheets where offsets.insert(sheet.offset).inserted {
            let text = try workbook.text(of: sheet, limits: input.limits)
            textBytes += text.byteCount
            guard textBytes <= input.limits.maximumTextBytes else { throw FileBytes.tooMuchText(input.limits) }
            if let document = text.document(named: sheet.name, headerRow: nil) { documents.append(document) }
        }
        guard !documents.isEmpty else { throw .empty }
        return documents
    }
}

/// Presentations of PowerPoint 97 to 2003, which are written as those of today are.
struct BinaryPresentationParser: DocumentParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        var presentation = try BinaryPresentation(CompoundFile(input.bytes()))
        var writer = BlockWriter()
        for (index, slide) in try presentation.slides().enumerated() {
            writer.writeSlide(
                number: index + 1, title: slide.title, isHidden: slide.isHidden, blocks: slide.paragraphs,
                notes: slide.notes)
            guard writer.byteCount <= input.limits.maximumTextBytes else { throw FileBytes.tooMuchText(input.limits) }
        }
        return [try writer.document(dividedInto: .slide).checked(input.limits)]
    }
}
