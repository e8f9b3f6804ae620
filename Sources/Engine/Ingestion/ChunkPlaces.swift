import Domain

/// Where a document may be cut, and where it had better not, as far as its parser or its Markdown tells.
struct ChunkPlaces {
    /// A table whose rows are lines.
    struct Table: Equatable {
        /// The row that names the columns, and in Markdown the line below it.
        let head: TextSpan
        let end: TextPosition
    }

    /// What of the text is cut at all.
    private(set) var content = TextSpan(start: TextPosition(byte: 0, unit: 0), end: TextPosition(byte: 0, unit: 0))
    /// Where slides and chapters begin: what stands in two of them is never one chunk.
    private(set) var parts: [TextPosition] = []
    /// Where rows and other indivisible records begin.
    private(set) var records: [TextPosition] = []
    private(set) var headings: [TextPosition] = []
    private(set) var tables: [Table] = []
    /// Fenced code, in bytes.
    private(set) var code: [Range<Int>] = []

    /// Offsets that lie outside the text, or not in order, are passed over.
    init(of document: ParsedDocument, in bytes: UnsafeBufferPointer<UInt8>, method: ChunkMethod) {
        let divisions = document.divisions
        let starts = Self.positions(of: divisions?.starts ?? [], in: bytes)
        content.end = TextPosition(byte: bytes.count, unit: bytes.reduce(0) { $0 + utf16Length(startingWith: $1) })
        if divisions?.unit.isIndivisible == true { records = starts }
        // The names of the columns go with each chunk; a chunk that holds nothing else tells nobody anything.
        if document.columnNames != nil, records.count > 1 { content.start = records[1] }
        guard method == .structure else { return }
        if divisions?.unit == .slide || divisions?.unit == .chapter { parts = starts }
        headings = Self.positions(of: document.headings.map(\.offset), in: bytes)
        // Rows have the names of their columns already.
        if records.isEmpty { findLines(in: bytes) }
    }

    /// The head of the table that a stretch of rows belongs to; `nil` where it holds the head or is of no table.
    func tableHead(over start: TextPosition) -> TextSpan? {
        let next = tables.partitioningIndex { $0.head.start.byte > start.byte }
        guard next > 0, case let table = tables[next - 1] else { return nil }
        return start.byte >= table.head.end.byte && start.byte < table.end.byte ? table.head : nil
    }

    func isInTable(_ byte: Int) -> Bool {
        let next = tables.partitioningIndex { $0.head.start.byte > byte }
        return next > 0 && byte < tables[next - 1].end.byte
    }

    func isInCode(_ byte: Int) -> Bool {
        let next = code.partitioningIndex { $0.lowerBound > byte }
        return next > 0 && byte < code[next - 1].upperBound
    }

    /// A byte that continues a character begins nothing.
    private static func positions(of offsets: [Int], in bytes: UnsafeBufferPointer<UInt8>) -> [TextPosition] {
        var positions: [TextPosition] = []
        var rest = offsets[...]
        var unit = 0
        for byte in bytes.indices {
            if rest.isEmpty { break }
            while bytes[byte] & 0xC0 != 0x80, let offset = rest.first, offset <= unit {
                if offset == unit, positions.last?.unit != offset {
                    positions.append(TextPosition(byte: byte, unit: offset))
                }
                rest.removeFirst()
            }
            unit += utf16Length(startingWith: bytes[byte])
        }
        return positions
    }

    // MARK: Lines

    /// A longer head is a row like any other.
    private static let longestHead = 300
    private static let fewestRows = 3

    /// Finds tables and fenced code by their lines.
    private mutating func findLines(in bytes: UnsafeBufferPointer<UInt8>) {
        var rows: [TextSpan] = []
        var fence: (mark: UInt8, start: Int)?
        var start = TextPosition(byte: 0, unit: 0)
        while start.byte < bytes.count {
            var end = start
            while end.byte < bytes.count, bytes[end.byte] != 0x0A {
                end.unit += utf16Length(startingWith: bytes[end.byte])
                end.byte += 1
            }
            let line = bytes[start.byte..<end.byte]
            if let mark = Self.fenceMark(line) {
                if let open = fence, open.mark == mark {
                    code.append(open.start..<end.byte)
                    fence = nil
                } else if fence == nil {
                    fence = (mark, start.byte)
                }
            }
            if fence == nil, Self.isRow(line) {
                rows.append(TextSpan(start: start, end: end))
            } else {
                addTable(rows, in: bytes)
                rows.removeAll()
            }
            start = end.byte < bytes.count ? TextPosition(byte: end.byte + 1, unit: end.unit + 1) : end
        }
        addTable(rows, in: bytes)
    }

    private mutating func addTable(_ rows: [TextSpan], in bytes: UnsafeBufferPointer<UInt8>) {
        guard rows.count >= Self.fewestRows else { return }
        let isMarkdown = bytes[rows[1].start.byte..<rows[1].end.byte].allSatisfy { " |:-".utf8.contains($0) }
        let head = TextSpan(start: rows[0].start, end: rows[isMarkdown ? 1 : 0].end)
        guard head.length <= Self.longestHead else { return }
        tables.append(Table(head: head, end: rows[rows.count - 1].end))
    }

    /// Cells stand between bars, within the line or all around it.
    private static func isRow(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let bar = UInt8(ascii: "|"), space = UInt8(ascii: " ")
        if line.first == bar { return true }
        guard let place = line.firstIndex(of: bar), place > line.startIndex else { return false }
        return line[place - 1] == space && (place + 1 == line.endIndex || line[place + 1] == space)
    }

    /// Three or more of the two characters that fence code in Markdown.
    private static func fenceMark(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> UInt8? {
        let text = line.drop { $0 == UInt8(ascii: " ") }
        guard let mark = text.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
        return text.prefix(3).count == 3 && text.prefix(3).allSatisfy { $0 == mark } ? mark : nil
    }
}

extension Array {
    /// The index of the first element that fulfils the condition, which all elements behind it fulfil as well.
    func partitioningIndex(_ condition: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
