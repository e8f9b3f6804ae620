/// Finds the blocks of running text of a page, and the columns that they form.
struct RunningTextFinder {
    struct Block {
        var lines: [Int]
        var box: Box
    }

    /// A page of more blocks is none of running text, and comparing them takes longer than in proportion.
    static let maximumBlocks = 300

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
        guard blocks.count < Self.maximumBlocks else { return blocks }
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
