/// Mends what poppler makes of columns: lines that it parts because the space between two words is wide, where the typesetter has
/// stretched them to the width of a narrow column; and blocks that hold lines of two columns.
enum WholeLines {
    /// Wider than this, in heights of the letters, is no space between words.
    private static let widestSpace: Float = 6
    /// A line reaches both ends of its block where it covers this share of the width.
    private static let leastShare: Float = 0.95
    /// A block of more lines is no column of text.
    private static let maximumLines = 400

    /// The lines in the same order as far as they are in one column, the parts of each line as one.
    static func joined(_ lines: [PlacedLine]) -> [PlacedLine] {
        var result: [PlacedLine] = []
        var number = 0
        for block in blocks(of: lines) {
            // Lines that stand side by side, directly or through others, are blocks of their own.
            for column in columns(of: parted(block)[...]) {
                result += withoutGaps(column[...]).map { line in
                    var line = line
                    line.block = number
                    return line
                }
                number += 1
            }
        }
        return result
    }

    private static func blocks(of lines: [PlacedLine]) -> [ArraySlice<PlacedLine>] {
        var blocks: [ArraySlice<PlacedLine>] = []
        var start = 0
        while start < lines.count {
            var end = start + 1
            while end < lines.count, lines[end].block == lines[start].block { end += 1 }
            blocks.append(lines[start..<end])
            start = end
        }
        return blocks
    }

    /// The lines of a block, those of two columns in two: poppler takes a narrow space between columns for one between words.
    private static func parted(_ lines: ArraySlice<PlacedLine>) -> [PlacedLine] {
        guard lines.count > 2, lines.count <= maximumLines, !lines.contains(where: \.isVertical) else {
            return Array(lines)
        }
        return lines.indices.flatMap { index in
            let line = lines[index]
            let others = lines.indices.filter { $0 != index }.map { lines[$0] }
            let place = line.words.indices.dropFirst().first { place in
                let (end, start) = (line.words[place - 1].box.right, line.words[place].box.left)
                return start - end > 0.4 * line.letterHeight && areApart(others, at: end...max(end, start))
            }
            guard let place else { return [line] }
            return [line.words[..<place], line.words[place...]].map { words in
                var part = PlacedLine(block: line.block)
                for word in words { part.append(word) }
                return part
            }
        }
    }

    /// Whether a column of these lines begins at the end of the gap, and none but a few that have to be parted as well crosses it.
    private static func areApart(_ lines: [PlacedLine], at gap: ClosedRange<Float>) -> Bool {
        let starting = lines.count { abs($0.box.left - gap.upperBound) < 0.7 }
        guard starting >= 2 else { return false }
        let crossing = lines.filter { $0.box.left < gap.lowerBound && $0.box.right > gap.upperBound }
        return crossing.allSatisfy { line in line.words.contains { abs($0.box.left - gap.upperBound) < 0.7 } }
    }

    /// The lines by what they overlap when seen from above, in the order of each column's first line.
    private static func columns(of lines: ArraySlice<PlacedLine>) -> [[PlacedLine]] {
        guard lines.count > 1, !lines.contains(where: \.isVertical) else { return [Array(lines)] }
        let sorted = lines.indices.sorted { lines[$0].box.left < lines[$1].box.left }
        var column: [Int: Int] = [:]
        var count = 0
        var right = -Float.infinity
        for index in sorted {
            if lines[index].box.left > right { count += 1 }
            right = max(right, lines[index].box.right)
            column[index] = count - 1
        }
        guard count > 1 else { return [Array(lines)] }
        var columns: [[PlacedLine]] = Array(repeating: [], count: count)
        var order: [Int] = []
        for index in lines.indices {
            guard let place = column[index] else { continue }
            if columns[place].isEmpty { order.append(place) }
            columns[place].append(lines[index])
        }
        return order.map { columns[$0] }
    }

    /// Lines that reach both ends of their block, without the gaps at which they were parted.
    private static func withoutGaps(_ lines: ArraySlice<PlacedLine>) -> [PlacedLine] {
        var rows: [[PlacedLine]] = []
        for line in lines {
            if let last = rows.last?.last, !line.isVertical, line.box.isLevel(with: last.box),
                line.box.left > last.box.right
            {
                rows[rows.count - 1].append(line)
            } else {
                rows.append([line])
            }
        }
        // A line in one piece tells running text from the rows of a table.
        guard rows.count > 1, rows.count < lines.count,
            rows.contains(where: { $0.count == 1 && $0[0].words.count > 1 }),
            let first = lines.first
        else { return Array(lines) }
        let width = lines.dropFirst().reduce(first.box) { $0.union($1.box) }.width
        return rows.flatMap { row in
            let isStretched =
                row.last.map { $0.box.right - row[0].box.left >= leastShare * width } == true
                && zip(row, row.dropFirst()).allSatisfy {
                    $0.box.gap(to: $1.box) <= widestSpace * max($0.letterHeight, $1.letterHeight)
                }
            return isStretched ? [whole(row)] : row
        }
    }

    private static func whole(_ parts: [PlacedLine]) -> PlacedLine {
        var line = PlacedLine(block: parts[0].block)
        for word in parts.flatMap(\.words) { line.append(word) }
        return line
    }
}
