/// Rows that follow one another on a page and whose cells stand in the same columns.
struct TableRegion {
    private let lines: [PlacedLine]
    private var columns: [ClosedRange<Float>] = []
    /// Lines from left to right, rows from top to bottom.
    private var rows: [[Int]] = []
    /// Rows of one line, which belong here only if a row of several follows.
    private var undecided: [[Int]] = []

    private init(_ lines: [PlacedLine]) { self.lines = lines }

    /// The regions of rows that are given from top to bottom.
    static func regions(of rows: [[Int]], lines: [PlacedLine]) -> [TableRegion] {
        var regions: [TableRegion] = []
        var region = TableRegion(lines)
        for row in rows {
            if region.add(row) { continue }
            regions.append(region.closed())
            region = TableRegion(lines)
            _ = region.add(row)
        }
        return regions + [region.closed()]
    }

    /// Takes the row where its cells fit the columns and it follows closely.
    private mutating func add(_ row: [Int]) -> Bool {
        guard let first = row.first else { return true }
        if rows.isEmpty {
            guard row.count > 1 else { return false }
            columns = []
        } else if let above = (undecided.last ?? rows.last)?.first {
            let (box, upper) = (lines[first].box, lines[above].box)
            guard box.top - upper.bottom <= 1.8 * max(box.height, upper.height) else { return false }
        }
        guard let fitted = fitting(row) else { return false }
        if row.count == 1 {
            // Alone on its line, it opens no column.
            guard fitted.count == columns.count else { return false }
            undecided.append(row)
            return undecided.count <= 6
        }
        columns = fitted
        rows += undecided + [row]
        undecided = []
        return true
    }

    /// The columns widened by the row's cells; `nil` where a cell lies in two of them.
    private func fitting(_ row: [Int]) -> [ClosedRange<Float>]? {
        var columns = columns
        for index in row {
            let box = lines[index].box
            let range = box.left...max(box.left, box.right)
            let touched = columns.indices.filter { columns[$0].overlaps(range) }
            guard touched.count < 2 else { return nil }
            if let column = touched.first {
                let both = columns[column]
                columns[column] = min(both.lowerBound, range.lowerBound)...max(both.upperBound, range.upperBound)
            } else {
                columns.append(range)
            }
        }
        columns.sort { $0.lowerBound < $1.lowerBound }
        let isApart = zip(columns, columns.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
        return isApart && columns.count <= 64 ? columns : nil
    }

    /// With the lines below its last row that still belong to that row's cells.
    private func closed() -> TableRegion {
        var region = self
        guard var above = rows.last?.first else { return region }
        for row in undecided {
            guard let index = row.first, let second = columns.dropFirst().first?.lowerBound,
                lines[index].box.left >= second - 1,
                lines[index].box.top - lines[above].box.bottom <= 0.5 * lines[index].box.height
            else { break }
            region.rows.append(row)
            above = index
        }
        region.undecided = []
        return region
    }

    /// `nil` where it is no table but columns of text.
    func table() -> TableFinder.Table? {
        guard columns.count > 1, rows.contains(where: { $0.count > 1 }), !isTextInColumns else { return nil }
        return TableFinder.Table(rows: joined())
    }

    private func column(of index: Int) -> Int {
        let box = lines[index].box
        return columns.firstIndex { $0.contains(box.middle.x) } ?? 0
    }

    /// Columns of sentences, and long lists of like things that are set in columns to save paper, such as an index.
    private var isTextInColumns: Bool {
        var cells: [[PlacedLine]] = Array(repeating: [], count: columns.count)
        for index in rows.joined() { cells[column(of: index)].append(lines[index]) }
        let texts = cells.map { ColumnText($0) }
        if texts.allSatisfy({ $0.lineCount >= 2 && $0.meanWords >= 3 && $0.continuity >= 0.4 }) { return true }
        guard rows.count >= 12, columns.count <= 4, texts.allSatisfy({ !$0.isNumeric && $0.meanCharacters >= 8 })
        else { return false }
        let widths = columns.map { $0.upperBound - $0.lowerBound }
        let counts = texts.map(\.lineCount)
        return (widths.max() ?? 0) <= 1.4 * (widths.min() ?? 0) && 2 * (counts.min() ?? 0) > (counts.max() ?? 0)
    }

    /// The lines of a cell that takes several are put together: the first of them shares its line with other cells.
    private func joined() -> [[[Int]]] {
        var result: [[[Int]]] = []
        let tops = rows.map { row in row.map { lines[$0].box.top }.min() ?? 0 }
        let steps = zip(tops, tops.dropFirst()).map { $1 - $0 }
        let least = steps.min() ?? 0
        for (number, row) in rows.enumerated() {
            var cells: [[Int]] = Array(repeating: [], count: columns.count)
            for index in row { cells[column(of: index)].append(index) }
            let isClose = number > 0 && steps[number - 1] <= 1.15 * least
            let filled = cells.count { !$0.isEmpty }
            if isClose, let above = result.indices.last, 2 * filled <= columns.count, cells[0].isEmpty,
                zip(cells, result[above]).allSatisfy({ $0.isEmpty || !$1.isEmpty })
            {
                for column in cells.indices { result[above][column] += cells[column] }
            } else {
                result.append(cells)
            }
        }
        return result
    }
}
