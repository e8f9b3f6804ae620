import Domain

/// Word documents (DOCX: WordprocessingML, ECMA-376 part 1, chapter 17).
///
/// Paragraphs are separated by blank lines, list items stand on lines that begin with `- ` or their number, table rows on
/// lines with the cells between ` | `. Deleted and hidden text, fields' codes, comments, page headers and footers are left out;
/// a text box, chart or diagram follows the paragraph that it is anchored in, and notes are at the end. Files that Word would
/// take in when it opens the document (`altChunk`, 17.17.2.1) stand where they are named.
struct WordParser: DocumentParser {
    /// Files that are put into files that are put in: deeper ones are left out.
    private static let maximumDepth = 2

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
        let (imported, warnings) = try Self.importedFiles(relationships, in: parts, of: input)
        let insertions = parts.graphics(relationships).merging(imported) { graphic, _ in graphic }
        var reader = WordReader(
            styles: styles ?? WordStyles(), numbering: numbering ?? WordNumbering(), insertions: insertions)
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
        document.warnings = warnings
        return [document]
    }

    /// What imported files say, by relationship.
    private static func importedFiles(
        _ relationships: [String: OpenPackage.Relationship], in parts: PackageParts, of input: ParserInput
    ) throws(ParseError) -> (blocks: [String: [TextBlock]], warnings: [String]) {
        var (blocks, warnings): ([String: [TextBlock]], [String]) = ([:], [])
        var textBytes = 0
        for (id, relationship) in relationships.sorted(by: { $0.key < $1.key }) where relationship.isImportedFile {
            let name = String(relationship.target.split(separator: "/").last ?? "")
            guard input.depth < maximumDepth, let content = parts[relationship.target] else {
                warnings.append("The file \(name) that it imports was left out.")
                continue
            }
            do {
                let documents = try DocumentDispatcher().read(ParserInput(content, fileName: name, within: input))
                textBytes += documents.reduce(0) { $0 + $1.text.utf8.count }
                blocks[id] = documents.flatMap(\.blocks)
            } catch {
                warnings.append("The file \(name) that it imports could not be read and was left out.")
            }
            guard textBytes <= input.limits.maximumTextBytes else { throw FileBytes.tooMuchText(input.limits) }
        }
        return (blocks, warnings)
    }

    /// The parts that the text refers to, by the type of the relationship; where there is none, by the name that all programs
    /// give them. Charts, diagrams and imported files have keys of their own, as there may be many.
    private static func partsBeside(
        _ main: String, _ relationships: [String: OpenPackage.Relationship]
    ) -> [String: String] {
        var parts: [String: String] = [:]
        for type in ["styles", "numbering", "footnotes", "endnotes"] {
            parts[type] =
                relationships.values.first { $0.type == type }?.target ?? "\(OpenPackage.folder(of: main))\(type).xml"
        }
        for (id, relationship) in relationships
        where PackageParts.graphicTypes.contains(relationship.type) || relationship.isImportedFile {
            parts["#\(id)"] = relationship.target
        }
        return parts
    }
}

extension OpenPackage.Relationship {
    /// To a file of another format that is part of the text (ECMA-376 part 1, 11.3.1).
    fileprivate var isImportedFile: Bool { type == "aFChunk" && !isExternal }
}

extension ParsedDocument {
    /// Its headings, and the paragraphs between them.
    fileprivate var blocks: [TextBlock] {
        let units = text.utf16
        let starts = headings.map {
            units.index(units.startIndex, offsetBy: $0.offset, limitedBy: units.endIndex) ?? units.endIndex
        }
        var blocks = Self.paragraphs(text[..<(starts.first ?? units.endIndex)])
        for (heading, (start, end)) in zip(headings, zip(starts, starts.dropFirst() + [units.endIndex])) {
            blocks.append(TextBlock(text: heading.title, headingLevel: heading.level))
            // The first line is the heading.
            blocks += Self.paragraphs(text[start..<max(start, end)].drop { $0 != "\n" })
        }
        return blocks
    }

    private static func paragraphs(_ text: Substring) -> [TextBlock] {
        text.split(separator: "\n\n").map(\.trimmed).filter { !$0.isEmpty }.map { TextBlock(text: $0) }
    }

    /// Takes over what the core properties of an Office file say.
    mutating func setProperties(_ properties: OpenPackage.Properties) {
        title = properties.title
        author = properties.author
        description = properties.description
        publishedMilliseconds = properties.created.flatMap(DocumentDate.milliseconds)
    }
}
