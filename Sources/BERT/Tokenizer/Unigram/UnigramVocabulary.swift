/// Pieces of words with the logarithms of their probabilities, and the most probable way to make a word of them
/// (Kudo 2018, "Subword Regularization"; the search is Viterbi's).
///
/// Sums, comparisons and their order are those of the `tokenizers` package, so that ties are decided alike.
struct UnigramVocabulary: Sendable {
    private let trie: TokenTrie
    private let scores: [Double]
    private let unknownID: Int32
    private let unknownScore: Double
    /// The ids of `<0x00>` to `<0xFF>`, -1 for those that are missing; empty where unknown text is not spelt in bytes.
    private let byteIDs: [Int32]

    /// An unknown code point costs this much more than the least probable piece.
    private static let unknownPenalty = 10.0

    init(_ entry: UnigramEntry, _ trie: TokenTrie) throws(BERTError) {
        guard let unknown = entry.unknownID else {
            throw .unsupported("its vocabulary has no token for unknown text")
        }
        guard entry.scores.indices.contains(unknown) else {
            throw .damaged(file: TokenizerFile.file, reason: "its unk_id is not in its vocabulary")
        }
        self.trie = trie
        scores = entry.scores
        unknownID = Int32(unknown)
        unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
        byteIDs = entry.fallsBackToBytes ? (0...0xFF).map { trie.id(of: Self.byteToken($0)) ?? -1 } : []
    }

    /// The token that stands for a byte.
    static func byteToken(_ byte: Int) -> [UInt8] {
        let digits = String(byte, radix: 16, uppercase: true)
        return Array("<0x\(digits.count < 2 ? "0" : "")\(digits)>".utf8)
    }

    /// How a word was made, up to each place in it. Kept between words, so that each does not allocate its own.
    struct Path {
        /// The best sum of scores of pieces that end here, where the last of them starts, and which it is.
        fileprivate var nodes: [(score: Double, start: Int32, id: Int32)] = []
        fileprivate var pieces: [(bytes: Range<Int>, id: Int32)] = []
    }

    /// Appends the ids of the pieces that the word is most probably made of. The word must be valid UTF-8.
    ///
    /// Takes time in proportion to the length of the word and of the longest piece.
    func append(_ word: UnsafeBufferPointer<UInt8>, to ids: inout [Int32], _ path: inout Path) {
        search(word, &path)
        collect(word.count, &path)
        for piece in path.pieces.reversed() {
            if piece.id == unknownID { appendUnknown(word[piece.bytes], to: &ids) } else { ids.append(piece.id) }
        }
    }

    private func search(_ word: UnsafeBufferPointer<UInt8>, _ path: inout Path) {
        let count = word.count
        if path.nodes.count <= count {
            path.nodes = Array(repeating: (0, -1, 0), count: max(count + 1, min(2 * path.nodes.count, 4096)))
        } else {
            for place in 0...count { path.nodes[place] = (0, -1, 0) }
        }
        path.nodes.withUnsafeMutableBufferPointer { nodes in
            var start = 0
            while start < count {
                let sum = nodes[start].score
                let first = word[start]
                let width = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
                var isKnown = false
                var node = TokenTrie.root
                var end = start
                while end < count, let next = trie.step(node, word[end]) {
                    node = next
                    end += 1
                    let id = trie.id(at: node)
                    guard id >= 0 else { continue }
                    // A piece that ends elsewhere than the code point is not the word's, whatever the file says.
                    isKnown = isKnown || end - start == width
                    let score = scores[Int(id)] + sum
                    if nodes[end].start < 0 || score > nodes[end].score { nodes[end] = (score, Int32(start), id) }
                }
                if !isKnown {
                    let score = unknownScore + sum
                    let end = start + width
                    if nodes[end].start < 0 || score > nodes[end].score {
                        nodes[end] = (score, Int32(start), unknownID)
                    }
                }
                start += width
            }
        }
    }

    /// Follows the best path from the end of the word; unknown pieces that touch become one.
    private func collect(_ count: Int, _ path: inout Path) {
        path.pieces.removeAll(keepingCapacity: true)
        var end = count
        while end > 0 {
            let node = path.nodes[end], start = Int(node.start)
            if node.id == unknownID, let last = path.pieces.last, last.id == unknownID {
                path.pieces[path.pieces.count - 1].bytes = start..<last.bytes.upperBound
            } else {
                path.pieces.append((start..<end, node.id))
            }
            end = start
        }
    }

    /// Pieces that were joined may be a token after all.
    private func appendUnknown(_ text: Slice<UnsafeBufferPointer<UInt8>>, to ids: inout [Int32]) {
        if let id = trie.id(of: text) { return ids.append(id) }
        let canSpell = !byteIDs.isEmpty && text.allSatisfy { byteIDs[Int($0)] >= 0 }
        if canSpell { ids += text.map { byteIDs[Int($0)] } } else { ids.append(unknownID) }
    }
}
