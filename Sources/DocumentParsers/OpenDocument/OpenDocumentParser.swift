import Domain

/// Texts, presentations and spreadsheets in the OpenDocument format (ISO/IEC 26300, version 1.3): as a ZIP package, or
/// "flat" as one XML file.
///
/// Texts are written as those of Word are: see `WordParser`. Each slide's title comes first and the speaker's notes last;
/// each sheet is a document of its own, written by `SheetWriter`.
struct OpenDocumentParser: DocumentParser {
    enum Kind { case text, presentation, spreadsheet }

    let kind: Kind

    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let parts = try OpenDocumentParts(input)
        let documents =
            switch kind {
            case .spreadsheet: try OpenSpreadsheetReader.sheets(in: parts.content, limits: input.limits)
            case .text, .presentation: [try read(parts).checked(input.limits)]
            }
        // A document whose properties alone are damaged is still worth reading.
        let properties = parts.properties.flatMap { try? OpenDocumentProperties($0) }
        guard let properties else { return documents }
        return documents.map { document in
            var document = document
            document.title = properties.title
            document.author = properties.author
            document.description = properties.description
            document.publishedMilliseconds = properties.date.flatMap(DocumentDate.milliseconds)
            return document
        }
    }

    private func read(_ parts: OpenDocumentParts) throws(ParseError) -> ParsedDocument {
        var styles = OpenDocumentStyles()
        for content in [parts.styles, parts.content].compactMap({ $0 }) { try styles.add(content) }
        var reader = OpenDocumentReader(styles: styles)
        try reader.read(parts.content)
        var writer = BlockWriter()
        for block in reader.blocks { writer.write(block) }
        for slide in reader.slides {
            writer.beginDivision()
            for block in slide { writer.write(block) }
        }
        for (index, note) in reader.notes.enumerated() where !note.isEmpty {
            writer.write(TextBlock(text: "[^\(index + 1)]: \(note)"))
        }
        return reader.slides.isEmpty ? writer.document : writer.document(dividedInto: .slide)
    }
}

/// What a package, or a flat file, consists of.
struct OpenDocumentParts {
    let content: [UInt8]
    let styles: [UInt8]?
    let properties: [UInt8]?

    private static let manifest = "META-INF/manifest.xml"
    private static let names: Set<String> = ["content.xml", "styles.xml", "meta.xml", manifest]

    init(_ input: ParserInput) throws(ParseError) {
        let bytes = try input.bytes()
        guard bytes.starts(with: [0x50, 0x4B]) else {
            content = bytes
            styles = nil
            properties = bytes
            return
        }
        let archive = ZipArchive(bytes, limits: input.limits)
        // From LibreOffice 24.8 on a password makes a package of one encrypted entry, without a manifest that says so.
        if try archive.entryNames().contains("encrypted-package") { throw .encrypted }
        let parts = try archive.contents(of: Self.names)
        if let manifest = parts[Self.manifest], try Self.isEncrypted(manifest) { throw .encrypted }
        guard let content = parts["content.xml"] else { throw .corrupt("it holds no OpenDocument content") }
        self.content = content
        styles = parts["styles.xml"]
        properties = parts["meta.xml"]
    }

    /// Part 2, 4.8: an entry that is encrypted says how.
    private static func isEncrypted(_ manifest: [UInt8]) throws(ParseError) -> Bool {
        let cursor = try XMLCursor(manifest, allowsDocumentType: true)
        while let event = try cursor.next() {
            if case .start(let element) = event, element.name == "encryption-data" { return true }
        }
        return false
    }
}

/// What `office:meta` says (part 3, 4.3).
struct OpenDocumentProperties {
    private(set) var title: String?
    private(set) var author: String?
    private(set) var description: String?
    private(set) var date: String?

    init(_ content: [UInt8]) throws(ParseError) {
        let cursor = try XMLCursor(content, allowsDocumentType: true)
        var fields: [String: String] = [:]
        var text = ""
        while let event = try cursor.next() {
            switch event {
            case .start(let element):
                // In a flat file the text follows.
                if element.name == "body" {
                    set(fields)
                    return
                }
                text = ""
            case .text(let piece): text += piece
            case .end(let name, let namespace):
                if namespace.contains(":meta:") || namespace.contains("purl.org/dc"), fields[name] == nil {
                    fields[name] = text.trimmed
                }
                text = ""
            }
        }
        set(fields)
    }

    private mutating func set(_ fields: [String: String]) {
        let filled = fields.filter { !$0.value.isEmpty }
        title = filled["title"]
        author = filled["initial-creator"] ?? filled["creator"]
        description = filled["description"] ?? filled["subject"]
        date = filled["creation-date"] ?? filled["date"]
    }
}
