import Domain

/// Collects the blocks of a text or a presentation from its XML events.
///
/// What is open is a stack of frames, because a paragraph may hold notes and text boxes, whose paragraphs and tables end
/// before it does.
struct OpenDocumentReader {
    private(set) var blocks: [TextBlock] = []
    /// Of a presentation: the blocks of each slide, the title first and the notes last.
    private(set) var slides: [[TextBlock]] = []
    /// Footnotes and endnotes in the order of their marks.
    private(set) var notes: [String] = []

    private let styles: OpenDocumentStyles
    private var lists: OpenDocumentLists
    private var frames: [OpenDocumentFrame] = []
    /// Open elements.
    private var depth = 0
    /// Depth within an element that is passed over.
    private var skipped = 0
    private var isInBody = false
    /// The depth of the open span of raised text.
    private var raised: Int?

    init(styles: OpenDocumentStyles) {
        self.styles = styles
        lists = styles.lists
    }

    mutating func read(_ content: [UInt8]) throws(ParseError) {
        let cursor = try XMLCursor(content, allowsDocumentType: true)
        while let event = try cursor.next() {
            switch event {
            case .start(let element):
                start(element)
                depth += 1
            case .end(let name, let namespace):
                depth -= 1
                end(name, OpenDocumentVocabulary(namespace))
            case .text(let text): if skipped == 0 { append(text) }
            }
        }
    }

    // MARK: Elements

    private mutating func start(_ element: XMLCursor.Element) {
        let vocabulary = OpenDocumentVocabulary(element.namespace)
        guard skipped == 0, !isPassedOver(element, vocabulary) else {
            if skipped == 0, element.name == "covered-table-cell" { addCell("", times: Self.repeats(of: element)) }
            skipped += 1
            return
        }
        if vocabulary == .office, element.name == "body" { isInBody = true }
        guard isInBody else { return }
        switch vocabulary {
        case .text: startText(element)
        case .table: startTable(element)
        case .drawing: startDrawing(element)
        case .presentation where element.name == "notes": push(.slideNotes)
        default: break
        }
    }

    private mutating func end(_ name: String, _ vocabulary: OpenDocumentVocabulary) {
        guard skipped == 0 else {
            skipped -= 1
            return
        }
        if vocabulary == .text, name == "list" { withTop { _ = $0.lists.popLast() } }
        if vocabulary == .table, name == "table-row" { withTop(.table) { $0.repeatRow() } }
        if raised == depth { raised = nil }
        guard let frame = frames.last, frame.depth == depth else { return }
        frames.removeLast()
        finish(frame)
    }

    private mutating func startText(_ element: XMLCursor.Element) {
        let attributes = element.attributes
        switch element.name {
        case "p", "h":
            let isTitle = styles.isTitle(attributes["style-name"])
            let level = element.name == "h" ? max(1, Int(attributes["outline-level"] ?? "") ?? 1) : isTitle ? 1 : nil
            push(.paragraph)
            withTop { $0.headingLevel = level }
            if element.name == "h", let level, attributes["is-list-header"] != "true" { number(level, attributes) }
        case "span": if styles.isRaised(attributes["style-name"]) { raised = depth }
        case "list": startList(attributes)
        case "list-item": startItem(attributes)
        case "list-header":
            withTop {
                $0.needsBullet = false
                $0.label = nil
            }
        case "s": withTop(.paragraph) { $0.appendSpaces(Int(attributes["c"] ?? "") ?? 1) }
        case "tab": withTop(.paragraph) { $0.append("\t", isVerbatim: true) }
        case "line-break": withTop(.paragraph) { $0.append("\n", isVerbatim: true) }
        case "hidden-paragraph": if attributes["is-hidden"] == "true" { withTop(.paragraph) { $0.isHidden = true } }
        case "note":
            notes.append("")
            let mark = "[^\(notes.count)]"
            withTop(.paragraph) { $0.append(mark, isVerbatim: true) }
            push(.note(notes.count - 1))
        default: break
        }
    }

    private mutating func startList(_ attributes: [String: String]) {
        var place: (style: String?, level: Int) = (nil, 0)
        withTop {
            // Within a list the style of the outer one goes on.
            place = (attributes["style-name"] ?? $0.lists.last ?? nil, $0.lists.count)
            $0.lists.append(place.style)
        }
        let continues = attributes["continue-numbering"] == "true" || attributes["continue-list"] != nil
        lists.begin(place.style, level: place.level, continues: continues)
    }

    private mutating func startItem(_ attributes: [String: String]) {
        var open: [String?] = []
        withTop { open = $0.lists }
        let start = attributes["start-value"].flatMap(Int.init)
        let label = lists.nextLabel(open.last ?? nil, level: open.count - 1, start: start)
        withTop {
            $0.needsBullet = true
            $0.label = label
        }
    }

    /// A heading outside lists has its number by its level.
    private mutating func number(_ level: Int, _ attributes: [String: String]) {
        var isInList = false
        withTop { isInList = !$0.lists.isEmpty }
        guard !isInList else { return }
        let start = attributes["restart-numbering"] == "true" ? attributes["start-value"].flatMap(Int.init) ?? 1 : nil
        let label = lists.nextLabel(OpenDocumentLists.outline, level: level - 1, start: start)
        withTop { $0.label = label }
    }

