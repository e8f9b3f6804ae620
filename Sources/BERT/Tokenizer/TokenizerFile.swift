import FoundationEssentials
import OrderedJSON

/// What `tokenizer.json` says, in the form that the `tokenizers` package writes.
struct TokenizerFile {
    static let file = "tokenizer.json"

    private(set) var trie = TokenTrie(byteCount: 0)
    private(set) var largestID: Int32 = -1
    private(set) var unknownToken = Array("[UNK]".utf8)
    private(set) var continuingPrefix = Array("##".utf8)
    private(set) var maximumWordLength = 100
    /// What only a `Unigram` vocabulary has.
    private(set) var unigram: UnigramEntry?
    /// What only a `BPE` vocabulary has.
    private(set) var bytePairs: BytePairEntry?
    private(set) var addedTokens: [AddedToken] = []
    private(set) var normalizer: NormalizerEntry?
    private(set) var preTokenizer: PreTokenizerEntry?
    private(set) var postProcessor: PostProcessorEntry?

    init(_ folder: ModelFolder) throws(BERTError) {
        let data = try Self.content(folder)
        guard data.count <= ModelFolder.maximumJSONBytes else {
            throw .damaged(file: Self.file, reason: "it is too large")
        }
        do {
            try data.withUnsafeBytes { try read($0.bindMemory(to: UInt8.self)) }
        } catch let error as BERTError {
            throw error
        } catch {
            throw .damaged(file: Self.file, reason: "it is not the JSON that was expected")
        }
        guard largestID >= 0 else { throw .damaged(file: Self.file, reason: "it has no vocabulary") }
    }

