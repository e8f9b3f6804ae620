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
    /// What only a `Unigram` vocabulary has; `nil` for `WordPiece`.
    private(set) var unigram: UnigramEntry?
    private(set) var addedTokens: [AddedToken] = []
    private(set) var normalizer: NormalizerEntry?
    private(set) var preTokenizer: PreTokenizerEntry?
    private(set) var postProcessor: PostProcessorEntry?

    init(_ folder: ModelFolder) throws(BERTError) {
        let data = try folder.map(Self.file)
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

    /// Old files do not name the kind of the vocabulary; a `Unigram` one is an array and no object.
    private mutating func readModel(_ scanner: inout JSONScanner, byteCount: Int) throws {
        var type: String?, unknownID: Int?, fallsBackToBytes = false
        try scanner.readObject { scanner, key in
            switch String(decoding: key, as: UTF8.self) {
            case "type":
                let name = try scanner.readString()
                guard ["WordPiece", "Unigram"].contains(name) else {
                    throw BERTError.unsupported("its tokenizer is \(name)")
                }
                type = name
            case "merges": throw BERTError.unsupported("its tokenizer is BPE")
            case "unk_token": unknownToken = try scanner.readStringBytes()
            case "continuing_subword_prefix": continuingPrefix = try scanner.readStringBytes()
            case "max_input_chars_per_word": maximumWordLength = try scanner.readInteger()
            case "unk_id": unknownID = try scanner.readIntegerOrNull()
            case "byte_fallback": fallsBackToBytes = try scanner.readBoolean()
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
        guard type == nil || (type == "Unigram") == (unigram != nil) else {
            throw BERTError.damaged(file: Self.file, reason: "its vocabulary is not that of a \(type ?? "")")
        }
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
