import Domain

/// A paragraph, heading, list item or table, ready to be written.
struct TextBlock {
    var text: String
    var headingLevel: Int?
    /// 0 for the outermost list; nil outside lists.
    var listLevel: Int?
}

/// Puts blocks together to a text and counts where its headings are.
struct BlockWriter {
    private(set) var document = ParsedDocument(text: "")
    private var offset = 0
    private var isAfterListItem = false

    /// A blank line comes before each block, but items of a list follow one another closely.
    mutating func write(_ block: TextBlock) {
        if offset > 0 { append(isAfterListItem && block.listLevel != nil ? "\n" : "\n\n") }
        if let level = block.headingLevel {
            let title = block.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            document.headings.append(ParsedDocument.Heading(offset: offset, level: level, title: title))
        }
        if let level = block.listLevel { append(String(repeating: "  ", count: level) + "- ") }
        append(block.text)
        isAfterListItem = block.listLevel != nil
    }

    private mutating func append(_ text: String) {
        document.text += text
        offset += text.utf16.count
    }
}
