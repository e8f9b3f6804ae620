import Domain

/// Text that runs on by itself: the body of a file, a note or a text box. Collects paragraphs to blocks and tables.
struct RTFFlow {
    enum Kind: Equatable {
        case body
        /// Its index.
        case note(Int)
        case textBox
    }

    let kind: Kind
    /// How many groups were open when it began.
    let depth: Int
    private(set) var blocks: [TextBlock] = []
    /// The paragraph that is open.
    private var text: [UInt8] = []
    /// Where the raised text at the end of the paragraph begins.
    private var raised: Int?
    /// What is shown in front of the open paragraph: a bullet or a number.
    var listText: [UInt8]?
    /// Text boxes that are anchored in the open paragraph; they come after it.
    var boxes: [TextBlock] = []
    private var rows: [[String]] = []
    private var cells: [String] = []
    private var cellTexts: [String] = []
    private var nestedCells: [String] = []
    private var nestedTexts: [String] = []
    private var isRowOpen = false

    init(kind: Kind, depth: Int) {
        self.kind = kind
        self.depth = depth
    }

    mutating func append(_ bytes: some Collection<UInt8>, isRaised: Bool) {
        if isRaised { raised = raised ?? text.count } else { endRaised() }
        text += bytes
    }

    private mutating func endRaised() {
        guard let start = raised else { return }
        raised = nil
        if start > 0, text[start - 1] > 0x20, Exponent.isNumber(String(decoding: text[start...], as: UTF8.self)) {
            text.insert(contentsOf: Exponent.mark.utf8, at: start)
        }
    }

    mutating func beginRow() { isRowOpen = true }

    mutating func endParagraph(_ properties: RTFState.Paragraph, styles: RTFStyles) {
        if properties.isInTable || properties.tableDepth > 0 || isRowOpen {
            takeCellText(isNested: properties.tableDepth > 1)
            return
        }
        endTable()
        let text = takeText()
        defer {
            blocks += boxes
            boxes = []
            listText = nil
        }
        guard !text.isEmpty, !styles.isContentsEntry(properties.style) else { return }
        var block = TextBlock(text: text)
        if let level = properties.outlineLevel {
            block.headingLevel = level < 9 ? level + 1 : nil
        } else {
            block.headingLevel = styles.headingLevel(of: properties.style)
        }
        if block.headingLevel == nil, listText != nil || properties.isListed {
            block.listLevel = min(max(0, properties.listLevel), 8)
        }
        if block.headingLevel != nil || block.listLevel != nil { block.label = listText.flatMap(Self.number) }
        blocks.append(block)
    }

    mutating func endCell() {
        takeCellText(isNested: false)
        cells.append(cellTexts.joined(separator: " "))
        cellTexts = []
        isRowOpen = true
    }

    mutating func endRow() {
        rows.append(cells)
        cells = []
        isRowOpen = false
    }

    mutating func endNestedCell() {
        takeCellText(isNested: true)
        nestedCells.append(nestedTexts.joined(separator: " "))
        nestedTexts = []
    }

    mutating func endNestedRow() {
        let row = nestedCells.joined(separator: " | ")
        if nestedCells.contains(where: { !$0.isEmpty }) { cellTexts.append(row) }
        nestedCells = []
    }

    /// Closes whatever is open.
    mutating func finish(_ properties: RTFState.Paragraph, styles: RTFStyles) {
        endParagraph(properties, styles: styles)
        cellTexts = nestedTexts + nestedCells + cellTexts
        if !cellTexts.isEmpty { cells.append(cellTexts.joined(separator: " ")) }
        if !cells.isEmpty { rows.append(cells) }
        endTable()
    }

    private mutating func takeCellText(isNested: Bool) {
        let words = ([takeText()] + boxes.map(\.text)).joined(separator: " ").split(whereSeparator: \.isWhitespace)
        boxes = []
        listText = nil
        guard !words.isEmpty else { return }
        let text = words.joined(separator: " ")
        if isNested { nestedTexts.append(text) } else { cellTexts.append(text) }
    }

    private mutating func takeText() -> String {
        endRaised()
        defer { text = [] }
        return text.isEmpty ? "" : TextDecoder.cleaned(String(decoding: text, as: UTF8.self)).trimmed
    }

    private mutating func endTable() {
        let filled = rows.filter { row in row.contains { !$0.isEmpty } }
        rows = []
        guard !filled.isEmpty else { return }
        blocks.append(TextBlock(text: filled.map { $0.joined(separator: " | ") }.joined(separator: "\n")))
    }

    /// A number such as `2.1`, `IV.` or `(b)`; `nil` for bullets, of which `o` is one.
    private static func number(_ listText: [UInt8]) -> String? {
        let text = TextDecoder.cleaned(String(decoding: listText, as: UTF8.self)).trimmed
        let isNumber = text.contains { $0.isNumber } || text.count > 1 && text.last.map { ".):".contains($0) } == true
        return isNumber && text.utf8.count <= 20 ? text : nil
    }
}
