import Domain

/// Collects the blocks of one part of a Word document from its XML events.
///
/// What is open is a stack of frames, because a paragraph may hold text boxes, whose paragraphs and tables come before the
/// end of the outer one.
struct WordReader {
    /// A footnote or endnote by the kind of part and its id there.
    struct NoteID: Hashable {
        let isEndnote: Bool
        let id: String
    }

    private(set) var blocks: [TextBlock] = []
    /// The notes that this part defines.
    private(set) var notes: [NoteID: String] = [:]
    /// The notes that this part refers to, in order.
    private(set) var noteOrder: [NoteID] = []

    private let styles: WordStyles
    private var frames: [Frame] = []
    /// Depth within an element that is passed over.
    private var skipped = 0
    private var runs = 0
    private var paragraphProperties = 0
    private var rowProperties = 0
    private var isInText = false
    private var isHidden = false

    private struct Frame {
        enum Kind { case paragraph, table, cell, note }
        let kind: Kind
        var text = ""
        var style = ""
        var outlineLevel: Int?
        var isListed: Bool?
        var listLevel = 0
        /// Blocks that ended within this frame.
        var blocks: [TextBlock] = []
        var rows: [[String]] = []
        var noteID: NoteID?
    }

    init(styles: WordStyles) { self.styles = styles }

    mutating func read(_ content: [UInt8]) throws(ParseError) {
        let cursor = try XMLCursor(content)
        while let event = try cursor.next() {
            switch event {
            case .start(let element): start(element)
            case .end(let name, let namespace): end(name, namespace)
            case .text(let text): if isInText && skipped == 0 && !isHidden { append(text) }
            }
        }
    }

    /// Deleted and moved-away text, the older look of a drawing, the code of a field, pronunciation, old properties.
    private static let passedOver: Set<String> = [
        "del", "moveFrom", "Fallback", "delText", "instrText", "delInstrText", "rt", "sectPr", "pPrChange", "rPrChange",
        "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange", "numberingChange",
    ]

    private mutating func start(_ element: XMLCursor.Element) {
        if skipped == 0, rowProperties > 0, element.name == "del" { dropRow() }
        guard skipped == 0, !Self.passedOver.contains(element.name) else {
            skipped += 1
            return
        }
        guard Self.isOurs(element.namespace) else { return }
        switch element.name {
        case "p": frames.append(Frame(kind: .paragraph))
        case "tbl": frames.append(Frame(kind: .table))
        case "tc": frames.append(Frame(kind: .cell))
        case "tr": withTop(.table) { $0.rows.append([]) }
        case "trPr": rowProperties += 1
        case "pPr": paragraphProperties += 1
        case "r":
            runs += 1
            isHidden = false
        case "t": isInText = true
        case "footnote", "endnote": startNote(element)
        default: property(element)
        }
    }

    private mutating func end(_ name: String, _ namespace: String) {
        guard skipped == 0 else {
            skipped -= 1
            return
        }
        guard Self.isOurs(namespace) else { return }
        switch name {
        case "p": endParagraph()
        case "tbl": endTable()
        case "tc": endCell()
        case "trPr": rowProperties -= 1
        case "pPr": paragraphProperties -= 1
        case "r":
            runs -= 1
            isHidden = false
        case "t": isInText = false
        case "footnote", "endnote": endNote()
        default: break
        }
    }

    /// WordprocessingML and Office Math, in the transitional and the strict variant; drawings bring in other vocabularies
    /// which use the same short names.
    private static func isOurs(_ namespace: String) -> Bool {
        namespace.contains("/wordprocessingml") || namespace.contains("/math")
    }

    /// Elements inside a paragraph or run.
    private mutating func property(_ element: XMLCursor.Element) {
        let value = element.attributes["val"] ?? ""
        if paragraphProperties > 0 {
            withTop(.paragraph) { frame in
                switch element.name {
                case "pStyle": frame.style = value
                case "outlineLvl": frame.outlineLevel = Int(value)
                case "numId": frame.isListed = value != "0"
                case "ilvl": frame.listLevel = Int(value) ?? 0
                default: break
                }
            }
        } else if runs > 0 {
            inRun(element, value: value)
        }
    }

    private mutating func inRun(_ element: XMLCursor.Element, value: String) {
        switch element.name {
        case "vanish": isHidden = !["0", "false", "off"].contains(value)
        case "tab", "ptab": if !isHidden { append("\t") }
        case "br", "cr": if !isHidden { append("\n") }
        case "noBreakHyphen": if !isHidden { append("-") }
        case "footnoteReference", "endnoteReference":
            let id = NoteID(isEndnote: element.name == "endnoteReference", id: element.attributes["id"] ?? "")
            if !noteOrder.contains(id) { noteOrder.append(id) }
            append("[^\((noteOrder.firstIndex(of: id) ?? 0) + 1)]")
        default: break
        }
    }

    private mutating func append(_ text: String) {
        withTop(.paragraph) { $0.text += text }
    }

    /// Changes the innermost frame if it is of this kind.
    private mutating func withTop(_ kind: Frame.Kind, _ change: (inout Frame) -> Void) {
        guard let last = frames.indices.last, frames[last].kind == kind else { return }
        change(&frames[last])
    }

    private mutating func pop(_ kind: Frame.Kind) -> Frame? {
        frames.last?.kind == kind ? frames.removeLast() : nil
    }

    private mutating func dropRow() {
        withTop(.table) { table in
            if !table.rows.isEmpty { table.rows.removeLast() }
        }
    }

    private mutating func deliver(_ delivered: [TextBlock]) {
        if let last = frames.indices.last {
            frames[last].blocks += delivered
        } else {
            blocks += delivered
        }
    }

    private mutating func endParagraph() {
        guard let frame = pop(.paragraph) else { return }
        let text = TextDecoder.cleaned(frame.text).trimmed
        guard !text.isEmpty, !styles.isContentsEntry(frame.style) else { return deliver(frame.blocks) }
        var block = TextBlock(text: text)
        if let level = frame.outlineLevel {
            block.headingLevel = level < 9 ? level + 1 : nil
        } else {
            block.headingLevel = styles.headingLevel(of: frame.style)
        }
        // Numbered headings are paragraphs of a list too.
        if block.headingLevel == nil, frame.isListed ?? styles.isListed(frame.style) {
            block.listLevel = min(frame.listLevel, 8)
        }
        deliver([block] + frame.blocks)
    }

    private mutating func endCell() {
        guard let frame = pop(.cell) else { return }
        let words = frame.blocks.map(\.text).joined(separator: " ").split(whereSeparator: \.isWhitespace)
        let text = words.joined(separator: " ")
        withTop(.table) { table in
            if !table.rows.isEmpty { table.rows[table.rows.count - 1].append(text) }
        }
    }

    private mutating func endTable() {
        guard let frame = pop(.table) else { return }
        let rows = frame.rows.filter { row in row.contains { !$0.isEmpty } }
        guard !rows.isEmpty else { return }
        deliver([TextBlock(text: rows.map { $0.joined(separator: " | ") }.joined(separator: "\n"))])
    }

    private mutating func startNote(_ element: XMLCursor.Element) {
        var frame = Frame(kind: .note)
        // The separators between text and notes are stored as notes of a type.
        if [nil, "normal"].contains(element.attributes["type"]) {
            frame.noteID = NoteID(isEndnote: element.name == "endnote", id: element.attributes["id"] ?? "")
        }
        frames.append(frame)
    }

    private mutating func endNote() {
        guard let frame = pop(.note), let id = frame.noteID else { return }
        notes[id] = frame.blocks.map(\.text).joined(separator: " ")
    }
}
