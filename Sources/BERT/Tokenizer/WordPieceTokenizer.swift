/// Text to token ids, equal to what the `tokenizers` package gives for the same `tokenizer.json`.
struct WordPieceTokenizer: Sendable {
    private let vocabulary: WordPieceVocabulary
    private let normalizer: TextNormalizer
    private let addedTokens: AddedTokenMatcher
    private let normalizedTokens: AddedTokenMatcher
    private let prefix: [Int32]
    private let suffix: [Int32]
    /// Ids that stand for no part of a text: those around it, and the padding.
    private let frameIDs: Set<Int>
    private let ascii: [ASCIIClass]
    /// No id is larger.
    let largestID: Int32

    /// What becomes of a byte below 0x80.
    private enum ASCIIClass: Sendable {
        case removed, separator, punctuation
        /// Continues a word, as this byte.
        case letter(UInt8)
    }

    init(_ folder: ModelFolder) throws(BERTError) {
        let file = try TokenizerFile(folder)
        let normalizer = try TextNormalizer(file.normalizer)
        self.normalizer = normalizer
        vocabulary = try WordPieceVocabulary(file)
        addedTokens = AddedTokenMatcher(file.addedTokens.filter { !$0.normalized }) { Array($0.content.utf8) }
        normalizedTokens = AddedTokenMatcher(file.addedTokens.filter(\.normalized)) {
            Self.normalized($0.content, normalizer)
        }
        (prefix, suffix) = try Self.frame(file.postProcessor)
        let padding = file.addedTokens.filter { $0.content == "[PAD]" }.map(\.id)
        frameIDs = Set((prefix + suffix + padding).map(Int.init))
        ascii = (0..<0x80).map { Self.asciiClass(UInt32($0), normalizer) }
        let others = file.addedTokens.map(\.id) + prefix + suffix
        guard others.allSatisfy({ $0 >= 0 }) else {
            throw .damaged(file: TokenizerFile.file, reason: "it has negative ids")
        }
        largestID = others.reduce(file.largestID, max)
    }

    /// The ids of the text, the special tokens around it included, at most `maximumCount`: what is too much is cut from the
    /// end of the text.
    func encode(_ text: String, maximumCount: Int) -> [Int32] {
        let limit = max(maximumCount - suffix.count, prefix.count)
        var splitter = WordSplitter(vocabulary, ids: prefix)
        var text = text
        text.withUTF8 { bytes in
            addedTokens.forEachPiece(bytes) { piece in
                guard splitter.ids.count < limit else { return }
                if let id = piece.id { return splitter.ids.append(id) }
                let part = UnsafeBufferPointer(rebasing: bytes[piece.bytes])
                if normalizedTokens.isEmpty {
                    split(part, into: &splitter, limit: limit)
                } else {
                    splitNormalized(part, into: &splitter)
                }
            }
        }
        if splitter.ids.count > limit { splitter.ids.removeSubrange(limit...) }
        return splitter.ids + suffix
    }

    /// The ids of two texts with the special tokens around them, at most `maximumCount`: what is too much is cut from the
    /// ends, from the longer text until both are equally long.
    func encode(_ first: String, _ second: String, maximumCount: Int) -> TokenSequence {
        let room = max(0, maximumCount - prefix.count - 2 * suffix.count)
        // Nothing behind `room` tokens of either text is ever kept.
        let texts = [first, second].map { text -> ArraySlice<Int32> in
            encode(text, maximumCount: room + prefix.count + suffix.count)
                .dropFirst(prefix.count).dropLast(suffix.count)
        }
        let counts = Self.longestFirst(texts[0].count, texts[1].count, room: room)
        let beginning = prefix + texts[0].prefix(counts.0) + suffix
        return TokenSequence(
            ids: beginning + texts[1].prefix(counts.1) + suffix, secondStart: beginning.count)
    }

    /// How much is kept of two texts that share `room`. Where neither fits into its half, the longer one gets the odd token.
    private static func longestFirst(_ first: Int, _ second: Int, room: Int) -> (Int, Int) {
        guard first + second > room else { return (first, second) }
        if first <= room / 2 { return (first, room - first) }
        if second <= room / 2 { return (room - second, second) }
        return first > second ? (room - room / 2, room / 2) : (room / 2, room - room / 2)
    }

