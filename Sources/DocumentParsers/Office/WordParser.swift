import Domain

/// Word documents (DOCX: WordprocessingML, ECMA-376 part 1, chapter 17).
///
/// Paragraphs are separated by blank lines, list items stand on lines that begin with `- `, table rows on lines with the
/// cells between ` | `. Deleted and hidden text, fields' codes, comments, page headers and footers are left out; a text
/// box follows the paragraph that it is anchored in, and notes are at the end.
struct WordParser: DocumentParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let archive = ZipArchive(try input.bytes(), limits: input.limits)
        let main = try OpenPackage(archive: archive).mainPart(fallback: "word/document.xml")
        let folder = main.lastIndex(of: "/").map { String(main[...$0]) } ?? ""
        let names = (
            styles: folder + "styles.xml", footnotes: folder + "footnotes.xml", endnotes: folder + "endnotes.xml",
            properties: "docProps/core.xml"
        )
        let parts = try archive.contents(of: [
            main, names.styles, names.footnotes, names.endnotes, names.properties,
        ])
        guard let body = parts[main] else { throw .corrupt("it holds no Word document") }
        var styles = WordStyles()
        if let content = parts[names.styles] { styles = try WordStyles(content) }
        var document = try read(
            body, styles: styles, footnotes: parts[names.footnotes], endnotes: parts[names.endnotes])
        document = try document.checked(input.limits)
        // A document whose properties alone are damaged is still worth reading.
        if let properties = parts[names.properties].flatMap({ try? OpenPackage.properties($0) }) {
            document.title = properties.title
            document.author = properties.author
            document.description = properties.description
            document.publishedMilliseconds = properties.created.flatMap(DocumentDate.milliseconds)
        }
        return [document]
    }

    private func read(
        _ body: [UInt8], styles: WordStyles, footnotes: [UInt8]?, endnotes: [UInt8]?
    ) throws(ParseError) -> ParsedDocument {
        var reader = WordReader(styles: styles)
        try reader.read(body)
        var writer = BlockWriter()
        for block in reader.blocks { writer.write(block) }
        guard !reader.noteOrder.isEmpty else { return writer.document }
        var notes: [WordReader.NoteID: String] = [:]
        for content in [footnotes, endnotes].compactMap({ $0 }) {
            var noteReader = WordReader(styles: styles)
            try noteReader.read(content)
            notes.merge(noteReader.notes) { first, _ in first }
        }
        for (index, id) in reader.noteOrder.enumerated() {
            guard let text = notes[id], !text.isEmpty else { continue }
            writer.write(TextBlock(text: "[^\(index + 1)]: \(text)"))
        }
        return writer.document
    }
}
