/// What is open while a Word document is read: a paragraph, a table, one of its cells, or a note.
struct WordFrame {
    enum Kind { case paragraph, table, cell, note }

    let kind: Kind
    var text = ""
    var style = ""
    var outlineLevel: Int?
    /// The list that the paragraph says it is of; "0" for none, whatever its style says.
    var list: String?
    var listLevel: Int?
    /// The mark at the end of the paragraph is deleted or moved away, so that its text goes on in the next paragraph.
    var isMarkDeleted = false
    /// Blocks that ended within this frame.
    var blocks: [TextBlock] = []
    /// The paragraph that goes on in the next one within this frame, if any.
    var carried: [WordFrame] = []
    /// The blocks of the cells of a table.
    var rows: [[[TextBlock]]] = []
    /// Columns that a cell takes.
    var columns = 1
    var isDeleted = false
    var noteID: WordReader.NoteID?

    init(_ kind: Kind) { self.kind = kind }

    /// The table in lines, or, where it has a single column and so is a mere frame, what stands in it.
    func tableBlocks() -> [TextBlock] {
        let rows = rows.map { row in row.prefix((row.lastIndex { !$0.isEmpty } ?? -1) + 1) }
        if rows.allSatisfy({ $0.count <= 1 }) { return rows.flatMap { $0.flatMap(\.self) } }
        return TextBlock.table(rows.map { row in row.map(Self.line) }).map { [$0] } ?? []
    }

    private static func line(_ cell: [TextBlock]) -> String {
        let words = cell.map(\.labelledText).joined(separator: " ").split(whereSeparator: \.isWhitespace)
        return words.joined(separator: " ")
    }
}
