/// Finds what stands side by side on a page and is read row by row: tables, with rules or without, lists of terms, numbered
/// lines. Poppler reads all of these column by column, as it does columns of running text, which are left alone.
struct TableFinder {
    /// Cells from left to right, each one line or several, as places in the page's lines.
    struct Table: Equatable {
        var rows: [[[Int]]] = []

        var members: [Int] { rows.flatMap { $0.flatMap { $0 } } }
    }

    /// A page with more lines is no page of tables, and finding them takes longer than in proportion.
    private static let maximumLines = 4000

    let lines: [PlacedLine]

    static func tables(in lines: [PlacedLine]) -> [Table] {
        guard lines.count >= 2, lines.count <= maximumLines else { return [] }
        return TableFinder(lines: lines).tables()
    }

    private func tables() -> [Table] {
        let prose = RunningTextFinder(lines: lines).blocks()
        let isProse = Set(prose.flatMap(\.lines))
        var groups: [Int: [Int]] = [:]
        for index in lines.indices where !isProse.contains(index) && !lines[index].isVertical {
            groups[RunningTextFinder.column(of: lines[index].box, beside: prose), default: []].append(index)
        }
        return groups.keys.sorted().flatMap { key in
            TableRegion.regions(of: rows(groups[key] ?? []), lines: lines).compactMap { $0.table() }
        }
    }

    /// Lines of the same height on the page, from top to bottom; each row from left to right.
    private func rows(_ indices: [Int]) -> [[Int]] {
        let sorted = indices.sorted { lines[$0].box.middle.y < lines[$1].box.middle.y }
        var rows: [[Int]] = []
        for index in sorted {
            if let first = rows.last?.first, isInRow(lines[index].box, lines[first].box) {
                rows[rows.count - 1].append(index)
            } else {
                rows.append([index])
            }
        }
        return rows.map { $0.sorted { lines[$0].box.left < lines[$1].box.left } }
    }

    private func isInRow(_ box: Box, _ first: Box) -> Bool {
        abs(box.middle.y - first.middle.y) <= 0.35 * min(box.height, first.height)
    }
}

/// Finds the blocks of running text of a page, and the columns that they form.
struct RunningTextFinder {
    struct Block {
        var lines: [Int]
        var box: Box
    }

    let lines: [PlacedLine]

    func blocks() -> [Block] {
        var blocks: [Block] = []
        var start = 0
        while start < lines.count {
            var end = start
            var box = lines[start].box
            while end < lines.count, lines[end].block == lines[start].block {
                box = box.union(lines[end].box)
                end += 1
            }
            if ColumnText(Array(lines[start..<end])).isRunningText {
                blocks.append(Block(lines: Array(start..<end), box: box))
            }
            start = end
        }
        guard blocks.count < 300 else { return blocks }
        return blocks.filter { !isColumnOfCells($0) }
    }

    /// Whether short lines beside the block stand where its sentences begin, as terms do beside what is said about them.
    private func isColumnOfCells(_ block: Block) -> Bool {
        let own = Set(block.lines)
        var beside = 0
        var starts = 0
        for (index, line) in lines.enumerated() {
            guard !own.contains(index), !line.isVertical, line.words.count <= 6,
                line.box.verticalOverlap(block.box) > 0.5 * line.box.height, line.box.horizontalOverlap(block.box) <= 0
            else { continue }
            beside += 1
            let match = block.lines.first { abs(lines[$0].box.middle.y - line.box.middle.y) < 0.3 * line.box.height }
            if let match, beginsAnew(match, in: block) { starts += 1 }
        }
        return beside >= 2 && 5 * starts >= 4 * beside
    }

    private func beginsAnew(_ index: Int, in block: Block) -> Bool {
        guard let first = block.lines.first, index > first else { return true }
        let (line, above) = (lines[index], lines[index - 1])
        if line.box.top - above.box.bottom > 0.6 * line.box.height { return true }
        return above.box.width < 0.85 * block.box.width || !ColumnText.goesOn(from: above, to: line)
    }

    /// Which column of the page a line is in: 0 where no running text stands at its height, so that the page has no columns
    /// there. What lies in one column is never part of a row with what lies in another.
    static func column(of box: Box, beside blocks: [Block]) -> Int {
        var columns: [ClosedRange<Float>] = []
        for block in blocks where block.box.verticalOverlap(box) > 0 {
            columns.append(block.box.left...max(block.box.left, block.box.right))
        }
        guard !columns.isEmpty else { return 0 }
        let place = box.middle.x
        // The bounds of the running text on either side, in points: the same for all lines of one column.
        let left = columns.filter { $0.upperBound < place }.map(\.upperBound).max() ?? 0
        let right = columns.filter { $0.lowerBound > place }.map(\.lowerBound).min() ?? 9999
        return 1 + Int(max(0, left) / 8) * 10_000 + Int(min(max(0, right), 9999) / 8)
    }
}
