import Domain

/// A cell with something in it.
struct SheetCell {
    /// 0 for column A.
    var column: Int
    var text: String
    /// Whether it is a word, or a number that looks like a year: such cells name columns.
    var kind: Kind

    enum Kind {
        case word, year, value

        /// That of a cell which is no word.
        init(number text: String) {
            let year = text.utf8.count == 4 ? Int(text) : nil
            self = year.map { (1900...2100).contains($0) } == true ? .year : .value
        }
    }
}

/// Writes the rows of a sheet as CSV (RFC 4180, with line feeds), numbered as in the sheet.
struct SheetText {
    /// Characters of column names that are repeated with each chunk of rows; longer ones are rows like any other.
    static let longestColumnNames = 512
    /// Blank cells in a row that are written as such; a cell beyond more of them says its column instead.
    private static let longestGap = 200
    /// Rows from the top that are looked at for the names of the columns.
    private static let sketchedRows = 8

    private let limits: ParseLimits
    private var text: [UInt8] = []
    private var offset = 0
    private var starts: [Int] = []
    private var firstRow = 1
    private var lastRow = 0
    private var firstRows: [(division: Int, endByte: Int, sketch: RowSketch)] = []

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
            let gap = cell.column - column
            let isStray = gap > Self.longestGap
            text.append(contentsOf: repeatElement(UInt8(ascii: ","), count: isStray ? 1 : gap))
            column = cell.column
            append(isStray ? "\(Self.columnName(column)): \(cell.text)" : cell.text)
        }
        text.append(0x0A)
        offset += utf16Count(text[start...])
        guard text.count <= limits.maximumTextBytes else { throw FileBytes.tooMuchText(limits) }
        if firstRows.count < Self.sketchedRows {
            firstRows.append((starts.count - 1, text.count - 1, RowSketch(cells: cells)))
        }
    }

    /// `A` to `Z`, `AA`, and so on.
    private static func columnName(_ column: Int) -> String {
        var (name, rest) = ("", column + 1)
        while rest > 0 {
            name = String(UnicodeScalar(UInt8(0x41 + (rest - 1) % 26))) + name
            rest = (rest - 1) / 26
        }
        return name
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

    /// The row that names the columns: the declared one, or the one that looks like it.
    private func header(row declared: Int?) -> (division: Int, endByte: Int)? {
        let found =
            declared.flatMap { row in firstRows.firstIndex { $0.division == row - firstRow } }
            ?? RowSketch.header(in: firstRows.map(\.sketch))
        return found.map { (firstRows[$0].division, firstRows[$0].endByte) }
    }
}
