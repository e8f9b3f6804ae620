/// Finds what stands side by side in a region of a page and is read row by row: tables, with rules or without, lists of terms,
/// numbered lines. Poppler reads all of these column by column.
struct TableFinder {
    /// Cells from left to right, each one line or several, as places in the page's lines.
    struct Table: Equatable {
        var rows: [[[Int]]] = []

        var members: [Int] { rows.flatMap { $0.flatMap { $0 } } }
    }

    let lines: [PlacedLine]
    /// The running text of the page.
    let prose: [RunningTextFinder.Block]

    /// - Parameter region: places of lines that are not parted by the columns of the page.
    func tables(in region: [Int]) -> [Table] {
        guard region.count >= 2 else { return [] }
        let blocks = CellBlocks(lines: lines, members: region).cells()
        let inBlocks = Set(blocks.flatMap(\.lines))
        let members = Set(region)
        let prose = prose.filter { block in
            block.lines.first.map { members.contains($0) && !inBlocks.contains($0) } == true
        }
        let isProse = Set(prose.flatMap(\.lines))
        var cells = blocks
        for index in region where !isProse.contains(index) && !inBlocks.contains(index) && !lines[index].isVertical {
            cells.append(TableCell(lines: [index], box: lines[index].box))
        }
        var groups: [Int: [TableCell]] = [:]
        for cell in cells { groups[RunningTextFinder.column(of: cell.box, beside: prose), default: []].append(cell) }
        return groups.keys.sorted().flatMap { key in
            TableRegion.regions(of: rows(groups[key] ?? []), lines: lines).compactMap { $0.table() }
        }
    }

    /// Cells of the same height on the page, from top to bottom; each row from left to right.
    private func rows(_ cells: [TableCell]) -> [[TableCell]] {
        var rows: [[TableCell]] = []
        for cell in cells.sorted(by: { $0.anchor.middle.y < $1.anchor.middle.y }) {
            if let first = rows.last?.first, cell.anchor.isLevel(with: first.anchor) {
                rows[rows.count - 1].append(cell)
            } else {
                rows.append([cell])
            }
        }
        return rows.map { $0.sorted { $0.box.left < $1.box.left } }
    }
}

/// What may be a cell of a table.
struct TableCell: Equatable {
    /// From top to bottom.
    var lines: [Int]
    var box: Box
    /// Where the row is that a cell of several lines belongs to; the box itself for all others.
    var row: Box?

    var anchor: Box { row ?? box }
}

/// Finds the blocks of lines that are one cell each: beside them stand cells of one line, all at one height.
struct CellBlocks {
    private static let maximumLines = 12
    private static let maximumWords = 8
    /// Behind the number or the bullet of a paragraph it may be longer.
    private static let maximumLinesOfParagraph = 200
    private static let maximumLabelLength = 6

    let lines: [PlacedLine]
    let members: [Int]

    /// A block that may be a cell, and where its row would be.
    private struct Candidate {
        var lines: [Int]
        var box: Box
        var row: Box
        /// Whether its lines go on in the middle of a sentence.
        var isContinuous: Bool
        /// Cells beside its last line, where they are not beside its first one or its middle.
        var cellsAtBottom = 0
    }

    func cells() -> [TableCell] {
        var blocks: [Int: [Int]] = [:]
        for index in members where !lines[index].isVertical { blocks[lines[index].block, default: []].append(index) }
        let single = blocks.values.filter { $0.count == 1 }.map { $0[0] }
        guard !single.isEmpty, single.count < 1000, blocks.count < 1000 else { return [] }
        let candidates = blocks.keys.sorted().compactMap { key in
            blocks[key].flatMap { 2...Self.maximumLinesOfParagraph ~= $0.count ? candidate($0, beside: single) : nil }
        }
        let several = blocks.values.filter { $0.count > 1 }
        return candidates.filter { endsRow($0, candidates) && isCell($0, beside: several, candidates) }.map {
            TableCell(lines: $0.lines, box: $0.box, row: $0.row)
        }
    }

    private func candidate(_ block: [Int], beside single: [Int]) -> Candidate? {
        let sorted = block.sorted { lines[$0].box.top < lines[$1].box.top }
        guard zip(sorted, sorted.dropFirst()).allSatisfy({ !lines[$0].box.isLevel(with: lines[$1].box) }) else {
            return nil
        }
        let box = sorted.dropFirst().reduce(lines[sorted[0]].box) { $0.union(lines[$1].box) }
        let beside = single.map { lines[$0] }.filter { line in
            line.words.count <= Self.maximumWords && box.top <= line.box.middle.y && line.box.middle.y <= box.bottom
                && line.box.horizontalOverlap(box) <= 0
        }
        guard let row = beside.first?.box, beside.allSatisfy({ $0.box.isLevel(with: row) }) else { return nil }
        let isLabelled = beside.allSatisfy {
            $0.words.count == 1 && $0.words[0].text.count <= Self.maximumLabelLength && $0.box.right < box.left
        }
        guard isLabelled || sorted.count <= Self.maximumLines else { return nil }
        let level = sorted.first { lines[$0].box.isLevel(with: row) }
        let isAtMiddle = abs(box.middle.y - row.middle.y) <= 0.35 * row.height
        let isAtBottom = !isAtMiddle && level == sorted.last
        guard isAtMiddle || isAtBottom || level == sorted.first else { return nil }
        let isContinuous = ColumnText(sorted.map { lines[$0] }).continuity >= 0.5
        // Where a line of the block stands at the height of the others, it may be a cell of its own.
        guard isContinuous || level == nil else { return nil }
        // What stands to the right of a first line is read before the second.
        if !isAtMiddle, level == sorted.first, beside.contains(where: { $0.box.left > box.right }) { return nil }
        return Candidate(
            lines: sorted, box: box, row: row, isContinuous: isContinuous,
            cellsAtBottom: isAtBottom ? beside.count : 0)
    }

    /// Whether a candidate whose last line the other cells stand beside may be one: a single note beside the end of a paragraph,
    /// such as the number of its formula, makes no row of it.
    private func endsRow(_ candidate: Candidate, _ candidates: [Candidate]) -> Bool {
        candidate.cellsAtBottom != 1
            || candidates.count { $0.cellsAtBottom > 0 && abs($0.box.left - candidate.box.left) < 2 } > 1
    }

    /// Whether no line of the candidate is a cell of the row of lines in other blocks.
    private func isCell(_ candidate: Candidate, beside blocks: [[Int]], _ candidates: [Candidate]) -> Bool {
        let own = Set(candidate.lines)
        return blocks.allSatisfy { block in
            guard let first = block.first, !own.contains(first) else { return true }
            let beside = block.filter { index in
                let box = lines[index].box
                return box.horizontalOverlap(candidate.box) <= 0
                    && candidate.lines.contains { lines[$0].box.isLevel(with: box) }
            }
            if beside.isEmpty { return true }
            let other = candidates.first { $0.lines.contains(first) }
            return candidate.isContinuous && other?.isContinuous == true
                && other?.row.isLevel(with: candidate.row) == true
        }
    }
}
