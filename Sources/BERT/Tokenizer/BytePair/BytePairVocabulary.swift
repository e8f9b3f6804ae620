/// Tokens of bytes, and the pairs that are merged to them.
struct BytePairVocabulary: Sendable {
    /// The token of each byte.
    let byteIDs: [Int32]
    let pairs: PairTable
    /// The bytes of the tokens one behind the other, and where each ends; an id without a token has none.
    private let bytes: [UInt8]
    private let ends: [Int]
    private let addedTokens: [Int: [UInt8]]

    /// There is a place for each id up to the largest; no model has a tenth as many.
    private static let maximumCount = 1 << 22

    init(_ entry: BytePairEntry, _ file: TokenizerFile) throws(BERTError) {
        guard file.largestID < Self.maximumCount else { throw .unsupported("its vocabulary is too large") }
        var bytes: [UInt8] = [], ends: [Int] = [], byteIDs = [Int32](repeating: -1, count: 0x100)
        for (id, token) in file.trie.tokens().enumerated() {
            let spelt = ByteAlphabet.bytes(of: token)
            if let spelt, spelt.count == 1 { byteIDs[Int(spelt[0])] = Int32(id) }
            bytes += spelt ?? token
            ends.append(bytes.count)
        }
        guard !byteIDs.contains(-1) else { throw .unsupported("its vocabulary does not have all bytes") }
        self.byteIDs = byteIDs
        self.bytes = bytes
        self.ends = ends
        pairs = try Self.pairs(entry, file.trie)
        addedTokens = Dictionary(file.addedTokens.map { (Int($0.id), Array($0.content.utf8)) }) { $1 }
    }

    private static func pairs(_ entry: BytePairEntry, _ trie: TokenTrie) throws(BERTError) -> PairTable {
        var pairs = PairTable(count: entry.ends.count / 2)
        var start = 0
        for index in stride(from: 0, to: entry.ends.count - 1, by: 2) {
            let middle = entry.ends[index], end = entry.ends[index + 1]
            guard let left = trie.id(of: entry.parts[start..<middle]),
                let right = trie.id(of: entry.parts[middle..<end]),
                let result = trie.id(of: entry.parts[start..<end])
            else { throw .damaged(file: TokenizerFile.file, reason: "its merges make tokens that are not there") }
            pairs.append(left, right, result: result)
            start = end
        }
        return pairs
    }

    /// The text of each array of ids, `skipped` ids left out; `nil` for an id without a token.
    func texts(of arrays: [[Int]], skipping skipped: Set<Int>) -> [String]? {
        var texts: [String] = []
        texts.reserveCapacity(arrays.count)
        for ids in arrays {
            var text: [UInt8] = []
            for id in ids where !skipped.contains(id) {
                if let token = addedTokens[id] {
                    text += token
                } else if ends.indices.contains(id), case let start = id > 0 ? ends[id - 1] : 0, start < ends[id] {
                    text += bytes[start..<ends[id]]
                } else {
                    return nil
                }
            }
            texts.append(String(decoding: text, as: UTF8.self))
        }
        return texts
    }
}
