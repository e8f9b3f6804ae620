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
    /// Whether white space parts it from what stands above.
    var isAfterGap = false
    var isTableRow = false
    /// 1 for the highest; `nil` for what is no heading.
    var headingLevel: Int?
}

/// Turns a page of placed words into text.
enum PageComposer {
    static func text(of page: PlacedPage, knowsSizes: Bool = true) -> PageText {
        let tables = TableFinder.tables(in: page.lines)
        var tableOfLine: [Int: Int] = [:]
        for (number, table) in tables.enumerated() {
            for index in table.members { tableOfLine[index] = number }
        }
        var text = PageText(number: page.number)
        var written: Set<Int> = []
        var above: PlacedLine?
        let usualStep = usualStep(of: page.lines)
        for (index, line) in page.lines.enumerated() {
            if let number = tableOfLine[index] {
                guard written.insert(number).inserted else { continue }
                for (place, row) in rows(of: tables[number], in: page.lines).enumerated() {
                    text.lines.append(TextRow(text: row, isAfterGap: place == 0 && above != nil, isTableRow: true))
                }
                above = tables[number].members.last.map { page.lines[$0] }
                continue
            }
            let row = TextRow(
                text: LineText.text(of: line), letterHeight: knowsSizes ? line.letterHeight : 0,
                isAfterGap: above.map { isGap(from: $0, to: line, usualStep: usualStep) } ?? false)
            text.lines.append(row)
            above = line
        }
        return text
    }

    /// One line for each row. Only where a cell within the row is empty are there marks between cells, so that it can be told
    /// which one.
    private static func rows(of table: TableFinder.Table, in lines: [PlacedLine]) -> [String] {
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

    /// The usual distance from one line to the next, in heights of the letters.
    private static func usualStep(of lines: [PlacedLine]) -> Float {
        let steps = zip(lines, lines.dropFirst()).compactMap { line, next -> Float? in
            guard line.block == next.block, next.box.top > line.box.top else { return nil }
            return (next.box.top - line.box.top) / max(1, next.box.height)
        }.sorted()
        return steps.isEmpty ? 1.2 : min(max(steps[steps.count / 2], 0.8), 2.5)
    }

    private static func isGap(from line: PlacedLine, to next: PlacedLine, usualStep: Float) -> Bool {
        if next.box.top <= line.box.top || next.box.horizontalOverlap(line.box) <= 0 {
            // Another column. A sentence that goes on there is not parted.
            return line.block != next.block && !ColumnText.goesOn(from: line, to: next)
        }
        let step = (next.box.top - line.box.top) / max(1, next.box.height)
        return step > 1.3 * max(usualStep, 1)
    }
}
