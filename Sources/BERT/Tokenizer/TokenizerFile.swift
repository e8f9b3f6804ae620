import FoundationEssentials

/// What `tokenizer.json` says, in the form that the `tokenizers` package writes.
struct TokenizerFile {
    static let file = "tokenizer.json"

    var trie: TokenTrie
    var largestID: Int32 = -1
    var unknownToken = Array("[UNK]".utf8)
    var continuingPrefix = Array("##".utf8)
    var maximumWordLength = 100
    private(set) var addedTokens: [AddedToken] = []
    private(set) var normalizer: NormalizerEntry?
    private(set) var postProcessor: PostProcessorEntry?

    init(_ folder: ModelFolder) throws(BERTError) {
        let data = try folder.map(Self.file)
        guard data.count <= ModelFolder.maximumJSONBytes else {
            throw .damaged(file: Self.file, reason: "it is too large")
        }
        trie = TokenTrie(byteCount: min(data.count, 16 << 20))
        do {
            try data.withUnsafeBytes { try read($0) }
        } catch let error as BERTError {
            throw error
        } catch {
            throw .damaged(file: Self.file, reason: "it is not the JSON that was expected")
        }
        guard largestID >= 0 else { throw .damaged(file: Self.file, reason: "it has no vocabulary") }
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer) throws {
        var scanner = JSONScanner(bytes)
        try scanner.readObject { scanner, key in
            switch String(decoding: key, as: UTF8.self) {
            case "model": try readModel(&scanner)
            case "added_tokens": addedTokens = try Self.decode(&scanner, bytes) ?? []
            case "normalizer": normalizer = try Self.decode(&scanner, bytes)
            case "post_processor": postProcessor = try Self.decode(&scanner, bytes)
            case "pre_tokenizer":
                let entry: TypedEntry? = try Self.decode(&scanner, bytes)
                guard entry?.type == "BertPreTokenizer" else {
                    throw BERTError.unsupported("its pre-tokenizer is \(entry?.type ?? "missing")")
                }
            default: _ = try scanner.skipValue()
            }
        }
    }

    private mutating func readModel(_ scanner: inout JSONScanner) throws {
        try scanner.readObject { scanner, key in
            switch String(decoding: key, as: UTF8.self) {
            case "type":
                let type = String(decoding: try scanner.readString(), as: UTF8.self)
                guard type == "WordPiece" else { throw BERTError.unsupported("its tokenizer is \(type)") }
            case "unk_token": unknownToken = try scanner.readString()
            case "continuing_subword_prefix": continuingPrefix = try scanner.readString()
            case "max_input_chars_per_word": maximumWordLength = try scanner.readInteger()
            case "vocab":
                try scanner.readObject { scanner, token in
                    let id = Int32(try scanner.readInteger())
                    guard trie.insert(token, id: id) else { throw BERTError.unsupported("its vocabulary is too large") }
                    largestID = max(largestID, id)
                }
            default: _ = try scanner.skipValue()
            }
        }
    }

    /// Decodes the value that comes next, `null` as `nil`.
    private static func decode<Value: Decodable>(
        _ scanner: inout JSONScanner, _ bytes: UnsafeRawBufferPointer
    ) throws -> Value? {
        let value = Data(bytes[try scanner.skipValue()])
        return try JSONDecoder().decode(Value?.self, from: value)
    }
}

/// Any part of the file that names its kind.
struct TypedEntry: Decodable {
    let type: String
}

/// A token that is looked for in the text itself, before words are made.
struct AddedToken: Decodable, Sendable {
    let id: Int32
    let content: String
    /// Only where no letter, digit or underscore is next to it.
    let single_word: Bool
    /// Takes the white space before it, or after it, along.
    let lstrip: Bool
    let rstrip: Bool
    /// Looked for in the normalized text.
    let normalized: Bool
}

struct NormalizerEntry: Decodable {
    let type: String
    let clean_text: Bool?
    let handle_chinese_chars: Bool?
    let strip_accents: Bool?
    let lowercase: Bool?
}

/// `TemplateProcessing` or `BertProcessing`: what is put around the tokens of a text.
struct PostProcessorEntry: Decodable {
    struct Piece: Decodable {
        struct Part: Decodable {
            let id: String
            let type_id: Int
        }
        let SpecialToken: Part?
        let Sequence: Part?
    }

    struct Special: Decodable {
        let ids: [Int32]
    }

    /// A token's text and id, as `BertProcessing` gives them.
    struct Pair: Decodable {
        let id: Int32

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            _ = try container.decode(String.self)
            id = try container.decode(Int32.self)
        }
    }

    let type: String
    let single: [Piece]?
    let special_tokens: [String: Special]?
    let sep: Pair?
    let cls: Pair?
}