    /// The text of each array of ids, in lower case where the vocabulary is; `nil` for an id that is none.
    func texts(of arrays: [[Int]]) -> [String]? { vocabulary.texts(of: arrays, skipping: frameIDs) }

    private func split(_ text: UnsafeBufferPointer<UInt8>, into splitter: inout WordSplitter, limit: Int) {
        var pending = TextNormalizer.Pending()
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x80 {
                index += 1
                let class_ = ascii[Int(byte)]
                if case .removed = class_ { continue }
                if !pending.codes.isEmpty { normalizer.finish(&pending) { splitter.add($0) } }
                switch class_ {
                case .letter(let letter): splitter.addLetter(letter)
                case .separator: splitter.endWord()
                case .punctuation: splitter.addPunctuation(byte)
                case .removed: break
                }
                if splitter.ids.count >= limit { return }
            } else {
                normalizer.normalize(Self.decode(text, &index), &pending) { splitter.add($0) }
            }
        }
        normalizer.finish(&pending) { splitter.add($0) }
        splitter.endWord()
    }

    /// For vocabularies with tokens that are looked for in the normalized text, which then has to be made first.
    private func splitNormalized(_ text: UnsafeBufferPointer<UInt8>, into splitter: inout WordSplitter) {
        Self.normalized(String(decoding: text, as: UTF8.self), normalizer).withUnsafeBufferPointer { bytes in
            normalizedTokens.forEachPiece(bytes) { piece in
                if let id = piece.id { return splitter.ids.append(id) }
                var index = piece.bytes.lowerBound
                while index < piece.bytes.upperBound { splitter.add(Self.decode(bytes, &index)) }
                splitter.endWord()
            }
        }
    }

    /// The code point at `index`, which is moved behind it. The bytes are those of a `String`, so they are valid.
    @inline(__always)
    private static func decode(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt32 {
        let first = UInt32(text[index])
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var code = length == 1 ? first : first & (0x7F >> UInt32(length))
        for offset in 1..<4 where offset < length { code = code << 6 | UInt32(text[index + offset] & 0x3F) }
        index += length
        return code
    }

    private static func normalized(_ text: String, _ normalizer: TextNormalizer) -> [UInt8] {
        var bytes: [UInt8] = [], pending = TextNormalizer.Pending()
        for scalar in text.unicodeScalars {
            normalizer.normalize(scalar.value, &pending) { bytes.appendUTF8($0) }
        }
        normalizer.finish(&pending) { bytes.appendUTF8($0) }
        return bytes
    }

    private static func asciiClass(_ code: UInt32, _ normalizer: TextNormalizer) -> ASCIIClass {
        var pending = TextNormalizer.Pending(), result: UInt32?
        normalizer.normalize(code, &pending) { result = $0 }
        guard let result else { return .removed }
        let flags = UnicodeProperties.shared.flags(result)
        if flags.contains(.separator) { return .separator }
        return flags.contains(.punctuation) ? .punctuation : .letter(UInt8(result))
    }

    /// The ids in front of a text and behind it.
    private static func frame(_ entry: PostProcessorEntry?) throws(BERTError) -> ([Int32], [Int32]) {
        guard let entry else { return ([], []) }
        if entry.type == "BertProcessing", let cls = entry.cls, let sep = entry.sep { return ([cls.id], [sep.id]) }
        guard entry.type == "TemplateProcessing", let pieces = entry.single else {
            throw .unsupported("its post-processor is \(entry.type)")
        }
        var prefix: [Int32] = [], suffix: [Int32] = [], sawText = false
        for piece in pieces {
            guard (piece.SpecialToken ?? piece.Sequence)?.type_id == 0, piece.Sequence == nil || !sawText else {
                throw .unsupported("its template is not that of a BERT")
            }
            if let special = piece.SpecialToken {
                guard let ids = entry.special_tokens?[special.id]?.ids else {
                    throw .damaged(file: TokenizerFile.file, reason: "its template names an unknown token")
                }
                if sawText { suffix += ids } else { prefix += ids }
            } else {
                sawText = true
            }
        }
        guard prefix.count <= 1, suffix.count <= 1 else { throw .unsupported("its template is not that of a BERT") }
        return (prefix, suffix)
    }
}
