import Domain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The chunks of a namespace by their terms, and BM25 over them (Robertson and Zaragoza, 2009).
///
/// Rows are only added; one that is removed stays as a dead one until most are dead, and counts for nothing. Terms are known by
/// their 64-bit hashes: that two of a million terms share one is less likely than one in ten million, and all that came of it
/// were a false match.
struct InvertedIndex: Sendable {
    /// How fast a term's repetitions cease to count, and how much long chunks are held against short ones: the best on average
    /// over the collections of docs/retrieval.md, a little better for chunks than Lucene's 1.2 and 0.75.
    private static let saturation: Float = 0.9
    private static let lengthInfluence: Float = 0.4

    private var lists: [PostingList] = []
    private var listOfTerm: [UInt64: Int] = [:]
    private var rows: [Row] = []
    private var rowOfChunk: [Int64: Int] = [:]
    private var totalLength = 0
    private var languageNames: [String] = []
    /// Chunks in each language.
    private var languageCounts: [Int] = []
    /// About what the lists take in memory.
    private var listBytes = 0

    private struct Row {
        let id: Int64
        /// In terms; 0 once it is dead.
        var length: UInt32
        let language: UInt32
    }

    /// Of an entry of the dictionary of lists, and of what an array takes beside its elements.
    private static let listOverhead = 96

    /// Chunks that can be found.
    var count: Int { rowOfChunk.count }
    var byteCount: Int { listBytes + rows.count * (MemoryLayout<Row>.stride + 32) }

    private var deadCount: Int { rows.count - count }
    /// Whether most of what is held is of no use.
    var needsRebuild: Bool { deadCount > 1024 && deadCount > count }

    // MARK: Changes

    mutating func upsert(_ chunk: ChunkTerms) {
        remove(chunk.id)
        let keys = Self.keys(of: chunk.terms).sorted()
        var rest = keys[...]
        while let key = rest.first {
            let frequency = rest.prefix { $0 == key }.count
            rest = rest.dropFirst(frequency)
            append(row: rows.count, frequency, to: key)
        }
        let number = number(of: chunk.language)
        languageCounts[number] += 1
        rowOfChunk[chunk.id.rawValue] = rows.count
        // A chunk without terms can be removed as well.
        rows.append(Row(id: chunk.id.rawValue, length: UInt32(max(1, keys.count)), language: UInt32(number)))
        totalLength += max(1, keys.count)
    }

    private mutating func append(row: Int, _ frequency: Int, to key: UInt64) {
        let place: Int
        if let known = listOfTerm[key] {
            place = known
        } else {
            place = lists.count
            listOfTerm[key] = place
            lists.append(PostingList())
            listBytes += Self.listOverhead
        }
        let before = lists[place].byteCount
        lists[place].append(row: row, frequency: frequency)
        listBytes += lists[place].byteCount - before
    }

    mutating func remove(_ id: Chunk.ID) {
        guard let row = rowOfChunk.removeValue(forKey: id.rawValue) else { return }
        totalLength -= Int(rows[row].length)
        languageCounts[Int(rows[row].language)] -= 1
        rows[row].length = 0
    }

    /// The same without what is dead.
    func rebuilt() -> InvertedIndex {
        var result = InvertedIndex()
        result.languageNames = languageNames
        result.languageCounts = languageCounts
        var places = [Int](repeating: -1, count: rows.count)
        for (row, old) in rows.enumerated() where old.length > 0 {
            places[row] = result.rows.count
            result.rowOfChunk[old.id] = result.rows.count
            result.rows.append(old)
        }
        result.totalLength = totalLength
        for (key, place) in listOfTerm {
            lists[place].forEach { row, frequency in
                if places[row] >= 0 { result.append(row: places[row], frequency, to: key) }
            }
        }
        return result
    }

    private mutating func number(of language: String) -> Int {
        if let index = languageNames.firstIndex(of: language) { return index }
        languageNames.append(language)
        languageCounts.append(0)
        return languageNames.count - 1
    }

