import Domain

/// What the cells of a sheet refer to in their workbook.
struct WorkbookContext {
    var strings: [String] = []
    var styles = SpreadsheetStyles()
    var epoch = SerialDate.Epoch.year1900

    /// A number as the cells of this style show it.
    func shown(_ number: Double, style: Int) -> (text: String, kind: SheetCell.Kind) {
        let format = styles.format(style)
        let isYear = !format.isMoment && (1900...2100).contains(number) && number == number.rounded()
        return (format.text(number, epoch: epoch), isYear ? .year : .value)
    }
}

/// How much a workbook may hold; the text is bounded by `ParseLimits`.
enum WorkbookLimits {
    static let maximumEvents = 60_000_000
    static let maximumSheets = 1000
    /// Rows and columns that a sheet can have.
    static let rows = 1_048_576
    static let columns = 16_384
    /// Rows of all sheets that are left blank between others: each keeps its number.
    static let blankRows = 2_500_000
}

/// Collects the rows of one sheet from its XML events (ECMA-376 part 1, 18.3.1).
struct SheetReader {
    private let context: WorkbookContext
    private(set) var text: SheetText
    /// The first row of the filter over a table, which names its columns.
    private(set) var filteredRow: Int?

    private var row = 0
    private var cells: [SheetCell] = []
    private var isInOrder = true
    private var cell: OpenCell?
    private var string = CellString()

    private struct OpenCell {
        let column: Int
        let type: String
        let style: Int
        var value = ""
        var isInValue = false
        var formula = ""
        var isInFormula = false
    }

    init(context: WorkbookContext, limits: ParseLimits) {
        self.context = context
        text = SheetText(limits: limits)
    }

    mutating func read(_ content: [UInt8]) throws(ParseError) {
        let cursor = try XMLCursor(content, maximumEvents: WorkbookLimits.maximumEvents)
        while let event = try cursor.next() {
            switch event {
            case .start(let element): start(element)
            case .text(let piece):
                guard cell != nil else { continue }
                if cell?.isInValue == true {
                    cell?.value += piece
                } else if cell?.isInFormula == true {
                    cell?.formula += piece
                } else {
                    string.add(piece)
                }
            case .end(let name, _):
                if name == "row" { try endRow() } else { end(name) }
            }
        }
    }

    private mutating func start(_ element: XMLCursor.Element) {
        switch element.name {
        case "row":
            // Numbers may be left out, and never go back.
            let number = element.attributes["r"].flatMap { Int($0) } ?? row + 1
            row = min(max(number, row + 1), WorkbookLimits.rows)
            cells.removeAll(keepingCapacity: true)
        case "c":
            let next = (cells.last?.column ?? -1) + 1
            let column = element.attributes["r"].flatMap { CellReference.column(of: $0) } ?? next
            guard column < WorkbookLimits.columns else { return }
            cell = OpenCell(
                column: column, type: element.attributes["t"] ?? "n",
                style: element.attributes["s"].flatMap { Int($0) } ?? 0)
            string = CellString()
        case "v": cell?.isInValue = true
        case "f": cell?.isInFormula = true
        case "autoFilter":
            filteredRow = element.attributes["ref"].flatMap { CellReference.row(of: $0) } ?? filteredRow
        default: if cell != nil { string.start(element) }
        }
    }

    private mutating func end(_ name: String) {
        switch name {
        case "v": cell?.isInValue = false
        case "f": cell?.isInFormula = false
        case "c": endCell()
        default: if cell != nil { string.end(name) }
        }
    }

    private mutating func endCell() {
        guard let ended = cell else { return }
        cell = nil
        guard let shown = shown(ended), !shown.text.isEmpty else { return }
        let made = SheetCell(column: ended.column, text: shown.text, kind: shown.kind)
        if let last = cells.last, last.column >= made.column { isInOrder = false }
        cells.append(made)
    }

    private func shown(_ cell: OpenCell) -> (text: String, kind: SheetCell.Kind)? {
        switch cell.type {
        case "s":
            guard let index = Int(cell.value), context.strings.indices.contains(index) else { return nil }
            return (context.strings[index], .word)
        case "inlineStr": return (CellString.cleaned(string.text), .word)
        case "str": return (CellString.cleaned(cell.value), .word)
        case "b": return (cell.value == "1" || cell.value == "true" ? "TRUE" : "FALSE", .value)
        case "e", "d": return (CellString.cleaned(cell.value), .value)
        default:
            // A program that does not reckon has left the value out.
            if cell.value.isEmpty, !cell.formula.isEmpty { return (CellString.cleaned("=" + cell.formula), .word) }
            guard let number = Double(cell.value), number.isFinite else {
                return (CellString.cleaned(cell.value), .value)
            }
            return context.shown(number, style: cell.style)
        }
    }

    private mutating func endRow() throws(ParseError) {
        if !isInOrder {
            // Of two in one place the first counts; the order of equal ones is kept.
            var seen: Set<Int> = []
            cells = cells.filter { seen.insert($0.column).inserted }.sorted { $0.column < $1.column }
            isInOrder = true
        }
        try text.write(row: row, cells: cells)
        cells.removeAll(keepingCapacity: true)
    }
}

/// `BC23`, as cells are named.
enum CellReference {
    /// 0 for column A; nil where there is none that a sheet can have.
    static func column(of reference: String) -> Int? {
        var column = 0
        for byte in reference.utf8 {
            guard case 0x41...0x5A = byte & 0xDF, byte >= 0x41 else { break }
            column = column * 26 + Int(byte & 0xDF) - 0x40
            guard column <= WorkbookLimits.columns else { return nil }
        }
        return column > 0 ? column - 1 : nil
    }

    /// The first row of a cell or of a range such as `A3:D10`.
    static func row(of reference: String) -> Int? {
        let first = reference.utf8.prefix { $0 != UInt8(ascii: ":") }
        let digits = first.drop { !(0x30...0x39).contains($0) }
        return Int(String(decoding: Array(digits), as: UTF8.self))
    }
}
