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

/// A normalizer of any kind, with what each kind says.
struct NormalizerEntry: Decodable {
    /// One of the two.
    struct Pattern: Decodable {
        let String: Swift.String?
        let Regex: Swift.String?
    }

    let type: String
    // BertNormalizer
    let clean_text: Bool?
    let handle_chinese_chars: Bool?
    let strip_accents: Bool?
    let lowercase: Bool?
    // Sequence
    let normalizers: [NormalizerEntry]?
    // Precompiled: base64
    let precompiled_charsmap: String?
    // Prepend
    let prepend: String?
    // Strip
    let strip_left: Bool?
    let strip_right: Bool?
    // Replace
    let pattern: Pattern?
    let content: String?
}

/// A pre-tokenizer of any kind, with what each kind says.
struct PreTokenizerEntry: Decodable {
    let type: String
    // Sequence
    let pretokenizers: [PreTokenizerEntry]?
    // Metaspace
    let replacement: String?
    let prepend_scheme: String?
    let add_prefix_space: Bool?
    let split: Bool?
    // ByteLevel, which has `add_prefix_space`, too
    let use_regex: Bool?
}

/// What is put around the tokens of a text.
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

    /// A token's text and id.
    struct Pair: Decodable {
        let id: Int32

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            _ = try container.decode(String.self)
            id = try container.decode(Int32.self)
        }
    }

    let type: String
    // TemplateProcessing
    let single: [Piece]?
    let pair: [Piece]?
    let special_tokens: [String: Special]?
    // BertProcessing, RobertaProcessing
    let sep: Pair?
    let cls: Pair?
}
