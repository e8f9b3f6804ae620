import Domain
import Persistence

/// A stretch of a document that a search has found: a chunk, or neighbouring chunks that read better together.
struct FoundPassage: Sendable {
    /// The best first.
    private(set) var hits: [SearchHit]
    /// In the order of the text, one behind the other.
    private(set) var chunks: [Chunk]
    /// Where the same is written as well: documents whose passage would have taken another place for nothing.
    private(set) var copies: [SearchHit] = []

    private init(_ hit: SearchHit) {
        hits = [hit]
        chunks = [hit.chunk.chunk]
    }

    /// The best passages of what a search has found, best first.
    ///
    /// - Parameters:
    ///   - hits: best first; some more than are wanted, since some say the same.
    ///   - limit: of passages, before neighbours are joined.
    ///   - neighbors: the chunks before and after those that count.
    static func passages(
        of hits: [SearchHit], limit: Int, neighbors: ([SearchHit]) async throws -> [Chunk.ID: [ChunkStore.Neighbor]]
    ) async throws -> [FoundPassage] {
        var different: [FoundPassage] = []
        var prints: [TextPrint] = []
        for hit in hits.spreadOverDocuments {
            let print = TextPrint(hit.chunk.chunk.text)
            if let same = prints.firstIndex(where: { $0.saysTheSame(as: print) }) {
                different[same].copies.append(hit)
            } else if different.count < limit {
                different.append(FoundPassage(hit))
                prints.append(print)
            }
        }
        let around = try await neighbors(different.flatMap(\.hits))
        return joined(different.map { $0.widened(by: around[$0.hits[0].chunk.id] ?? []) })
    }

    // MARK: Neighbours

    /// UTF-16 code units of a passage that is widened at most.
    private static let longestWidened = 3000

    /// With the chunks before and behind that belong to the same section.
    private func widened(by neighbors: [ChunkStore.Neighbor]) -> FoundPassage {
        var passage = self
        let center = hits[0].chunk.chunk
        for neighbor in neighbors.map(\.chunk) where neighbor.isOfSection(of: center) {
            guard let first = passage.chunks.first, let last = passage.chunks.last else { break }
            guard
                max(last.range.upperBound, neighbor.range.upperBound)
                    - min(first.range.lowerBound, neighbor.range.lowerBound) <= Self.longestWidened
            else { continue }
            passage.add([neighbor])
        }
        return passage
    }

    /// Those that touch each other as one, in the place of the better one.
    private static func joined(_ passages: [FoundPassage]) -> [FoundPassage] {
        var joined: [FoundPassage] = []
        for var passage in passages {
            var place = joined.count
            // What two have in common may reach a third one.
            while let other = joined.firstIndex(where: { $0.touches(passage) }) {
                let better = joined.remove(at: other)
                place = min(place, other)
                passage.hits = (better.hits + passage.hits).sorted { $0.rank > $1.rank }
                passage.copies = better.copies + passage.copies
                passage.add(better.chunks)
            }
            joined.insert(passage, at: min(place, joined.count))
        }
        return joined
    }

    private func touches(_ other: FoundPassage) -> Bool {
        guard hits[0].chunk.docID == other.hits[0].chunk.docID else { return false }
        guard let first = chunks.first?.ordinal, let last = chunks.last?.ordinal else { return false }
        guard let otherFirst = other.chunks.first?.ordinal, let otherLast = other.chunks.last?.ordinal else {
            return false
        }
        return first <= otherLast + 1 && otherFirst <= last + 1
    }

    private mutating func add(_ others: [Chunk]) {
        let known = Set(chunks.map(\.ordinal))
        chunks = (chunks + others.filter { !known.contains($0.ordinal) }).sorted { $0.ordinal < $1.ordinal }
    }

    // MARK: What it says

    var document: StoredChunk { hits[0].chunk }

    /// As one chunk: its text and its range in the document count the same, but for the head of a table in front of it.
    var chunk: Chunk {
        var whole = chunks[0]
        for next in chunks.dropFirst() { whole = whole.followed(by: next) }
        return whole
    }

    var source: Source {
        var source = Source(hits[0])
        guard chunks.count > 1 || !copies.isEmpty else { return source }
        let whole = chunk
        source.excerpt = whole.text
        source.text = document.header + whole.text
        source.place = Source.Place(whole)
        source.copies = copies.map(\.chunk.document.path.text).unique.filter { $0 != document.document.path.text }
        return source
    }
}

extension [SearchHit] {
    /// As many passages of a document keep their whole score.
    private static let freePassages = 2
    /// What each further one keeps of its score.
    private static let keptScore = 0.97

    /// In the order in which they are worth showing: what a document says for the third time stands behind what another one says
    /// that is nearly as near to the question.
    ///
    /// Those that a reranker has judged stay before the others.
    var spreadOverDocuments: [SearchHit] {
        var rest = self, spread: [SearchHit] = [], counts: [String: Int] = [:]
        while let first = rest.first {
            let peers = rest.prefix { ($0.rerank == nil) == (first.rerank == nil) }
            let worth = peers.map { hit in
                let further = Swift.max(0, counts[hit.chunk.docID, default: 0] - Self.freePassages + 1)
                return (0..<further).reduce(hit.rank) { worth, _ in worth * Self.keptScore }
            }
            let best = worth.indices.reduce(0) { worth[$1] > worth[$0] ? $1 : $0 }
            let hit = rest.remove(at: best)
            counts[hit.chunk.docID, default: 0] += 1
            spread.append(hit)
        }
        return spread
    }
}

extension Chunk {
    /// Whether it stands under the same headings, in the same slide or chapter; rows and what is said in a recording stand for
    /// themselves.
    fileprivate func isOfSection(of other: Chunk) -> Bool {
        guard headingPath == other.headingPath else { return false }
        return locator.map { $0.unit == .page || $0 == other.locator } ?? true
    }

    /// This and a later one as one. What lies between them is white space.
    fileprivate func followed(by next: Chunk) -> Chunk {
        var whole = self
        let own = String(decoding: next.text.utf16.suffix(next.range.count), as: UTF16.self)
        let gap = next.range.lowerBound - range.upperBound
        whole.text +=
            gap >= 0
            ? String(repeating: "\n", count: gap) + own : String(decoding: own.utf16.dropFirst(-gap), as: UTF16.self)
        whole.range = range.lowerBound..<max(range.upperBound, next.range.upperBound)
        if let locator, let last = next.locator, locator.unit == last.unit {
            whole.locator = Locator(
                locator.unit, locator.numbers.lowerBound...max(locator.numbers.upperBound, last.numbers.upperBound))
        }
        return whole
    }
}

/// What tells whether two texts say the same: their words in order, three by three, and their numbers.
struct TextPrint {
    private let shingles: Set<Int>
    private let numbers: Set<String>

    /// The share of word triples that texts have in common which say the same.
    private static let leastLikeness = 0.9

    init(_ text: String) {
        let words = text.caseFolded.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let length = min(3, max(1, words.count))
        var shingles: Set<Int> = []
        for start in 0...max(0, words.count - length) where start + length <= words.count {
            shingles.insert(words[start..<start + length].hashValue)
        }
        self.shingles = shingles
        // Letters that differ by an amount or a date say different things.
        numbers = Set(words.filter { $0.contains(where: \.isNumber) })
    }

    func saysTheSame(as other: TextPrint) -> Bool {
        guard numbers == other.numbers else { return false }
        let common = shingles.intersection(other.shingles).count
        let all = shingles.count + other.shingles.count - common
        return all == 0 || Double(common) >= Self.leastLikeness * Double(all)
    }
}
