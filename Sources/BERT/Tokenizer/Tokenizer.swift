/// Part of a text, in UTF-8.
struct TextPiece {
    let bytes: UnsafeBufferPointer<UInt8>
    /// Whether the text begins with it.
    let isFirst: Bool
}

/// What differs between the kinds of vocabulary.
protocol TextTokenizer: Sendable {
    /// Appends the ids of the text. Once there are `limit` in all, or more, nothing further is looked for.
    func append(_ text: TextPiece, to ids: inout [Int32], limit: Int)

    /// The text of each array of ids, `skipped` ids left out; `nil` for an id that is none.
    func texts(of arrays: [[Int]], skipping skipped: Set<Int>) -> [String]?
}

/// Text to token ids, equal to what the `tokenizers` package gives for the same `tokenizer.json`.
struct Tokenizer: Sendable {
    private let model: any TextTokenizer
    private let addedTokens: AddedTokenMatcher
    private let template: SpecialTokenTemplate
    /// Ids that stand for no part of a text: those around it, and the padding.
    private let frameIDs: Set<Int>
    /// No id is larger.
    let largestID: Int32

    private static let paddingTokens: Set = ["[PAD]", "<pad>"]

    init(_ folder: ModelFolder) throws(BERTError) {
        let file = try TokenizerFile(folder)
        if let unigram = file.unigram {
            model = try UnigramTokenizer(file, unigram)
        } else if let bytePairs = file.bytePairs {
            model = try BytePairTokenizer(file, bytePairs)
        } else {
            model = try WordPieceTokenizer(file)
        }
        addedTokens = AddedTokenMatcher(file.addedTokens.filter { !$0.normalized }) { Array($0.content.utf8) }
        template = try SpecialTokenTemplate(file.postProcessor)
        let padding = file.addedTokens.filter { Self.paddingTokens.contains($0.content) }.map(\.id)
        frameIDs = Set((template.ids + padding).map(Int.init))
        let others = file.addedTokens.map(\.id) + template.ids
        guard others.allSatisfy({ $0 >= 0 }) else {
            throw .damaged(file: TokenizerFile.file, reason: "it has negative ids")
        }
        largestID = others.reduce(file.largestID, max)
    }

    /// Whether pairs of texts can be encoded.
    var takesPairs: Bool { template.pair != nil }

    /// The ids of the text, the special tokens around it included, at most `maximumCount`: what is too much is cut from the
    /// end of the text.
    func encode(_ text: String, maximumCount: Int) -> [Int32] {
        let frame = template.single
        let limit = max(maximumCount - frame.after.count, frame.before.count)
        return ids(of: text, after: frame.before, limit: limit) + frame.after
    }

    /// The ids of two texts with the special tokens around them, at most `maximumCount`: what is too much is cut from the
    /// ends, from the longer text until both are equally long.
    func encode(_ first: String, _ second: String, maximumCount: Int) -> TokenSequence {
        guard let frame = template.pair else { preconditionFailure("takesPairs was not asked") }
        let room = max(0, maximumCount - frame.count)
        // Nothing behind `room` tokens of either text is ever kept.
        let texts = [first, second].map { ids(of: $0, after: [], limit: room) }
        let counts = Self.longestFirst(texts[0].count, texts[1].count, room: room)
        let beginning = frame.before + texts[0].prefix(counts.0) + frame.between
        return TokenSequence(
            ids: beginning + texts[1].prefix(counts.1) + frame.after,
            secondStart: frame.hasTypes ? beginning.count : .max)
    }

    /// The text of each array of ids, in lower case where the vocabulary is; `nil` for an id that is none.
    func texts(of arrays: [[Int]]) -> [String]? { model.texts(of: arrays, skipping: frameIDs) }

    /// `ids` and those of the text, at most `limit` in all.
    private func ids(of text: String, after ids: [Int32], limit: Int) -> [Int32] {
        var ids = ids, text = text
        text.withUTF8 { bytes in
            addedTokens.forEachPiece(bytes) { piece in
                guard ids.count < limit else { return }
                if let id = piece.id { return ids.append(id) }
                let part = TextPiece(
                    bytes: UnsafeBufferPointer(rebasing: bytes[piece.bytes]), isFirst: piece.bytes.lowerBound == 0)
                model.append(part, to: &ids, limit: limit)
            }
        }
        if ids.count > limit { ids.removeSubrange(limit...) }
        return ids
    }

    /// How much is kept of two texts that share `room`. Where neither fits into its half, the longer one gets the odd token.
    private static func longestFirst(_ first: Int, _ second: Int, room: Int) -> (Int, Int) {
        guard first + second > room else { return (first, second) }
        if first <= room / 2 { return (first, room - first) }
        if second <= room / 2 { return (room - second, second) }
        return first > second ? (room - room / 2, room / 2) : (room / 2, room - room / 2)
    }
}
