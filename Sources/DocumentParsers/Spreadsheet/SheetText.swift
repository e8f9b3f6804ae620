import Domain

/// A cell with something in it.
struct SheetCell {
    /// 0 for column A.
    var column: Int
    var text: String
    /// Whether it is a word, or a number that looks like a year: such cells name columns.
    var kind: Kind

    enum Kind { case word, year, value }
}

/// Writes the rows of a sheet as CSV (RFC 4180, with line feeds), numbered as in the sheet.
struct SheetText {
    /// Characters of column names that are repeated with each chunk of rows; longer ones are rows like any other.
    static let longestColumnNames = 512
    /// Rows from the top that are looked at for the names of the columns.
    private static let sketchedRows = 8
    private static let longestColumnName = 100

    private let limits: ParseLimits
    private var text: [UInt8] = []
    private var offset = 0
    private var starts: [Int] = []
    private var firstRow = 1
    private var lastRow = 0
    private var sketches: [RowSketch] = []

    private struct RowSketch {
        let division: Int
        let endByte: Int
        let cells: [SheetCell]

        var isOfWords: Bool { cells.allSatisfy { $0.kind == .word } }
        var holdsValues: Bool { cells.contains { $0.kind == .value } }
        var couldNameColumns: Bool {
            cells.count >= 2 && !holdsValues && cells.contains { $0.kind == .word }
                && cells.allSatisfy { $0.text.utf8.count <= longestColumnName }
        }
    }

    init(limits: ParseLimits) { self.limits = limits }

    var byteCount: Int { text.count }
    /// Rows that were left blank, each of which has its number.
    private(set) var blankRows = 0

    /// Adds the row of this number, which is higher than that before; the cells in the order of their columns.
    /// - Throws: `.tooLarge` over the limit on text.
    mutating func write(row: Int, cells: [SheetCell]) throws(ParseError) {
        guard !cells.isEmpty else { return }
        if starts.isEmpty { firstRow = row } else { leaveBlank(row - lastRow - 1) }
        starts.append(offset)
        lastRow = row
        let start = text.count
        var column = 0
        for cell in cells where cell.column >= column {
            text.append(contentsOf: repeatElement(UInt8(ascii: ","), count: cell.column - column))
            column = cell.column
            append(cell.text)
        }
        text.append(0x0A)
        offset += utf16Count(text[start...])
        guard text.count <= limits.maximumTextBytes else { throw FileBytes.tooMuchText(limits) }
        if sketches.count < Self.sketchedRows {
            sketches.append(RowSketch(division: starts.count - 1, endByte: text.count - 1, cells: cells))
        }
    }

    /// One blank line for any number of blank rows; the others begin where the next row does.
    private mutating func leaveBlank(_ count: Int) {
        guard count > 0 else { return }
        blankRows += count
        starts.append(offset)
        text.append(0x0A)
        offset += 1
        starts.append(contentsOf: repeatElement(offset, count: count - 1))
    }

    private mutating func append(_ field: String) {
        let isQuoted = field.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 0x0A }
        guard isQuoted else {
            text.append(contentsOf: field.utf8)
            return
        }
        text.append(UInt8(ascii: "\""))
        for byte in field.utf8 {
            text.append(byte)
            if byte == UInt8(ascii: "\"") { text.append(byte) }
        }
        text.append(UInt8(ascii: "\""))
    }

    /// The sheet as a document; nil where it has no cell.
    /// - Parameter headerRow: the row that names the columns of a table, where the sheet declares one.
    func document(named name: String, headerRow: Int?) -> ParsedDocument? {
        guard !starts.isEmpty else { return nil }
        var starts = starts
        var columnNames: String?
        if let header = header(row: headerRow), header.division + 1 < starts.count {
            let names = String(decoding: text[..<header.endByte], as: UTF8.self)
            if names.count <= Self.longestColumnNames {
                columnNames = names
                // A title over the table belongs to the names: where it stands alone it says nothing.
                for division in 0...header.division { starts[division] = 0 }
            }
        }
        return ParsedDocument(
            text: String(decoding: text.dropLast(), as: UTF8.self),
            divisions: Divisions(.row, firstNumber: firstRow, starts: starts), columnNames: columnNames,
            headings: [ParsedDocument.Heading(offset: 0, level: 1, title: name)], member: .sheet(name))
    }

    /// The row that names the columns: the declared one, or the first with several cells, all of them words or years. Names in
    /// two rows, groups above the columns, are taken together.
    private func header(row declared: Int?) -> RowSketch? {
        if let declared, let sketch = sketches.first(where: { $0.division == declared - firstRow }) { return sketch }
        guard let place = sketches.firstIndex(where: { $0.cells.count >= 2 }), sketches[place].couldNameColumns else {
            return nil
        }
        let sketch = sketches[place]
        let following = sketches.dropFirst(place + 1)
        if !sketch.isOfWords, following.first?.holdsValues != true { return nil }
        if let next = following.first, next.isOfWords, next.cells.count > sketch.cells.count,
            following.dropFirst().first?.holdsValues == true
        {
            return next
        }
        return sketch
    }
}
