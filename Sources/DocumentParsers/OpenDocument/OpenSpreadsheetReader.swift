import Domain

/// Reads the sheets of an OpenDocument spreadsheet (part 3, chapter 9) from its XML events.
///
/// Dates are written in ISO 8601, all other values as the sheet shows them. Comments, drawings and what belongs to the workbook
/// as a whole are passed over.
struct OpenSpreadsheetReader {
    private var sheets: [ParsedDocument] = []
    private let limits: ParseLimits
    private var room: SheetWriter.Room
    private var sheet: SheetWriter?
    private var cells: [SheetWriter.Cell] = []
    /// Blank cells since the last one with a value.
    private var blankCells = 0
    private var rowRepeats = 1
    private var cell: OpenCell?
    /// Depth within an element that is passed over.
    private var skipped = 0

    /// The most that any program has.
    private static let maximumColumns = 16_384
    /// A cell takes five.
    private static let maximumEvents = 40_000_000

    /// - Throws: `.empty` where every sheet is blank.
    static func sheets(in content: [UInt8], limits: ParseLimits) throws(ParseError) -> [ParsedDocument] {
        var reader = OpenSpreadsheetReader(limits)
        let cursor = try XMLCursor(content, maximumEvents: maximumEvents, allowsDocumentType: true)
        while let event = try cursor.next() {
            switch event {
            case .start(let element): reader.start(element)
            case .end(let name, let namespace): try reader.end(name, OpenDocumentVocabulary(namespace))
            case .text(let text): if reader.skipped == 0 { reader.cell?.append(text) }
            }
        }
        guard !reader.sheets.isEmpty else { throw .empty }
        return reader.sheets
    }

    private init(_ limits: ParseLimits) {
        self.limits = limits
        room = SheetWriter.Room(limits)
    }

    private static let passedOver: Set<String> = [
        "tracked-changes", "annotation", "shapes", "forms", "content-validations", "named-expressions",
        "database-ranges",
        "data-pilot-tables", "consolidation", "dde-links", "scenario", "meta", "settings", "scripts", "styles",
        "automatic-styles", "master-styles", "font-face-decls", "ruby-text", "detective",
    ]

    private mutating func start(_ element: XMLCursor.Element) {
        let vocabulary = OpenDocumentVocabulary(element.namespace)
        guard skipped == 0, vocabulary != .drawing, vocabulary != .other, !Self.passedOver.contains(element.name) else {
            skipped += 1
            return
        }
        let attributes = element.attributes
        switch (vocabulary, element.name) {
        case (.table, "table"):
            // A table within a cell is shown by no program.
            guard sheet == nil else { return skipped += 1 }
            sheet = SheetWriter(name: attributes["name"] ?? "Sheet \(sheets.count + 1)", limits: limits)
        case (.table, "table-row"):
            rowRepeats = Self.count(attributes["number-rows-repeated"])
            cells = []
            blankCells = 0
        case (.table, "table-cell"), (.table, "covered-table-cell"): cell = OpenCell(attributes)
        case (.text, _): cell?.start(element)
        default: break
        }
    }

    private mutating func end(_ name: String, _ vocabulary: OpenDocumentVocabulary) throws(ParseError) {
        guard skipped == 0 else {
            skipped -= 1
            return
        }
        switch (vocabulary, name) {
        case (.table, "table"):
            if let document = sheet?.document { sheets.append(document) }
            sheet = nil
        case (.table, "table-row"): try sheet?.write(cells, times: rowRepeats, room: &room)
        case (.table, "table-cell"), (.table, "covered-table-cell"): endCell()
        case (.text, _): cell?.end(name)
        default: break
        }
    }

    private mutating func endCell() {
        guard let cell else { return }
        self.cell = nil
        let value = cell.value
        guard !value.text.isEmpty else { return blankCells += cell.repeats }
        let room = Self.maximumColumns - cells.count
        let blanks = min(blankCells, max(0, room - 1))
        cells += repeatElement(.blank, count: blanks)
        cells += repeatElement(value, count: min(cell.repeats, room - blanks))
        blankCells = 0
    }

    /// How often a row or cell stands there, at most as often as any sheet has rows.
    fileprivate static func count(_ text: String?) -> Int { min(max(1, text.flatMap { Int($0) } ?? 1), 1_048_576) }
}

/// The cell that is being read.
private struct OpenCell {
    let repeats: Int
    private let type: String
    private let date: String?
    /// What stands in the file for programs; shown where no text is.
    private let rawValue: String?
    private var frame = OpenDocumentFrame(kind: .cell, depth: 0)
    private var paragraphs: [String] = []
    /// Paragraphs that are open.
    private var depth = 0

    init(_ attributes: [String: String]) {
        repeats = OpenSpreadsheetReader.count(attributes["number-columns-repeated"])
        type = attributes["value-type"] ?? ""
        date = type == "date" ? attributes["date-value"] : nil
        rawValue =
            attributes["string-value"] ?? attributes["value"] ?? attributes["boolean-value"]
            ?? attributes["time-value"]
    }

    mutating func append(_ text: String) { if depth > 0 { frame.append(text, isVerbatim: false) } }

    mutating func start(_ element: XMLCursor.Element) {
        switch element.name {
        case "p", "h":
            if depth == 0 { frame = OpenDocumentFrame(kind: .paragraph, depth: 0) }
            depth += 1
        case "s": frame.appendSpaces(Int(element.attributes["c"] ?? "") ?? 1)
        case "tab": frame.append("\t", isVerbatim: true)
        case "line-break": frame.append("\n", isVerbatim: true)
        default: break
        }
    }

    mutating func end(_ name: String) {
        guard name == "p" || name == "h", depth > 0 else { return }
        depth -= 1
        if depth == 0 { paragraphs.append(frame.paragraph?.text ?? "") }
    }

    var value: SheetWriter.Cell {
        let shown = paragraphs.joined(separator: "\n").trimmed
        let text = date ?? (shown.isEmpty ? rawValue ?? "" : shown)
        return SheetWriter.Cell(
            text: text, kind: type.isEmpty || type == "string" ? .word : SheetCell.Kind(number: text))
    }
}
