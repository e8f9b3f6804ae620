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

    /// The first row, if it names the columns: every cell has a short name of its own, none is a number, and there is a
    /// second row.
    static func header(of bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8) -> Range<Int>? {
        let rows = rows(of: bytes, delimiter: delimiter)
        guard rows.count > 1, let first = rows.first, first.range.lowerBound == 0 else { return nil }
        let names = first.fields.map { String(decoding: bytes[$0], as: UTF8.self).trimmed }
        let named = names.filter { !$0.isEmpty }
        // An exported index has no name.
        guard named.count >= max(1, names.count - 1), Set(named).count == named.count else { return nil }
        guard named.allSatisfy({ $0.utf8.count <= longestName && !holdsValue($0) }) else { return nil }
        return first.range
    }

    private static let longestName = 120

    /// Numbers, dates, times, addresses: what stands in cells and is no name of a column.
    private static func holdsValue(_ cell: String) -> Bool {
        if cell.contains("@") || cell.hasPrefix("http") { return true }
        let letters = cell.unicodeScalars.reduce(0) { $0 + ($1.properties.isAlphabetic ? 1 : 0) }
        let digits = cell.utf8.reduce(0) { $0 + (0x30...0x39 ~= $1 ? 1 : 0) }
        // `2024` heads a column of that year's figures only where all others do: that is rarer than a table without names.
        return digits > 0 && digits >= letters
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
