import Domain

/// Writes one sheet of a workbook as comma-separated values (RFC 4180, but with line feeds), each row numbered as in the sheet.
///
/// Blank cells at the end of a row are left out, and of blank rows all but one; their numbers are not.
struct SheetWriter {
    struct Cell: Equatable {
        var text: String
        var kind = SheetCell.Kind.word

        static let blank = Cell(text: "")
    }

    /// What all sheets of a workbook together may still take, so that a few bytes which say "repeated a million times" do not
    /// become gigabytes.
    struct Room {
        private(set) var rows = 4_000_000
        private(set) var textBytes: Int
        private let limits: ParseLimits

        init(_ limits: ParseLimits) {
            self.limits = limits
            textBytes = limits.maximumTextBytes
        }

        mutating func take(rows count: Int, bytes: Int) throws(ParseError) {
            guard count <= rows else { throw .tooLarge("it has more rows than can be read") }
            let (product, overflow) = bytes.multipliedReportingOverflow(by: count)
            guard !overflow, product <= textBytes else { throw FileBytes.tooMuchText(limits) }
            rows -= count
            textBytes -= product
        }
    }

    private let name: String
    private var sheet: SheetText
    /// The number of the row that comes next.
    private var row = 1
    private var lastRow = 0

    init(name: String, limits: ParseLimits) {
        self.name = name
        sheet = SheetText(limits: limits)
    }

    mutating func skipRows(_ count: Int) { row += max(0, count) }

    /// Adds a row, and the same once more for each further of `times`.
    mutating func write(_ cells: [Cell], times: Int = 1, room: inout Room) throws(ParseError) {
        let filled = cells.enumerated().filter { !$0.element.text.isEmpty }
        guard let last = filled.last, times > 0 else { return skipRows(times) }
        try room.take(rows: times, bytes: filled.reduce(last.offset + 1) { $0 + $1.element.text.utf8.count })
        if lastRow > 0 { try room.take(rows: row - lastRow - 1, bytes: 0) }
        let sheetCells = filled.map { SheetCell(column: $0.offset, text: $0.element.text, kind: $0.element.kind) }
        for number in row..<row + times { try sheet.write(row: number, cells: sheetCells) }
        row += times
        lastRow = row - 1
    }

    /// The sheet; nil for a blank one.
    var document: ParsedDocument? { sheet.document(named: name, headerRow: nil) }
}