    private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        var scanner = JSONScanner(bytes)
        try scanner.readObject { scanner, key in
            switch String(decoding: key, as: UTF8.self) {
            case "model": try readModel(&scanner, byteCount: bytes.count)
            case "added_tokens": addedTokens = try Self.decode(&scanner, bytes) ?? []
            case "normalizer": normalizer = try Self.decode(&scanner, bytes)
            case "post_processor": postProcessor = try Self.decode(&scanner, bytes)
            case "pre_tokenizer": preTokenizer = try Self.decode(&scanner, bytes)
            default: _ = try scanner.skipValue()
            }
        }
    }

    /// Old files do not name the kind of the vocabulary; a `Unigram` one is an array and no object, and `BPE` has merges.
    private mutating func readModel(_ scanner: inout JSONScanner, byteCount: Int) throws {
        var type: String?, unknownID: Int?, fallsBackToBytes = false, prefix: [UInt8]?
        try scanner.readObject { scanner, key in
            switch String(decoding: key, as: UTF8.self) {
            case "type": type = try scanner.readString()
            case "merges": try readMerges(&scanner)
            case "unk_token": unknownToken = try scanner.readStringBytesOrNull() ?? []
            case "continuing_subword_prefix": prefix = try scanner.readStringBytesOrNull()
            case "max_input_chars_per_word": maximumWordLength = try scanner.readInteger()
            case "unk_id": unknownID = try scanner.readIntegerOrNull()
            case "byte_fallback": fallsBackToBytes = try scanner.readBoolean()
            case "ignore_merges":
                if try scanner.readBoolean() { throw BERTError.unsupported("its tokenizer ignores merges") }
            case "end_of_word_suffix":
                if try scanner.readStringBytesOrNull()?.isEmpty == false {
                    throw BERTError.unsupported("its tokenizer marks ends of words")
                }
            case "vocab":
                if try scanner.peek() == UInt8(ascii: "[") {
                    try readPieces(&scanner, byteCount: byteCount)
                } else {
                    try readWords(&scanner, byteCount: byteCount)
                }
            default: _ = try scanner.skipValue()
            }
        }
        unigram?.unknownID = unknownID
        unigram?.fallsBackToBytes = fallsBackToBytes
        if let prefix { continuingPrefix = prefix }
        try checkKind(type, prefix: prefix ?? [])
    }

    private func checkKind(_ type: String?, prefix: [UInt8]) throws(BERTError) {
        guard let type else { return }
        guard ["WordPiece", "Unigram", "BPE"].contains(type) else { throw .unsupported("its tokenizer is \(type)") }
        guard (type == "Unigram") == (unigram != nil), (type == "BPE") == (bytePairs != nil) else {
            throw .damaged(file: Self.file, reason: "its vocabulary is not that of a \(type)")
        }
        guard type != "BPE" || prefix.isEmpty else {
            throw .unsupported("its tokenizer marks what continues a word")
        }
    }

    /// Each merge is two tokens in an array or, in older files, in a string with a space between.
    private mutating func readMerges(_ scanner: inout JSONScanner) throws {
        var entry = BytePairEntry()
        try scanner.readArray { scanner in
            var count = 0
            func add(_ token: some Collection<UInt8>) {
                entry.parts += token
                entry.ends.append(entry.parts.count)
                count += 1
            }
            if try scanner.peek() == UInt8(ascii: "[") {
                try scanner.readArray { scanner in add(try scanner.readStringBytes()) }
            } else {
                for token in try scanner.readStringBytes().split(separator: 0x20, omittingEmptySubsequences: false) {
                    add(token)
                }
            }
            guard count == 2 else { throw scanner.failure("another entry expected") }
        }
        bytePairs = entry
    }

    private mutating func readWords(_ scanner: inout JSONScanner, byteCount: Int) throws {
        trie = TokenTrie(byteCount: min(byteCount, 16 << 20))
        try scanner.readObject { scanner, token in
            let id = Int32(try scanner.readInteger())
            guard trie.insert(token, id: id) else { throw BERTError.unsupported("its vocabulary is too large") }
            largestID = max(largestID, id)
        }
    }

    private mutating func readPieces(_ scanner: inout JSONScanner, byteCount: Int) throws {
        // A piece takes some fifty bytes, most of them for its score and indentation, and adds some five to the trie.
        trie = TokenTrie(byteCount: min(byteCount / 8, 4 << 20))
        var entry = UnigramEntry()
        try scanner.readArray { scanner in
            var part = 0
            try scanner.readArray { scanner in
                switch part {
                case 0:
                    let piece = try scanner.readStringBytes()
                    guard trie.insert(piece, id: Int32(entry.ends.count)) else {
                        throw BERTError.unsupported("its vocabulary is too large")
                    }
                    entry.pieces += piece
                    entry.ends.append(entry.pieces.count)
                case 1:
                    let score = try scanner.readNumber()
                    guard score.isFinite else { throw scanner.failure("another entry expected") }
                    entry.scores.append(score)
                default: throw scanner.failure("another entry expected")
                }
                part += 1
            }
            guard part == 2 else { throw scanner.failure("another entry expected") }
        }
        largestID = Int32(entry.ends.count) - 1
        unigram = entry
    }

    /// Decodes the value that comes next, `null` as `nil`.
    private static func decode<Value: Decodable>(
        _ scanner: inout JSONScanner, _ bytes: UnsafeBufferPointer<UInt8>
    ) throws -> Value? {
        let value = Data(bytes[try scanner.skipValue()])
        return try JSONDecoder().decode(Value?.self, from: value)
    }
}

/// The merges of a `BPE` vocabulary in their order.
struct BytePairEntry {
    /// The left and the right token of each, as the vocabulary spells them, one behind the other.
    var parts: [UInt8] = []
    /// Where each token ends.
    var ends: [Int] = []
}

/// A `Unigram` vocabulary. The id of a piece is its place in it.
struct UnigramEntry {
    /// The pieces in UTF-8, one behind the other.
    var pieces: [UInt8] = []
    /// Where each piece ends.
    var ends: [Int] = []
    /// Logarithms of probabilities.
    var scores: [Double] = []
    var unknownID: Int?
    /// Whether unknown text is spelt in bytes, where there are tokens for them.
    var fallsBackToBytes = false
}
