import Domain

/// Writes one sheet of a workbook as comma-separated values (RFC 4180, but with line feeds), each row numbered as in the sheet.
///
/// Blank rows and the blank cells at the end of a row are left out; their numbers are not.
struct SheetWriter {
    struct Cell: Equatable {
        var text: String
        /// False for numbers, dates and the like, which are no names of columns.
        var isText = true

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
    private var text: [UInt8] = []
    private var offset = 0
    /// Where each row begins, from the first that is not blank.
    private var starts: [Int] = []
    private var firstRow = 1
    /// The number of the row that comes next.
    private var row = 1
    private var firstCells: [Cell] = []
    private var filledRows = 0

    init(name: String) { self.name = name }

    mutating func skipRows(_ count: Int) { row += max(0, count) }

    /// Adds a row, and the same once more for each further of `times`.
    mutating func write(_ cells: [Cell], times: Int = 1, room: inout Room) throws(ParseError) {
        let filled = cells.lastIndex { !$0.text.isEmpty }.map { cells[...$0] } ?? []
        guard !filled.isEmpty, times > 0 else { return skipRows(times) }
        let line = Self.line(filled)
        try room.take(rows: times, bytes: line.count + 1)
        if starts.isEmpty {
            firstRow = row
            firstCells = Array(filled)
        }
        let blanks = row - firstRow - starts.count
        try room.take(rows: blanks, bytes: 0)
        let length = utf16Count(line)
        for index in 0..<times {
            if !text.isEmpty {
                text.append(0x0A)
                offset += 1
            }
            if index == 0 { starts += repeatElement(offset, count: blanks) }
            starts.append(offset)
            text += line
            offset += length
        }
        filledRows += times
        row += times
    }

    /// The sheet; nil for a blank one.
    var document: ParsedDocument? {
        guard !text.isEmpty else { return nil }
        return ParsedDocument(
            text: String(decoding: text, as: UTF8.self),
            divisions: Divisions(.row, firstNumber: firstRow, starts: starts),
            columnNames: hasHeader ? String(decoding: Self.line(firstCells[...]), as: UTF8.self) : nil,
            headings: [ParsedDocument.Heading(offset: 0, level: 1, title: name)], member: .sheet(name))
    }

    /// The first row names the columns where each of its cells is a text of its own and other rows follow.
    private var hasHeader: Bool {
        filledRows > 1 && firstCells.count > 1 && firstCells.allSatisfy { $0.isText && !$0.text.isEmpty }
            && Set(firstCells.map(\.text)).count == firstCells.count
    }

    private static func line(_ cells: ArraySlice<Cell>) -> [UInt8] {
        var line: [UInt8] = []
        for (index, cell) in cells.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            let field = cell.text.utf8
            guard field.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else {
                line += field
                continue
            }
            line.append(0x22)
            for byte in field {
                if byte == 0x22 { line.append(0x22) }
                line.append(byte)
            }
            line.append(0x22)
        }
        return line
    }
}
