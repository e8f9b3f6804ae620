import Domain

/// Collects the blocks of one part of a Word document from its XML events, as Word shows them when all changes are accepted.
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
    private var noteNumbers: [NoteID: Int] = [:]

    private let styles: WordStyles
    private var numbering: WordNumbering
    /// What charts and diagrams show and imported files say, by relationship.
    private let insertions: [String: [TextBlock]]

    private var frames: [WordFrame] = []
    /// A paragraph outside of all frames that goes on in the next one.
    private var carried: [WordFrame] = []
    /// Depth within an element that is passed over.
    private var skipped = 0
    private var choices = ChoiceFilter()
    private var runs = 0
    private var paragraphProperties = 0
    private var rowProperties = 0
    /// Within the properties of the mark at the end of a paragraph.
    private var isInMark = false
    private var isInText = false
    private var isHidden = false
    private var isRaised = false
    private var font: SymbolFont?
    private var formula: MathText?

    private enum Vocabulary { case word, math, other }
    /// By the namespaces that were met.
    private var vocabularies: [String: Vocabulary] = [:]

    init(
        styles: WordStyles, numbering: WordNumbering = WordNumbering(), insertions: [String: [TextBlock]] = [:]
    ) {
        self.styles = styles
        self.numbering = numbering
        self.insertions = insertions
    }

    mutating func read(_ content: [UInt8]) throws(ParseError) {
        let cursor = try XMLCursor(content)
        while let event = try cursor.next() {
            switch event {
            case .start(let element): start(element)
            case .end(let name, let namespace): end(name, namespace)
            case .text(let text): if isInText && skipped == 0 { appendText(text) }
            }
        }
        flushCarried()
    }

    /// Deleted and moved-away text, the code of a field, pronunciation, old properties.
    private static let passedOver: Set<String> = [
        "del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "sectPr", "pPrChange", "rPrChange",
        "tblPrChange",
        "trPrChange", "tcPrChange", "sectPrChange", "numberingChange",
    ]

    private mutating func start(_ element: XMLCursor.Element) {
        let vocabulary = vocabulary(of: element.namespace)
        let isOurs = vocabulary != .other
        if skipped == 0, isOurs { noteDeletion(element.name) }
        guard skipped == 0, choices.admits(element), !isOurs || !Self.passedOver.contains(element.name) else {
            skipped += 1
            return
        }
        guard isOurs else { return showGraphic(element) }
        if vocabulary == .math { formula?.start(element) }
        switch element.name {
        case "p":
            // What was carried over is the beginning of this paragraph, which has the properties of its own mark.
            var frame = WordFrame(.paragraph)
            if let beginning = takeCarried() {
                frame.text = beginning.text
                frame.blocks = beginning.blocks
            }
            frames.append(frame)
        case "tbl":
            flushCarried()
            frames.append(WordFrame(.table))
        case "tc": frames.append(WordFrame(.cell))
        case "tr": withTop(.table) { $0.rows.append([]) }
        case "trPr": rowProperties += 1
        case "pPr": paragraphProperties += 1
        case "rPr": isInMark = paragraphProperties > 0
        case "r":
            runs += 1
            isHidden = false
            isRaised = false
            font = nil
        case "t": isInText = true
        case "altChunk":
            flushCarried()
            if let id = element.attributes["r:id"], let imported = insertions[id] { deliver(imported) }
        case "oMath": formula = MathText()
        case "footnote", "endnote": startNote(element)
        default: property(element)
        }
    }

    private mutating func end(_ name: String, _ namespace: String) {
        guard skipped == 0 else {
            skipped -= 1
            return
        }
        let vocabulary = vocabulary(of: namespace)
        guard vocabulary != .other else {
            if name == "AlternateContent" { choices.endAlternatives() }
            return
        }
        if vocabulary == .math { formula?.end(name) }
        switch name {
        case "p": endParagraph()
        case "tbl": if let frame = pop(.table) { deliver(frame.tableBlocks()) }
        case "tr":
            withTop(.table) { table in
                if table.isDeleted, !table.rows.isEmpty { table.rows.removeLast() }
                table.isDeleted = false
            }
        case "tc": endCell()
        case "trPr": rowProperties -= 1
        case "pPr": paragraphProperties -= 1
        case "rPr": isInMark = false
        case "r":
            runs -= 1
            isHidden = false
            isRaised = false
            font = nil
        case "t": isInText = false
        case "txbxContent": flushCarried()
        case "oMath":
            if let text = formula?.text { withTop(.paragraph) { $0.text += text } }
            formula = nil
        case "footnote", "endnote": endNote()
        default: break
        }
    }

    /// WordprocessingML and Office Math, in the transitional and the strict variant; drawings bring in other vocabularies
    /// which use the same short names.
    private mutating func vocabulary(of namespace: String) -> Vocabulary {
        if let known = vocabularies[namespace] { return known }
        let found: Vocabulary =
            namespace.contains("/wordprocessingml") ? .word : namespace.contains("/math") ? .math : .other
        // Names made up by the thousand are not worth keeping.
        if vocabularies.count < 100 { vocabularies[namespace] = found }
        return found
    }

    /// Marks that a row, a cell, or the end of a paragraph is deleted or moved away.
    private mutating func noteDeletion(_ name: String) {
        switch name {
        case "del" where rowProperties > 0: withTop(.table) { $0.isDeleted = true }
        case "del", "moveFrom": if isInMark { withTop(.paragraph) { $0.isMarkDeleted = true } }
        case "cellDel": withTop(.cell) { $0.isDeleted = true }
        default: break
        }
    }

    /// A diagram is named by `r:dm`, a chart by `r:id`.
    private mutating func showGraphic(_ element: XMLCursor.Element) {
        guard element.name == "chart" || element.name == "relIds",
            let id = element.attributes["r:dm"] ?? element.attributes["r:id"], let shown = insertions[id]
        else { return }
        deliver(shown)
    }

    // MARK: Paragraphs and runs

    private mutating func property(_ element: XMLCursor.Element) {
        let value = element.attributes["val"] ?? ""
        if paragraphProperties > 0 {
            withTop(.paragraph) { frame in
                switch element.name {
                case "pStyle": frame.style = value
                case "outlineLvl": frame.outlineLevel = Int(value)
                case "numId": frame.list = value
                case "ilvl": frame.listLevel = Int(value)
                default: break
                }
            }
        } else if runs > 0 {
            inRun(element, value: value)
        } else if element.name == "gridSpan", let columns = Int(value), 1...Self.mostColumns ~= columns {
            withTop(.cell) { $0.columns = columns }
        }
    }

    /// As many as Word makes.
    private static let mostColumns = 63

    /// Soft hyphens are shown only where a line happens to end.
    private mutating func inRun(_ element: XMLCursor.Element, value: String) {
        switch element.name {
        case "vanish": isHidden = !["0", "false", "off"].contains(value)
        case "vertAlign": isRaised = value == "superscript"
        case "rFonts": font = (element.attributes["ascii"] ?? element.attributes["hAnsi"]).flatMap(SymbolFont.named)
        case "tab", "ptab": append("\t")
        case "br", "cr": append("\n")
        case "noBreakHyphen": append("-")
        case "sym":
            let code = element.attributes["char"].flatMap { UInt32($0, radix: 16) } ?? 0
            append(String(SymbolFont.character(code, in: element.attributes["font"] ?? "")))
        case "footnoteReference", "endnoteReference":
            let id = NoteID(isEndnote: element.name == "endnoteReference", id: element.attributes["id"] ?? "")
            let number = noteNumbers[id] ?? noteOrder.count + 1
            if noteNumbers.updateValue(number, forKey: id) == nil { noteOrder.append(id) }
            append("[^\(number)]")
        default: break
        }
    }

    private mutating func appendText(_ text: String) {
        if isRaised, !isHidden, Exponent.isNumber(text) {
            withTop(.paragraph) { if $0.text.last?.isWhitespace == false { $0.text += Exponent.mark } }
        }
        append(font?.text(text) ?? text)
    }

    private mutating func append(_ text: String) {
        if isHidden { return }
        if formula != nil { formula?.add(text) } else { withTop(.paragraph) { $0.text += text } }
    }

    private mutating func endParagraph() {
        guard let frame = pop(.paragraph) else { return }
        guard frame.isMarkDeleted else { return finish(frame) }
        if let last = frames.indices.last { frames[last].carried = [frame] } else { carried = [frame] }
    }

    private mutating func takeCarried() -> WordFrame? {
        if let last = frames.indices.last { return frames[last].carried.popLast() }
        return carried.popLast()
    }

    /// A paragraph that nothing follows ends although its mark is deleted.
    private mutating func flushCarried() {
        if let frame = takeCarried() { finish(frame) }
    }

    private mutating func finish(_ frame: WordFrame) {
        let text = frame.text.isEmpty ? "" : TextDecoder.cleaned(frame.text).trimmed
        var block = TextBlock(text: text)
        // Word counts paragraphs without text as well.
        let style = styles[frame.style]
        let place = listPlace(of: frame, style)
        let mark = place.map { numbering.nextMark(list: $0.list, level: $0.level) }
        guard !text.isEmpty, !style.isContentsEntry else { return deliver(frame.blocks) }
        if let level = frame.outlineLevel {
            block.headingLevel = level < 9 ? level + 1 : nil
        } else {
            block.headingLevel = style.headingLevel
        }
        if case .number(let label)? = mark { block.label = label }
        // Numbered headings are paragraphs of a list too.
        if block.headingLevel == nil, let place, mark != WordNumbering.Mark.none {
            block.listLevel = min(max(place.level, 0), WordNumbering.levels - 1)
        }
        deliver([block] + frame.blocks)
    }

    private func listPlace(of frame: WordFrame, _ style: WordStyles.Resolved) -> (list: String, level: Int)? {
        if frame.list == "0" { return nil }
        guard let list = frame.list ?? style.list?.list else { return nil }
        let level = frame.listLevel ?? style.list.flatMap { $0.level ?? numbering.level(of: $0.style, in: $0.list) }
        return (list, level ?? 0)
    }

    // MARK: Cells and notes

    private mutating func endCell() {
        flushCarried()
        guard let frame = pop(.cell), !frame.isDeleted else { return }
        withTop(.table) { table in
            guard !table.rows.isEmpty else { return }
            let covered = Array(repeating: [TextBlock](), count: frame.columns - 1)
            table.rows[table.rows.count - 1] += [frame.blocks] + covered
        }
    }

    private mutating func startNote(_ element: XMLCursor.Element) {
        var frame = WordFrame(.note)
        // The separators between text and notes are stored as notes of a type.
        if [nil, "normal"].contains(element.attributes["type"]) {
            frame.noteID = NoteID(isEndnote: element.name == "endnote", id: element.attributes["id"] ?? "")
        }
        frames.append(frame)
    }

    private mutating func endNote() {
        flushCarried()
        guard let frame = pop(.note), let id = frame.noteID else { return }
        notes[id] = frame.blocks.map(\.labelledText).joined(separator: " ")
    }

    // MARK: Frames

    /// Changes the innermost frame if it is of this kind.
    private mutating func withTop(_ kind: WordFrame.Kind, _ change: (inout WordFrame) -> Void) {
        guard let last = frames.indices.last, frames[last].kind == kind else { return }
        change(&frames[last])
    }

    private mutating func pop(_ kind: WordFrame.Kind) -> WordFrame? {
        frames.last?.kind == kind ? frames.removeLast() : nil
    }

    private mutating func deliver(_ delivered: [TextBlock]) {
        if let last = frames.indices.last {
            frames[last].blocks += delivered
        } else {
            blocks += delivered
        }
    }
}
