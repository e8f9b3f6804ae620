/// Rows that follow one another on a page and whose cells stand in the same columns.
struct TableRegion {
    private let lines: [PlacedLine]
    private var columns: [ClosedRange<Float>] = []
    /// Cells from left to right, rows from top to bottom.
    private var rows: [[TableCell]] = []
    /// Rows of one cell, which belong here only if a row of several follows.
    private var undecided: [[TableCell]] = []

    private static let maximumColumns = 64

    private init(_ lines: [PlacedLine]) { self.lines = lines }

    /// The regions of rows that are given from top to bottom.
    static func regions(of rows: [[TableCell]], lines: [PlacedLine]) -> [TableRegion] {
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
    private mutating func add(_ row: [TableCell]) -> Bool {
        guard let first = row.first else { return true }
        if rows.isEmpty {
            guard row.count > 1 else { return false }
            columns = []
        } else if let above = undecided.last ?? rows.last, let upper = above.first {
            let gap = Self.top(of: row) - Self.bottom(of: above)
            guard gap <= 1.8 * max(first.anchor.height, upper.anchor.height) else { return false }
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

    private static func top(of row: [TableCell]) -> Float { row.map(\.box.top).min() ?? 0 }

    private static func bottom(of row: [TableCell]) -> Float { row.map(\.box.bottom).max() ?? 0 }

    /// The columns widened by the row's cells; `nil` where a cell lies in two of them.
    private func fitting(_ row: [TableCell]) -> [ClosedRange<Float>]? {
        var columns = columns
        for cell in row {
            let range = cell.box.left...max(cell.box.left, cell.box.right)
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
        return isApart && columns.count <= Self.maximumColumns ? columns : nil
    }

    /// With the lines below its last row that still belong to that row's cells.
    private func closed() -> TableRegion {
        var region = self
        guard var above = rows.last?.first?.box else { return region }
        for row in undecided {
            guard let box = row.first?.box, let second = columns.dropFirst().first?.lowerBound, box.left >= second - 1,
                box.top - above.bottom <= 0.5 * box.height
            else { break }
            region.rows.append(row)
            above = box
        }
        region.undecided = []
        return region
    }

    /// `nil` where it is no table but columns of text.
    func table() -> TableFinder.Table? {
        guard columns.count > 1, rows.contains(where: { $0.count > 1 }), !isTextInColumns else { return nil }
        var cells = joined()
        mergeNames(&cells)
        return TableFinder.Table(rows: cells)
    }

    private func column(of cell: TableCell) -> Int {
        columns.firstIndex { $0.contains(cell.box.middle.x) } ?? 0
    }

    /// Columns of sentences, and long lists of like things that are set in columns to save paper, such as an index.
    private var isTextInColumns: Bool {
        var cells: [[PlacedLine]] = Array(repeating: [], count: columns.count)
        for cell in rows.joined() { cells[column(of: cell)] += cell.lines.map { lines[$0] } }
        let texts = cells.map { ColumnText($0) }
        if rows.joined().allSatisfy({ $0.lines.count == 1 }),
            texts.allSatisfy({ $0.lineCount >= 2 && $0.meanWords >= 3 && $0.continuity >= 0.4 })
        {
            return true
        }
        guard rows.count >= 12, columns.count <= 4, texts.allSatisfy({ !$0.isNumeric && $0.meanCharacters >= 8 })
        else { return false }
        let widths = columns.map { $0.upperBound - $0.lowerBound }
        let counts = texts.map(\.lineCount)
        return (widths.max() ?? 0) <= 1.4 * (widths.min() ?? 0) && 2 * (counts.min() ?? 0) > (counts.max() ?? 0)
    }

    /// The lines of a cell that takes several are put together: one of them shares its line with the row's other cells.
    private func joined() -> [[[Int]]] {
        let cells = rows.map { row in
            row.reduce(into: [[Int]](repeating: [], count: columns.count)) { $0[column(of: $1)] += $1.lines }
        }
        var result: [[[Int]]] = []
        var places: [Int: Int] = [:]
        for (part, owner) in zip(cells, owners(of: cells)) {
            if let place = places[owner] {
                for column in part.indices { result[place][column] += part[column] }
            } else {
                places[owner] = result.count
                result.append(part)
            }
        }
        return result
    }

    /// The row that each row is a part of; most are their own.
    ///
    /// The lines between two rows belong to the nearer one: the last lines of cells that begin at the top of the row above, and
    /// the first lines of cells that end at the bottom of the row below.
    private func owners(of cells: [[[Int]]]) -> [Int] {
        let tops = rows.map(Self.top)
        let gaps = [0] + zip(tops, tops.dropFirst()).map { $1 - $0 }
        let closest = 1.15 * (gaps.dropFirst().min() ?? 0)
        var owners = Array(cells.indices)
        var row = 0
        while row < cells.count {
            let next = cells[(row + 1)...].firstIndex { !isPart($0) } ?? cells.count
            var split = next
            if next < cells.count, let widest = (row + 1...next).max(by: { gaps[$0] < gaps[$1] }),
                gaps[widest] > closest
            {
                split = widest
            }
            var owner = row
            for part in row + 1..<max(split, row + 1) {
                if gaps[part] > closest || !Self.fits(cells[part], cells[owner]) { owner = part }
                owners[part] = owner
            }
            owner = next
            for part in (split..<next).reversed() {
                if gaps[part + 1] > closest || !Self.fits(cells[part], cells[owner]) { owner = part }
                owners[part] = owner
            }
            row = next
        }
        return owners
    }

    /// Whether the row may be a part of another one: it holds few cells, and not the first.
    private func isPart(_ cells: [[Int]]) -> Bool {
        cells[0].isEmpty && 2 * cells.count { !$0.isEmpty } <= columns.count
    }

    /// Whether all cells of the part are cells of the row.
    private static func fits(_ part: [[Int]], _ row: [[Int]]) -> Bool {
        zip(part, row).allSatisfy { $0.isEmpty || !$1.isEmpty }
    }

    /// Names of columns that do not stand above what they name, such as `Fare` at the left end of a column whose numbers stand
    /// at its right end, are columns by their places alone: nothing is below them, and no name is above the numbers.
    private func mergeNames(_ rows: inout [[[Int]]]) {
        guard rows.count > 1 else { return }
        var column = 0
        while column + 1 < (rows.first?.count ?? 0) {
            let (left, right) = (rows.map { !$0[column].isEmpty }, rows.map { !$0[column + 1].isEmpty })
            let (below, nextBelow) = (left.dropFirst().contains(true), right.dropFirst().contains(true))
            if left[0] != right[0], below != nextBelow, left[0] != below {
                for row in rows.indices { rows[row][column] += rows[row].remove(at: column + 1) }
            } else {
                column += 1
            }
        }
    }
}