    /// Of all terms, in their order.
    private static func keys(of terms: String) -> [UInt64] {
        var terms = terms
        return terms.withUTF8 { bytes in
            var keys: [UInt64] = []
            keys.reserveCapacity(bytes.count / 6)
            var hash = FNV1a()
            var isInside = false
            for byte in bytes {
                if byte != UInt8(ascii: " ") {
                    hash.add(byte)
                    isInside = true
                } else if isInside {
                    keys.append(hash.value)
                    hash = FNV1a()
                    isInside = false
                }
            }
            if isInside { keys.append(hash.value) }
            return keys
        }
    }

    // MARK: Search

    /// A chunk is scored by the query's terms in its own language, so that a workspace may hold several without the forms of one
    /// lessening what those of another are worth.
    ///
    /// - Parameter query: the terms in a language, each with how often it comes, where most chunks are in another.
    func search(
        _ query: (_ language: String, _ commonest: String) -> [String: Int], limit: Int
    ) -> TextMatches {
        guard count > 0, let commonest = languageCounts.indices.max(by: { languageCounts[$0] < languageCounts[$1] })
        else { return TextMatches() }
        // By the number of the language.
        var most = [Float](repeating: 0, count: languageNames.count)
        var weights: [Int: [Float]] = [:]
        for (number, name) in languageNames.enumerated() where languageCounts[number] > 0 {
            for (term, repetitions) in query(name, languageNames[commonest]) {
                let place = listOfTerm[FNV1a(term).value]
                let weight = Float(repetitions) * inverseFrequency(of: liveCount(in: place.map { lists[$0] }))
                most[number] += weight
                if let place { weights[place, default: most.map { _ in 0 }][number] = weight }
            }
        }
        let average = Float(totalLength) / Float(count)
        var scores = [Float](repeating: 0, count: rows.count)
        // In one order, so that sums are the same each time.
        for (place, weights) in weights.sorted(by: { $0.key < $1.key }) {
            lists[place].forEach { row, frequency in
                let length = Float(rows[row].length)
                guard length > 0 else { return }
                let frequency = Float(frequency)
                let norm = Self.saturation * (1 - Self.lengthInfluence + Self.lengthInfluence * length / average)
                scores[row] += weights[Int(rows[row].language)] * frequency * (Self.saturation + 1) / (frequency + norm)
            }
        }
        let score = { @Sendable [scores, most, rows] (row: Int) in Double(scores[row] / most[Int(rows[row].language)]) }
        let found = limit > 0 ? scores.indices.filter { scores[$0] > 0 } : []
        return TextMatches(
            best: found.map { TextMatch(id: Chunk.ID(rawValue: rows[$0].id), score: score($0)) }.best(limit)
        ) { [scores, rowOfChunk] id in
            guard let row = rowOfChunk[id.rawValue], scores[row] > 0 else { return 0 }
            return score(row)
        }
    }

    private func liveCount(in list: PostingList?) -> Int {
        guard let list else { return 0 }
        guard deadCount > 0 else { return list.count }
        var count = 0
        list.forEach { row, _ in if rows[row].length > 0 { count += 1 } }
        return count
    }

    private func inverseFrequency(of holding: Int) -> Float {
        log(1 + (Float(count) - Float(holding) + 0.5) / (Float(holding) + 0.5))
    }
}

extension [TextMatch] {
    /// The best of them, best first.
    fileprivate func best(_ limit: Int) -> [TextMatch] {
        let isBefore = { (left: TextMatch, right: TextMatch) in
            left.score == right.score ? left.id < right.id : left.score > right.score
        }
        guard count > 8 * limit else { return Array(sorted(by: isBefore).prefix(limit)) }
        // Most are far below the best, and need not be sorted: of each stretch of scores, how many there are.
        var counts = [Int](repeating: 0, count: 1001)
        for match in self { counts[Int(match.score * 500)] += 1 }
        var least = 1000
        var found = counts[least]
        while found < limit, least > 0 {
            least -= 1
            found += counts[least]
        }
        return Array(filter { Int($0.score * 500) >= least }.sorted(by: isBefore).prefix(limit))
    }
}
