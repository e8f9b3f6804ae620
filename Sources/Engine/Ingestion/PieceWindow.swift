/// Neighbouring pieces that together are not longer than a chunk.
struct PieceWindow {
    private let size: Int
    private let overlap: Int
    /// Where each piece begins; those before `head` have left.
    private var starts: [TextPosition] = []
    private var head = 0
    private var end = TextPosition(byte: 0, unit: 0)

    init(size: Int, overlap: Int) {
        self.size = size
        self.overlap = overlap
    }

    /// Takes in the next piece. Where there is no room for it, returns what was there before and keeps of that only the
    /// last pieces which the overlap allows.
    mutating func add(_ piece: TextSpan) -> TextSpan? {
        let full = length + piece.length > size ? span : nil
        if full != nil {
            while length > overlap || (length > 0 && length + piece.length > size) { head += 1 }
            discardDepartedPieces()
        }
        starts.append(piece.start)
        end = piece.end
        return full
    }

    /// What is left at the end of a row of pieces; empties the window.
    mutating func close() -> TextSpan? {
        defer {
            starts.removeAll(keepingCapacity: true)
            head = 0
        }
        return span
    }

    private var length: Int { head < starts.count ? end.unit - starts[head].unit : 0 }
    private var span: TextSpan? { head < starts.count ? TextSpan(start: starts[head], end: end) : nil }

    /// Moves the rest to the front only when that is at most half, so that a piece is moved once on average.
    private mutating func discardDepartedPieces() {
        guard head * 2 >= starts.count else { return }
        starts.removeFirst(head)
        head = 0
    }
}
