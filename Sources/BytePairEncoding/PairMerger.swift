import HeapModule

/// Merges the bytes of one piece to tokens: again and again the pair whose token has the lowest id, the leftmost of equals.
struct PairMerger {
    private static let none = Int32.max
    /// Up to this many bytes, looking at every pair each time costs less than a heap.
    private static let shortLength = 48

    private let table: TokenTable
    /// By the position of a part's first byte: where the next part begins, and the one before; and the token that the
    /// part and the next would make, `none` where they make none.
    private var next: [Int32] = []
    private var previous: [Int32] = []
    private var pair: [Int32] = []
    /// Pairs, empty between pieces, each with its token above the position.
    private var heap = Heap<UInt64>()

    init(_ table: TokenTable) { self.table = table }

    /// Calls `body` with the range of each token, in order, as long as it returns `true`.
    mutating func merge(_ piece: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Bool) {
        begin(piece)
        if piece.count <= Self.shortLength { mergeBySearch(piece) } else { mergeByHeap(piece) }
        var start = 0
        while start < piece.count {
            let end = Int(next[start])
            guard body(start..<end) else { return }
            start = end
        }
    }

    private mutating func begin(_ piece: UnsafeBufferPointer<UInt8>) {
        let count = piece.count
        next.removeAll(keepingCapacity: true)
        previous.removeAll(keepingCapacity: true)
        pair.removeAll(keepingCapacity: true)
        for position in 0..<count {
            next.append(Int32(position + 1))
            previous.append(Int32(position - 1))
        }
        for position in 0..<count { pair.append(token(piece, at: position)) }
    }

    /// The token that the part at `position` and the next one make.
    private func token(_ piece: UnsafeBufferPointer<UInt8>, at position: Int) -> Int32 {
        let middle = Int(next[position])
        guard middle < piece.count else { return Self.none }
        let joined = UnsafeBufferPointer(rebasing: piece[position..<Int(next[middle])])
        return table.id(of: joined).map(Int32.init) ?? Self.none
    }

    private mutating func mergeBySearch(_ piece: UnsafeBufferPointer<UInt8>) {
        while true {
            var best = Self.none
            var place = 0
            var position = 0
            while position < piece.count {
                if pair[position] < best { (best, place) = (pair[position], position) }
                position = Int(next[position])
            }
            guard best != Self.none else { return }
            join(piece, at: place)
        }
    }

    private mutating func mergeByHeap(_ piece: UnsafeBufferPointer<UInt8>) {
        for position in 0..<piece.count { push(position) }
        while let entry = heap.popMin() {
            let position = Int(entry & 0xFFFF_FFFF)
            // Pairs that have changed since are in the heap a second time, with what they are now.
            guard pair[position] == Int32(truncatingIfNeeded: entry >> 32) else { continue }
            join(piece, at: position)
            push(position)
            if previous[position] >= 0 { push(Int(previous[position])) }
        }
    }

    /// Joins the part at `position` and the next one.
    private mutating func join(_ piece: UnsafeBufferPointer<UInt8>, at position: Int) {
        let gone = Int(next[position])
        let end = Int(next[gone])
        next[position] = Int32(end)
        if end < piece.count { previous[end] = Int32(position) }
        pair[gone] = Self.none
        pair[position] = token(piece, at: position)
        let before = Int(previous[position])
        if before >= 0 { pair[before] = token(piece, at: before) }
    }

    private mutating func push(_ position: Int) {
        if pair[position] != Self.none { heap.insert(UInt64(pair[position]) << 32 | UInt64(position)) }
    }
}
