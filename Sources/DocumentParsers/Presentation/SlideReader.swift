import Domain

/// Collects what stands on a slide, or in its notes, from its XML events (ECMA-376 part 1, chapters 19 and 21.1.2).
struct SlideReader {
    /// Titles, which stand over everything else whatever their place.
    private(set) var title = ""
    private(set) var blocks: [TextBlock] = []
    private(set) var isHidden = false

    /// What a frame on the slide shows of other parts: the blocks by relationship.
    private let graphics: [String: [TextBlock]]
    private var skipped = 0
    private var choices = ChoiceFilter()
    private var shape: Shape?
    private var paragraph: Paragraph?
    private var isInText = false
    private var isRaised = false
    private var isInPageField = false
    private var rows: [[String]] = []
    private var cell: [String]?

    private struct Shape {
        var placeholder: String?
        var paragraphs: [Paragraph] = []
    }

    private struct Paragraph {
        var text = ""
        var level = 0
        /// Whether the paragraph itself says that it has a bullet or a number; else its placeholder does.
        var hasBullet: Bool?
    }

    init(graphics: [String: [TextBlock]] = [:]) { self.graphics = graphics }

    mutating func read(_ content: [UInt8]) throws(ParseError) {
        let cursor = try XMLCursor(content)
        while let event = try cursor.next() {
            switch event {
            case .start(let element): start(element)
            case .end(let name, _): end(name)
            case .text(let text): if isInText, skipped == 0, !isInPageField { append(text) }
            }
        }
    }

    /// The text of titles goes first as the name of the slide, not again among the blocks.
    private static let titles: Set<String> = ["title", "ctrTitle"]
    /// Date, footer, header and number repeat on every slide; on a page of notes there is also a picture of the slide.
    private static let furniture: Set<String> = ["dt", "ftr", "hdr", "sldNum", "sldImg"]
    /// Placeholders whose paragraphs have bullets unless they say otherwise.
    private static let bulleted: Set<String> = ["", "body", "obj"]

    private mutating func start(_ element: XMLCursor.Element) {
        guard skipped == 0, choices.admits(element) else {
            skipped += 1
            return
        }
        switch element.name {
        case "sld": isHidden = ["0", "false"].contains(element.attributes["show"])
        case "sp": shape = Shape()
        case "ph": shape?.placeholder = element.attributes["type"] ?? ""
        case "p" where element.namespace.contains("/drawingml"): paragraph = Paragraph()
        case "pPr": paragraph?.level = min(max(element.attributes["lvl"].flatMap { Int($0) } ?? 0, 0), 8)
        case "buChar", "buAutoNum", "buBlip": paragraph?.hasBullet = true
        case "buNone": paragraph?.hasBullet = false
        case "r": isRaised = false
        case "rPr": isRaised = element.attributes["baseline"].flatMap(Int.init).map { $0 > 0 } ?? false
        case "t": isInText = true
        case "br": if !isInPageField { paragraph?.text += "\n" }
        case "fld": isInPageField = element.attributes["type"] == "slidenum"
        case "tbl": rows = []
        case "tr": rows.append([])
        case "tc": cell = []
        // A diagram is named by `r:dm`, a chart by `r:id`.
        case "relIds", "chart":
            if let id = element.attributes["r:dm"] ?? element.attributes["r:id"] { blocks += graphics[id] ?? [] }
        default: break
        }
    }

    private mutating func end(_ name: String) {
        guard skipped == 0 else {
            skipped -= 1
            return
        }
        switch name {
        case "t": isInText = false
        case "fld": isInPageField = false
        case "p": endParagraph()
        case "sp": endShape()
        case "tc":
            if let cell, !rows.isEmpty { rows[rows.count - 1].append(cell.joined(separator: " ")) }
            cell = nil
        case "tbl": endTable()
        case "AlternateContent": choices.endAlternatives()
        default: break
        }
    }

    private mutating func append(_ text: String) {
        let isExponent = isRaised && Exponent.isNumber(text) && paragraph?.text.last?.isWhitespace == false
        paragraph?.text += (isExponent ? Exponent.mark : "") + text
    }

    private mutating func endParagraph() {
        guard var ended = paragraph else { return }
        paragraph = nil
        ended.text = TextDecoder.cleaned(ended.text).trimmed
        guard !ended.text.isEmpty else { return }
        if cell != nil {
            cell?.append(ended.text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
        } else {
            shape?.paragraphs.append(ended)
        }
    }

    private mutating func endShape() {
        guard let ended = shape else { return }
        shape = nil
        if let kind = ended.placeholder {
            if Self.furniture.contains(kind) { return }
            if Self.titles.contains(kind) {
                let words = ended.paragraphs.flatMap { $0.text.split(whereSeparator: \.isWhitespace) }
                title = ([title] + words.map(String.init)).filter { !$0.isEmpty }.joined(separator: " ")
                return
            }
        }
        // A placeholder with a single paragraph is as often a sentence as a list.
        let isList = ended.placeholder.map { Self.bulleted.contains($0) } == true && ended.paragraphs.count > 1
        blocks += ended.paragraphs.map { paragraph in
            let isItem = paragraph.hasBullet ?? (isList || paragraph.level > 0)
            return TextBlock(text: paragraph.text, listLevel: isItem ? paragraph.level : nil)
        }
    }

    private mutating func endTable() {
        if let table = TextBlock.table(rows) { blocks.append(table) }
        rows = []
    }
}
