/// Pairs of tokens that become one, with the order in which that is done.
struct PairTable: Sendable {
    /// Open addressing; the left token in the upper half. No pair is all ones, for ids are not negative.
    private var pairs: [UInt64]
    private var ranks: [UInt32]
    private let mask: Int
    /// The tokens that the pairs become, by rank.
    private(set) var results: [Int32] = []

    private static let free = UInt64.max
    static let none = UInt32.max

    /// - Parameter count: how many pairs there will be at most.
    init(count: Int) {
        var capacity = 16
        while capacity < count * 2 { capacity *= 2 }
        pairs = Array(repeating: Self.free, count: capacity)
        ranks = Array(repeating: Self.none, count: capacity)
        mask = capacity - 1
    }

    /// Gives the pair the next rank; of equal pairs the last one counts, as in the `tokenizers` package.
    mutating func append(_ left: Int32, _ right: Int32, result: Int32) {
        let pair = Self.pair(left, right), place = place(of: pair)
        pairs[place] = pair
        ranks[place] = UInt32(results.count)
        results.append(result)
    }

    /// `none` where the two stay apart.
    @inline(__always)
    func rank(_ left: Int32, _ right: Int32) -> UInt32 { ranks[place(of: Self.pair(left, right))] }

    @inline(__always)
    private func place(of pair: UInt64) -> Int {
        // Fibonacci hashing; the upper bits are the mixed ones.
        var place = Int(truncatingIfNeeded: (pair &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while pairs[place] != pair, pairs[place] != Self.free { place = (place + 1) & mask }
        return place
    }

    @inline(__always)
    private static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }
}
