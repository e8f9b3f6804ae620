import Domain

/// What a table's own text tells about how it is written.
enum CSVDialect {
    /// How much of a table is looked at.
    private static let sampleRows = 100
    private static let sampleBytes = 256 << 10

    /// The delimiter which gives most rows the same number of cells, more than one.
    static func delimiter(of bytes: UnsafeBufferPointer<UInt8>, prefersTab: Bool) -> UInt8 {
        // A comma is also what decimals and sentences hold, so that any other with the same result is the better guess.
        let candidates = "\t;|,".utf8
        var best: (delimiter: UInt8, share: Double, columns: Int)?
        for delimiter in candidates {
            let counts = rows(of: bytes, delimiter: delimiter).map(\.fields.count)
            let usual = Dictionary(counts.map { ($0, 1) }, uniquingKeysWith: +)
                .filter { $0.key > 1 }.max { ($0.value, $0.key) < ($1.value, $1.key) }
            guard let usual else { continue }
            if prefersTab, delimiter == UInt8(ascii: "\t") { return delimiter }
            let share = Double(usual.value) / Double(counts.count)
            guard share > 0.5 else { continue }
            // One row says only how many cells it has.
            let isBetter = best.map { counts.count == 1 ? usual.key > $0.columns : share > $0.share } ?? true
            if isBetter { best = (delimiter, share, usual.key) }
        }
        return best?.delimiter ?? (prefersTab ? UInt8(ascii: "\t") : UInt8(ascii: ","))
    }

    /// What is repeated with each part of the table: the row that names the columns, and what stands above it.
    static func header(of bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8) -> Range<Int>? {
        let rows = rows(of: bytes, delimiter: delimiter)
        guard rows.count > 1, let first = rows.first, first.range.lowerBound == 0 else { return nil }
        let sketches = rows.map { row in
            RowSketch(
                cells: row.fields.enumerated().compactMap { column, field in
                    let text = String(decoding: bytes[field], as: UTF8.self).trimmed
                    return text.isEmpty ? nil : SheetCell(column: column, text: text, kind: kind(of: text))
                })
        }
        // A list with a name, or with the unnamed index of an export before it.
        if rows.allSatisfy({ $0.fields.count == first.fields.count }), first.fields.count <= 2,
            sketches[0].cells.count == 1
        {
            let name = sketches[0].cells[0]
            return name.kind == .word && name.text.utf8.count <= longestName ? first.range : nil
        }
        guard let place = RowSketch.header(in: sketches) else { return nil }
        let range = 0..<rows[place].range.upperBound
        return range.count <= longestHeader ? range : nil
    }

    private static let longestName = 120
    private static let longestHeader = 4096

    /// Numbers, dates, times, addresses: what stands in cells and is no name of a column.
    private static func kind(of cell: String) -> SheetCell.Kind {
        if cell.contains("@") || cell.hasPrefix("http") { return .value }
        let letters = cell.unicodeScalars.reduce(0) { $0 + ($1.properties.isAlphabetic ? 1 : 0) }
        let digits = cell.utf8.reduce(0) { $0 + (0x30...0x39 ~= $1 ? 1 : 0) }
        return digits > 0 && digits >= letters ? SheetCell.Kind(number: cell) : .word
    }

    private static func rows(of bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8) -> [CSVScanner.Row] {
        let sample = UnsafeBufferPointer(rebasing: bytes.prefix(sampleBytes))
        var scanner = CSVScanner(sample, delimiter: delimiter)
        var rows: [CSVScanner.Row] = []
        while rows.count < sampleRows, let row = scanner.next() {
            if !row.isBlank { rows.append(row) }
        }
        // The end of the sample may have cut the last one.
        if sample.count < bytes.count, rows.count > 1 { rows.removeLast() }
        return rows
    }
}
