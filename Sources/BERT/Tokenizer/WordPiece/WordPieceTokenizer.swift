/// The tokenizer of BERT itself: the text is normalized, split at white space and punctuation, and each word made of the
/// longest pieces there are.
struct WordPieceTokenizer: TextTokenizer {
    private let vocabulary: WordPieceVocabulary
    private let normalizer: TextNormalizer
    private let normalizedTokens: AddedTokenMatcher
    private let ascii: [ASCIIClass]

    /// What becomes of a byte below 0x80.
    private enum ASCIIClass: Sendable {
        case removed, separator, punctuation
        /// Continues a word, as this byte.
        case letter(UInt8)
    }

    init(_ file: TokenizerFile) throws(BERTError) {
        guard file.preTokenizer?.type == "BertPreTokenizer" else {
            throw .unsupported("its pre-tokenizer is \(file.preTokenizer?.type ?? "missing")")
        }
        let normalizer = try TextNormalizer(file.normalizer)
        self.normalizer = normalizer
        vocabulary = try WordPieceVocabulary(file)
        normalizedTokens = AddedTokenMatcher(file.addedTokens.filter(\.normalized)) {
            normalizer.normalized(Array($0.content.utf8))
        }
        ascii = (0..<0x80).map { Self.asciiClass(UInt32($0), normalizer) }
    }

    func append(_ text: TextPiece, to ids: inout [Int32], limit: Int) {
        // Moved and not shared: a text may be full of added tokens, and each piece between them would copy what there is.
        var splitter = WordSplitter(vocabulary, ids: exchange(&ids, with: []))
        if normalizedTokens.isEmpty {
            split(text.bytes, into: &splitter, limit: limit)
        } else {
            splitNormalized(text.bytes, into: &splitter)
        }
        ids = splitter.ids
    }

    /// The text of each array of ids, in lower case where the vocabulary is; `nil` for an id that is none.
    func texts(of arrays: [[Int]], skipping skipped: Set<Int>) -> [String]? {
        vocabulary.texts(of: arrays, skipping: skipped)
    }

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
                normalizer.normalize(text.codePoint(at: &index), &pending) { splitter.add($0) }
            }
        }
        normalizer.finish(&pending) { splitter.add($0) }
        splitter.endWord()
    }

    /// For vocabularies with tokens that are looked for in the normalized text, which then has to be made first.
    private func splitNormalized(_ text: UnsafeBufferPointer<UInt8>, into splitter: inout WordSplitter) {
        normalizer.normalized(Array(text)).withUnsafeBufferPointer { bytes in
            normalizedTokens.forEachPiece(bytes) { piece in
                if let id = piece.id { return splitter.ids.append(id) }
                var index = piece.bytes.lowerBound
                while index < piece.bytes.upperBound { splitter.add(bytes.codePoint(at: &index)) }
                splitter.endWord()
            }
        }
    }

    private static func asciiClass(_ code: UInt32, _ normalizer: TextNormalizer) -> ASCIIClass {
        var pending = TextNormalizer.Pending(), result: UInt32?
        normalizer.normalize(code, &pending) { result = $0 }
        guard let result else { return .removed }
        let flags = UnicodeProperties.shared.flags(result)
        if flags.contains(.separator) { return .separator }
        return flags.contains(.punctuation) ? .punctuation : .letter(UInt8(result))
    }
}
