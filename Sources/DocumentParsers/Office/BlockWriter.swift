import Domain

/// A paragraph, heading, list item or table, ready to be written.
struct TextBlock {
    var text: String
    var headingLevel: Int?
    /// 0 for the outermost list; nil outside lists.
    var listLevel: Int?
    /// The number of a list item or heading as its reader sees it, `2.1` or `(a)`; list items without one get a dash.
    var label: String?

    /// A row a line, without the empty cells at its end; `nil` where nothing is in any.
    static func table(_ rows: [[String]]) -> TextBlock? {
        let lines = rows.compactMap { row -> String? in
            guard let last = row.lastIndex(where: { !$0.isEmpty }) else { return nil }
            return row[...last].map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")
        }
        return lines.isEmpty ? nil : TextBlock(text: lines.joined(separator: "\n"))
    }

    /// The text behind its number.
    var labelledText: String { label.map { "\($0) \(text)" } ?? text }
}

/// Puts blocks together to a text and counts where its headings and numbered parts are.
struct BlockWriter {
    private(set) var document = ParsedDocument(text: "")
    private var offset = 0
    private var isAfterListItem = false
    private var divisionStarts: [Int] = []
    var byteCount: Int { document.text.utf8.count }
    /// The names of those parts in which nothing has been written yet.
    private var emptyDivisions: [String?] = []

    /// Begins the next numbered part, which holds what is written next. A name, which the text does not say, is a heading
    /// over it: the part before must not lend it its own.
    mutating func beginDivision(named name: String? = nil) { emptyDivisions.append(name) }

    /// The document with the numbered parts that were begun. One without text begins where the text after it does.
    func document(dividedInto unit: Divisions.Unit) -> ParsedDocument {
        var document = document
        let end = max(0, offset - 1)
        document.divisions = Divisions(unit, starts: divisionStarts + emptyDivisions.map { _ in end })
        return document
    }

    /// A blank line comes before each block, but items of a list follow one another closely.
    mutating func write(_ block: TextBlock) {
        if offset > 0 { append(isAfterListItem && block.listLevel != nil ? "\n" : "\n\n") }
        startDivisions()
        if let level = block.headingLevel { addHeading(block.labelledText, level: level) }
        if let level = block.listLevel {
            append(String(repeating: "  ", count: level) + (block.label == nil ? "- " : ""))
        }
        append(block.labelledText)
        isAfterListItem = block.listLevel != nil
    }

    private mutating func startDivisions() {
        for name in emptyDivisions {
            divisionStarts.append(offset)
            if let name { addHeading(name, level: 1) }
        }
        emptyDivisions = []
    }

    private mutating func addHeading(_ text: String, level: Int) {
        guard document.headings.count < Outline.maximumHeadings else { return }
        let title = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let shortTitle = String(title.prefix(Outline.maximumTitleLength))
        document.headings.append(ParsedDocument.Heading(offset: offset, level: level, title: shortTitle))
    }

    private mutating func append(_ text: String) {
        document.text += text
        offset += text.utf16.count
    }
}
