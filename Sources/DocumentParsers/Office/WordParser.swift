import Domain

/// Word documents (DOCX: WordprocessingML, ECMA-376 part 1, chapter 17).
///
/// Paragraphs are separated by blank lines, list items stand on lines that begin with `- ` or their number, table rows on
/// lines with the cells between ` | `. Deleted and hidden text, fields' codes, comments, page headers and footers are left out;
/// a text box, chart or diagram follows the paragraph that it is anchored in, and notes are at the end.
struct WordParser: DocumentParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let archive = ZipArchive(try input.bytes(), limits: input.limits)
        let main = try OpenPackage(archive: archive).mainPart(fallback: "word/document.xml")
        let outline = try PackageParts(of: archive) { $0 == PackageParts.key(OpenPackage.relationshipsPart(of: main)) }
        let relationships = try outline.relationships(of: main)
        let wanted = Self.partsBeside(main, relationships)
        let keys = Set((wanted.values + [main, OpenPackage.coreProperties]).map(PackageParts.key))
        let parts = try PackageParts(of: archive, where: keys.contains)
        guard let body = parts[main] else { throw .corrupt("it holds no Word document") }

        let content = { (type: String) in wanted[type].flatMap { parts[$0] } }
        let styles = try content("styles").map { content throws(ParseError) in try WordStyles(content) }
        // Without their numbers the paragraphs are still worth reading.
        let numbering = content("numbering").flatMap { try? WordNumbering($0) }
        let graphics = parts.graphics(relationships)
        var reader = WordReader(
            styles: styles ?? WordStyles(), numbering: numbering ?? WordNumbering(), graphics: graphics)
        try reader.read(body)
        var writer = BlockWriter()
        for block in reader.blocks { writer.write(block) }
        var notes: [WordReader.NoteID: String] = [:]
        for notesPart in [content("footnotes"), content("endnotes")].compactMap(\.self) where !reader.noteOrder.isEmpty
        {
            var noteReader = WordReader(styles: styles ?? WordStyles(), numbering: numbering ?? WordNumbering())
            try noteReader.read(notesPart)
            notes.merge(noteReader.notes) { first, _ in first }
        }
        for (index, id) in reader.noteOrder.enumerated() {
            guard let text = notes[id], !text.isEmpty else { continue }
            writer.write(TextBlock(text: "[^\(index + 1)]: \(text)"))
        }
        var document = try writer.document.checked(input.limits)
        document.setProperties(OpenPackage.properties(of: parts))
        return [document]
    }

    /// The parts that the text refers to, by the type of the relationship; where there is none, by the name that all programs
    /// give them. Charts and diagrams have keys of their own, as there may be many.
    private static func partsBeside(
        _ main: String, _ relationships: [String: OpenPackage.Relationship]
    ) -> [String: String] {
        var parts: [String: String] = [:]
        for type in ["styles", "numbering", "footnotes", "endnotes"] {
            parts[type] =
                relationships.values.first { $0.type == type }?.target ?? "\(OpenPackage.folder(of: main))\(type).xml"
        }
        for (id, relationship) in relationships where PackageParts.graphicTypes.contains(relationship.type) {
            parts["#\(id)"] = relationship.target
        }
        return parts
    }
}

extension ParsedDocument {
    /// Takes over what the core properties of an Office file say.
    mutating func setProperties(_ properties: OpenPackage.Properties) {
        title = properties.title
        author = properties.author
        description = properties.description
        publishedMilliseconds = properties.created.flatMap(DocumentDate.milliseconds)
    }
}
