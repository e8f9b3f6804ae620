/// The cells of one of the first rows of a table, by which the row that names its columns is found.
struct RowSketch {
    /// Those with something in them.
    let cells: [SheetCell]

    private static let longestColumnName = 120

    private var isOfWords: Bool { cells.allSatisfy { $0.kind == .word } }
    private var holdsValues: Bool { cells.contains { $0.kind == .value } }
    private var couldNameColumns: Bool {
        cells.count >= 2 && !holdsValues && cells.contains { $0.kind == .word }
            && cells.allSatisfy { $0.text.utf8.count <= Self.longestColumnName }
            && Set(cells.map(\.text)).count == cells.count
    }

    /// The row that names the columns: the first with several cells, all of them words or years, and different. Names in two
    /// rows, groups above the columns, are taken together.
    static func header(in rows: [RowSketch]) -> Int? {
        guard let place = rows.firstIndex(where: { $0.cells.count >= 2 }) else { return nil }
        let sketch = rows[place]
        let following = rows.dropFirst(place + 1)
        // Groups above the columns may be called the same.
        if sketch.isOfWords, let next = following.first, next.isOfWords, next.couldNameColumns,
            next.cells.count > sketch.cells.count, following.dropFirst().first?.holdsValues == true
        {
            return place + 1
        }
        guard sketch.couldNameColumns, !following.isEmpty else { return nil }
        return sketch.isOfWords || following.first?.holdsValues == true ? place : nil
    }
}
