/// The text of one page, line by line, in reading order.
struct PageText: Equatable, Sendable {
    var number: Int
    var lines: [TextRow] = []
}

/// A line of a page's text, or a row of one of its tables.
struct TextRow: Equatable, Sendable {
    /// Stands for the end of a line within the row: the parts of a cell or heading that takes several lines. Whether a hyphen
    /// before it belongs to the word is decided later, by the words of the whole document; no text holds this character.
    static let lineEnd: Character = "\u{1}"

    var text: String
    /// The size of its letters in points; 0 where it is not known well.
    var letterHeight: Float = 0
    /// Where it stands on its page, in points from the upper edge.
    var top: Float = 0
    /// Whether white space parts it from what stands above.
    var isAfterGap = false
    var isTableRow = false
    /// Whether the line is full, so that the next one may go on within a word of a script without spaces.
    var isFull = false
    /// 1 for the highest; `nil` for what is no heading.
    var headingLevel: Int?
}

/// Turns a page of placed words into text.
enum PageComposer {
    static func text(of page: PlacedPage, knowsSizes: Bool = true) -> PageText {
        let lines = WholeLines.joined(VerticalText.upright(page.upright.lines))
        let prose = lines.count <= maximumLines ? RunningTextFinder(lines: lines).blocks() : []
        let regions = ReadingOrder(lines: lines, prose: prose).regions()
        let notes = FootnoteFinder(lines: lines).notes(in: regions)
        let composer = RegionComposer(lines: lines, prose: prose, knowsSizes: knowsSizes)
        var text = PageText(number: page.number)
        var above: PlacedLine?
        for region in notes.body + [notes.notes] + notes.tail {
            text.lines += composer.rows(of: region, after: above)
            above = region.last.map { lines[$0] } ?? above
        }
        return text
    }

    /// A page with more lines is no page of tables, and finding them takes longer than in proportion.
    static let maximumLines = 4000
}

/// Turns one region of a page into rows of text.
private struct RegionComposer {
    let lines: [PlacedLine]
    let prose: [RunningTextFinder.Block]
    let knowsSizes: Bool
    /// The blocks of lines, by their numbers.
    private let boxes: [Int: Box]
    /// The usual distance from one line to the next, in heights of the letters.
    private let usualStep: Float

    init(lines: [PlacedLine], prose: [RunningTextFinder.Block], knowsSizes: Bool) {
        self.lines = lines
        self.prose = prose
        self.knowsSizes = knowsSizes
        boxes = Dictionary(lines.lazy.map { ($0.block, $0.box) }) { $0.union($1) }
        usualStep = Self.usualStep(of: lines)
    }

    /// - Parameter above: the line before the region's first.
    func rows(of region: [Int], after above: PlacedLine?) -> [TextRow] {
        let tables =
            lines.count <= PageComposer.maximumLines
            ? TableFinder(lines: lines, prose: prose).tables(in: region) : []
        var tableOfLine: [Int: Int] = [:]
        for (number, table) in tables.enumerated() {
            for index in table.members { tableOfLine[index] = number }
        }
        var rows: [TextRow] = []
        var written: Set<Int> = []
        var above = above
        for index in region {
            if let number = tableOfLine[index] {
                guard written.insert(number).inserted else { continue }
                rows += self.rows(of: tables[number], after: above)
                above = tables[number].members.last.map { lines[$0] }
                continue
            }
            rows.append(row(lines[index], after: above))
            above = lines[index]
        }
        return rows
    }

    private func row(_ line: PlacedLine, after above: PlacedLine?) -> TextRow {
        TextRow(
            text: LineText.text(of: line), letterHeight: knowsSizes ? line.letterHeight : 0, top: line.box.top,
            isAfterGap: above.map { isGap(from: $0, to: line) } ?? false, isFull: isFull(line))
    }

    private func rows(of table: TableFinder.Table, after above: PlacedLine?) -> [TextRow] {
        let texts = texts(of: table)
        guard texts.count == 1, let first = table.members.first else {
            return zip(table.rows, texts).enumerated().map { place, row in
                let top = row.0.lazy.joined().first.map { lines[$0].box.top } ?? 0
                return TextRow(text: row.1, top: top, isAfterGap: place == 0 && above != nil, isTableRow: true)
            }
        }
        // One row is a line with wide spaces in it, such as a heading behind its number.
        var row = row(lines[first], after: above)
        row.text = texts[0].replacing(" | ", with: " ")
        return [row]
    }

    /// Whether the line reaches as far as the other lines of its block.
    private func isFull(_ line: PlacedLine) -> Bool {
        guard let box = boxes[line.block] else { return false }
        if line.isVertical { return line.box.bottom >= box.bottom - line.box.width }
        return line.box.right >= box.right - 1.5 * line.box.height
    }

    /// One line for each row. Only where a cell within the row is empty are there marks between cells, so that it can be told
    /// which one.
    private func texts(of table: TableFinder.Table) -> [String] {
        table.rows.map { row in
            var cells = row.map { cell in
                cell.map { LineText.text(of: lines[$0]) }.joined(separator: String(TextRow.lineEnd))
            }
            while cells.last?.isEmpty == true { cells.removeLast() }
            let filled = cells.drop(while: \.isEmpty)
            let isReadFromRight = filled.count { WrittenOrder.holdsRightToLeft($0) } * 2 > filled.count
            let ordered = isReadFromRight ? Array(filled.reversed()) : Array(filled)
            return ordered.joined(separator: ordered.contains("") ? " | " : " ")
        }
    }

    private static func usualStep(of lines: [PlacedLine]) -> Float {
        let steps = zip(lines, lines.dropFirst()).compactMap { line, next -> Float? in
            guard line.block == next.block, next.box.top > line.box.top else { return nil }
            return (next.box.top - line.box.top) / max(1, next.box.height)
        }.sorted()
        return steps.isEmpty ? 1.2 : min(max(steps[steps.count / 2], 0.8), 2.5)
    }

    private func isGap(from line: PlacedLine, to next: PlacedLine) -> Bool {
        if next.box.top <= line.box.top || next.box.horizontalOverlap(line.box) <= 0 {
            // Another column. A sentence that goes on there is not parted.
            return line.block != next.block && !ColumnText.goesOn(from: line, to: next)
        }
        let step = (next.box.top - line.box.top) / max(1, next.box.height)
        return step > 1.3 * max(usualStep, 1)
    }
}
