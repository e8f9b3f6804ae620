/// Words of a text, and the pieces that the vocabulary has for them: `BertPreTokenizer` and `WordPiece`.
///
/// Takes normalized code points one by one and keeps the word at hand in UTF-8.
struct WordSplitter {
    private let vocabulary: WordPieceVocabulary
    private let unicode = UnicodeProperties.shared
    /// Room for a word, of which `wordEnd` bytes are in use. Appending to an array takes longer, and nothing is as frequent.
    private var word = [UInt8](repeating: 0, count: 512)
    private var wordEnd = 0
    /// In code points.
    private var wordLength = 0
    /// The ids so far.
    var ids: [Int32]

    init(_ vocabulary: WordPieceVocabulary, ids: [Int32]) {
        self.vocabulary = vocabulary
        self.ids = ids
    }

    /// A byte below 0x80 that stands for itself and continues a word.
    @inline(__always)
    mutating func addLetter(_ byte: UInt8) {
        addByte(byte)
        wordLength += 1
    }

    @inline(__always)
    mutating func endWord() {
        guard wordEnd > 0 else { return }
        vocabulary.append(word, count: wordEnd, length: wordLength, to: &ids)
        wordEnd = 0
        wordLength = 0
    }

    mutating func addPunctuation(_ byte: UInt8) {
        endWord()
        addLetter(byte)
        endWord()
    }

    mutating func add(_ code: UInt32) {
        let flags = unicode.flags(code)
        if flags.contains(.separator) {
            endWord()
        } else if flags.contains(.punctuation) {
            endWord()
            addEncoded(code)
            endWord()
        } else {
            addEncoded(code)
        }
    }

    private mutating func addEncoded(_ code: UInt32) {
        UTF8.forEachByte(of: code) { addByte($0) }
        wordLength += 1
    }

    @inline(__always)
    private mutating func addByte(_ byte: UInt8) {
        if wordEnd == word.count { word += [UInt8](repeating: 0, count: word.count) }
        word[wordEnd] = byte
        wordEnd += 1
    }
}

/// The tokens that words are made of.
struct WordPieceVocabulary: Sendable {
    private let trie: TokenTrie
    private let continuingPrefix: [UInt8]
    /// Where the tokens that continue a word begin; `nil` where there are none.
    private let continuation: TokenTrie.Node?
    private let unknownID: Int32
    /// In code points; a longer word is unknown.
    private let maximumWordLength: Int

    init(_ file: TokenizerFile) throws(BERTError) {
        trie = file.trie
        continuingPrefix = file.continuingPrefix
        continuation = file.trie.node(of: file.continuingPrefix)
        maximumWordLength = file.maximumWordLength
        guard let unknown = file.trie.id(of: file.unknownToken) else {
            throw .damaged(file: TokenizerFile.file, reason: "its vocabulary lacks the token for unknown words")
        }
        unknownID = unknown
    }

    /// Appends the ids of the longest tokens that the first `count` bytes of `word` are made of, from its start, or the one for unknown words.
    @inline(__always)
    func append(_ word: [UInt8], count: Int, length: Int, to ids: inout [Int32]) {
        guard length <= maximumWordLength else { return ids.append(unknownID) }
        let first = ids.count
        var start = 0
        var root = TokenTrie.root
        while start < count {
            guard let (id, end) = longestToken(word, start..<count, root) else {
                ids.removeSubrange(first...)
                return ids.append(unknownID)
            }
            ids.append(id)
            start = end
            guard let continuation else {
                if start == count { return }
                ids.removeSubrange(first...)
                return ids.append(unknownID)
            }
            root = continuation
        }
    }

    /// The text of each array of ids: words with spaces between them, `skipped` ids left out. `nil` for an id without a
    /// token.
    func texts(of arrays: [[Int]], skipping skipped: Set<Int>) -> [String]? {
        let tokens = trie.tokens()
        var texts: [String] = []
        texts.reserveCapacity(arrays.count)
        for ids in arrays {
            var text: [UInt8] = []
            for id in ids where !skipped.contains(id) {
                guard tokens.indices.contains(id), !tokens[id].isEmpty else { return nil }
                let continues = !continuingPrefix.isEmpty && tokens[id].starts(with: continuingPrefix)
                if !continues, !text.isEmpty { text.append(UInt8(ascii: " ")) }
                text += continues ? tokens[id].dropFirst(continuingPrefix.count) : tokens[id][...]
            }
            texts.append(String(decoding: text, as: UTF8.self))
        }
        return texts
    }

    @inline(__always)
    private func longestToken(_ word: [UInt8], _ range: Range<Int>, _ root: TokenTrie.Node) -> (id: Int32, end: Int)? {
        var node = root, found: (id: Int32, end: Int)?
        var index = range.lowerBound
        while index < range.upperBound, let next = trie.step(node, word[index]) {
            node = next
            index += 1
            if trie.id(at: node) >= 0 { found = (trie.id(at: node), index) }
        }
        return found
    }
}
