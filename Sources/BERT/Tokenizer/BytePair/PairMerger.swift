import HeapModule

/// Merges the bytes of a word to tokens: again and again the pair of the lowest rank, the leftmost of equals.
///
/// Kept between words, so that each does not allocate its own room.
struct PairMerger {
    /// Up to this many bytes, looking at every pair each time costs less than a heap.
    private static let shortLength = 48

    /// By the place of a part's first byte: its token, where the next part begins, and the one before, and the rank of the
    /// pair that the part and the next are.
    private var ids: [Int32] = []
    private var next: [Int32] = []
    private var previous: [Int32] = []
    private var ranks: [UInt32] = []
    /// Pairs, empty between words, each with its rank above the place.
    private var heap = Heap<UInt64>()

    /// Appends the tokens of a word.
    mutating func append(_ word: UnsafeBufferPointer<UInt8>, _ vocabulary: BytePairVocabulary, to target: inout [Int32])
    {
        begin(word, vocabulary)
        if word.count <= Self.shortLength { mergeBySearch(vocabulary.pairs) } else { mergeByHeap(vocabulary.pairs) }
        var place = 0
        while place < word.count {
            target.append(ids[place])
            place = Int(next[place])
        }
    }

    private mutating func begin(_ word: UnsafeBufferPointer<UInt8>, _ vocabulary: BytePairVocabulary) {
        ids.removeAll(keepingCapacity: true)
        next.removeAll(keepingCapacity: true)
        previous.removeAll(keepingCapacity: true)
        ranks.removeAll(keepingCapacity: true)
        for (place, byte) in word.enumerated() {
            ids.append(vocabulary.byteIDs[Int(byte)])
            next.append(Int32(place + 1))
            previous.append(Int32(place - 1))
        }
        for place in ids.indices { ranks.append(rank(at: place, vocabulary.pairs)) }
    }

    private func rank(at place: Int, _ pairs: PairTable) -> UInt32 {
        let other = Int(next[place])
        return other < ids.count ? pairs.rank(ids[place], ids[other]) : PairTable.none
    }

    private mutating func mergeBySearch(_ pairs: PairTable) {
        while true {
            var best = PairTable.none, found = 0, place = 0
            while place < ids.count {
                if ranks[place] < best { (best, found) = (ranks[place], place) }
                place = Int(next[place])
            }
            guard best != PairTable.none else { return }
            join(found, pairs)
        }
    }

    private mutating func mergeByHeap(_ pairs: PairTable) {
        for place in ids.indices { push(place) }
        while let entry = heap.popMin() {
            let place = Int(entry & 0xFFFF_FFFF)
            // Pairs that have changed since are in the heap a second time, with what they are now.
            guard ranks[place] == UInt32(entry >> 32) else { continue }
            join(place, pairs)
            push(place)
            if previous[place] >= 0 { push(Int(previous[place])) }
        }
    }

    /// Joins the part at `place` and the next one.
    private mutating func join(_ place: Int, _ pairs: PairTable) {
        let gone = Int(next[place]), end = Int(next[gone])
        ids[place] = pairs.results[Int(ranks[place])]
        next[place] = Int32(end)
        if end < ids.count { previous[end] = Int32(place) }
        ranks[gone] = PairTable.none
        ranks[place] = rank(at: place, pairs)
        let before = Int(previous[place])
        if before >= 0 { ranks[before] = rank(at: before, pairs) }
    }

    private mutating func push(_ place: Int) {
        if ranks[place] != PairTable.none { heap.insert(UInt64(ranks[place]) << 32 | UInt64(place)) }
    }
}
