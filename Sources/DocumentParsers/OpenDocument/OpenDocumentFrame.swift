import Domain

/// An element that is open while an OpenDocument file is read, and what has been found in it.
struct OpenDocumentFrame {
    enum Kind: Equatable {
        case paragraph, table, cell, slide, slideTitle, slideNotes
        /// The index of a footnote or endnote.
        case note(Int)
    }

    let kind: Kind
    /// How many elements were open when it began.
    let depth: Int
    var headingLevel: Int?
    var isHidden = false
    /// The styles of the open lists within this frame.
    var lists: [String?] = []
    /// True until the open list item has got its bullet or number.
    var needsBullet = false
    /// The number of the open list item, or of a heading.
    var label: String?
    /// Blocks that ended within this frame.
    var blocks: [TextBlock] = []
    var rows: [[String]] = []
    /// How often the open row of a table, or a cell, stands there.
    var repeats = 1
    var titles: [TextBlock] = []
    var slideNotes: [TextBlock] = []
    private var text: [UInt8] = []
    private var endsInSpace = true

    /// More spaces in a row than any layout needs.
    private static let mostSpaces = 200

    init(kind: Kind, depth: Int) {
        self.kind = kind
        self.depth = depth
    }

    /// The first paragraph of an item takes its bullet or number.
    mutating func enterItem(of outer: inout OpenDocumentFrame) {
        (lists, needsBullet, label) = (outer.lists, outer.needsBullet, outer.needsBullet ? outer.label : nil)
        outer.needsBullet = false
    }

    /// White space in the file is one space, and none at the start of a paragraph, unless it is `isVerbatim` (part 3, 6.1.2).
    mutating func append(_ piece: String, isVerbatim: Bool) {
        if isVerbatim {
            text += piece.utf8
            endsInSpace = false
            return
        }
        for byte in piece.utf8 {
            let isSpace = byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
            if !(isSpace && endsInSpace) { text.append(isSpace ? 0x20 : byte) }
            endsInSpace = isSpace
        }
    }

    mutating func appendExponentMark() { if !endsInSpace { append(Exponent.mark, isVerbatim: true) } }

    mutating func appendSpaces(_ count: Int) {
        append(String(repeating: " ", count: min(max(count, 0), Self.mostSpaces)), isVerbatim: true)
    }

    /// What a frame of that kind came to; nil for one without text.
    var paragraph: TextBlock? {
        let text = TextDecoder.cleaned(String(decoding: text, as: UTF8.self)).trimmed
        guard !text.isEmpty, !isHidden else { return nil }
        var block = TextBlock(text: text, headingLevel: headingLevel)
        // Numbered headings stand in lists too, and further paragraphs of an item have no bullet of their own.
        if headingLevel == nil, !lists.isEmpty, needsBullet { block.listLevel = min(lists.count - 1, 8) }
        if headingLevel != nil || block.listLevel != nil { block.label = label }
        return block
    }

    var table: TextBlock? { TextBlock.table(rows) }

    /// Adds the last row once more for each time that it stands there besides; a row without words has no need of it.
    mutating func repeatRow() {
        guard repeats > 1, let row = rows.last, row.contains(where: { !$0.isEmpty }) else { return }
        rows.append(contentsOf: repeatElement(row, count: repeats - 1))
    }

    /// All blocks on one line.
    var joinedText: String {
        blocks.map(\.labelledText).joined(separator: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

/// The namespaces of OpenDocument that hold text or lead to it.
enum OpenDocumentVocabulary {
    case office, text, table, drawing, presentation
    /// Part of the document, without text of its own.
    case neutral
    /// Other standards' vocabularies: titles of pictures in SVG, formulas in MathML.
    case other

    init(_ namespace: String) {
        let prefix = "urn:oasis:names:tc:opendocument:xmlns:"
        guard namespace.hasPrefix(prefix) else {
            self = namespace.contains("svg") || namespace.contains("Math") ? .other : .neutral
            return
        }
        self =
            switch namespace.dropFirst(prefix.count).prefix(while: { $0 != ":" }) {
            case "office": .office
            case "text": .text
            case "table": .table
            case "drawing": .drawing
            case "presentation": .presentation
            case "svg-compatible": .other
            default: .neutral
            }
    }
}