    private mutating func startTable(_ element: XMLCursor.Element) {
        switch element.name {
        case "table": push(.table)
        case "table-row":
            withTop(.table) {
                $0.rows.append([])
                $0.repeats = Self.repeats(of: element)
            }
        case "table-cell":
            push(.cell)
            withTop(.cell) { $0.repeats = Self.repeats(of: element) }
        default: break
        }
    }

    /// More than anybody repeats in a table of a text.
    private static let mostRepeats = 100

    private static func repeats(of element: XMLCursor.Element) -> Int {
        let attribute = element.name == "table-row" ? "number-rows-repeated" : "number-columns-repeated"
        return min(max(Int(element.attributes[attribute] ?? "") ?? 1, 1), mostRepeats)
    }

    /// What a cell to the left or above takes besides is empty.
    private mutating func addCell(_ text: String, times: Int) {
        withTop(.table) { table in
            guard !table.rows.isEmpty else { return }
            table.rows[table.rows.count - 1].append(contentsOf: repeatElement(text, count: times))
        }
    }

    private mutating func startDrawing(_ element: XMLCursor.Element) {
        if element.name == "page" {
            push(.slide)
        } else if element.attributes["class"] == "title", frames.last?.kind == .slide {
            push(.slideTitle)
        }
    }

    /// Elements whose text is not part of the document: deleted text, comments, lists made from the headings, the names and
    /// other looks of pictures, what the master page puts on every slide.
    private static let passedOver: Set<String> = [
        "tracked-changes", "annotation", "ruby-text", "table-of-content", "illustration-index", "table-index",
        "object-index", "user-index", "alphabetical-index", "note-citation", "number", "placeholder", "forms", "script",
        "scripts", "event-listeners", "binary-data", "master-styles", "settings", "page-thumbnail",
        "covered-table-cell",
    ]
    private static let masterClasses: Set<String> = ["header", "footer", "date-time", "page-number"]

    private func isPassedOver(_ element: XMLCursor.Element, _ vocabulary: OpenDocumentVocabulary) -> Bool {
        let attributes = element.attributes
        switch vocabulary {
        case .other: return true
        case .drawing:
            // Charts and formulas in their own vocabulary, which are shown by a picture.
            if ["object", "object-ole", "plugin", "applet"].contains(element.name) { return true }
            return attributes["placeholder"] == "true" || Self.masterClasses.contains(attributes["class"] ?? "")
        case .text:
            switch element.name {
            case "span": return styles.isHidden(attributes["style-name"], family: "text")
            case "p", "h": if styles.isHidden(attributes["style-name"], family: "paragraph") { return true }
            case "hidden-text": return attributes["is-hidden"] != "false"
            case "section":
                if attributes["display"] == "none" || attributes["is-hidden"] == "true" { return true }
                return styles.isHidden(attributes["style-name"], family: "section")
            default: break
            }
        default: break
        }
        return Self.passedOver.contains(element.name)
    }

    // MARK: Frames

    private mutating func push(_ kind: OpenDocumentFrame.Kind) {
        var frame = OpenDocumentFrame(kind: kind, depth: depth)
        if kind == .paragraph, let outer = frames.indices.last {
            frame.enterItem(of: &frames[outer])
        } else if kind == .paragraph {
            frame.enterItem(of: &bodyFrame)
        }
        frames.append(frame)
    }

    /// Holds the lists that are open outside every frame.
    private var bodyFrame = OpenDocumentFrame(kind: .slideNotes, depth: -1)

    private mutating func withTop(_ change: (inout OpenDocumentFrame) -> Void) {
        if let last = frames.indices.last { change(&frames[last]) } else { change(&bodyFrame) }
    }

    /// Changes the innermost frame if it is of this kind.
    private mutating func withTop(_ kind: OpenDocumentFrame.Kind, _ change: (inout OpenDocumentFrame) -> Void) {
        guard let last = frames.indices.last, frames[last].kind == kind else { return }
        change(&frames[last])
    }

    private mutating func append(_ text: String) {
        let isExponent = raised == depth - 1 && Exponent.isNumber(text)
        withTop(.paragraph) {
            if isExponent { $0.appendExponentMark() }
            $0.append(text, isVerbatim: false)
        }
    }

    private mutating func deliver(_ delivered: [TextBlock]) {
        if let last = frames.indices.last {
            frames[last].blocks += delivered
        } else {
            blocks += delivered
        }
    }

    private mutating func finish(_ frame: OpenDocumentFrame) {
        switch frame.kind {
        case .paragraph: deliver((frame.paragraph.map { [$0] } ?? []) + frame.blocks)
        case .cell: addCell(frame.joinedText, times: frame.repeats)
        case .table: if let table = frame.table { deliver([table]) }
        case .note(let index): notes[index] = frame.blocks.map(\.labelledText).joined(separator: " ")
        case .slideTitle:
            let title = frame.joinedText
            if !title.isEmpty { withTop(.slide) { $0.titles.append(TextBlock(text: title, headingLevel: 1)) } }
        case .slideNotes: withTop(.slide) { $0.slideNotes += frame.blocks }
        case .slide: slides.append(frame.titles + frame.blocks + frame.slideNotes)
        }
    }
}
