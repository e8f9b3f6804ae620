/// The tokenizer of SentencePiece models with a `Unigram` vocabulary: the text is normalized, cut into words, and each word
/// made of pieces.
struct UnigramTokenizer: TextTokenizer {
    private let transforms: [TextTransform]
    private let preTokenizer: PreTokenizer
    private let vocabulary: UnigramVocabulary
    private let decoder: UnigramDecoder
    private let normalizedTokens: AddedTokenMatcher

    init(_ file: TokenizerFile, _ entry: UnigramEntry) throws(BERTError) {
        let transforms = try TextTransform.transforms(file.normalizer)
        self.transforms = transforms
        preTokenizer = try PreTokenizer(file.preTokenizer)
        vocabulary = try UnigramVocabulary(entry, file.trie)
        decoder = UnigramDecoder(entry, file.addedTokens, preTokenizer.metaspace)
        normalizedTokens = AddedTokenMatcher(file.addedTokens.filter(\.normalized)) {
            TextTransform.normalized($0.content, transforms)
        }
    }

    func append(_ text: TextPiece, to ids: inout [Int32], limit: Int) {
        var path = UnigramVocabulary.Path()
        var normalized = TextTransform.Text(text)
        for transform in transforms { transform.apply(to: &normalized) }
        normalized.bytes.withUnsafeBufferPointer { bytes in
            normalizedTokens.forEachPiece(bytes) { piece in
                guard ids.count < limit else { return }
                if let id = piece.id { return ids.append(id) }
                let part = UnsafeBufferPointer(rebasing: bytes[piece.bytes])
                let firstCount = normalized.firstCount - piece.bytes.lowerBound
                preTokenizer.forEachWord(part, firstCount: firstCount) { word in
                    vocabulary.append(word, to: &ids, &path)
                    return ids.count < limit
                }
            }
        }
    }

    func texts(of arrays: [[Int]], skipping skipped: Set<Int>) -> [String]? {
        decoder.texts(of: arrays, skipping: skipped)
    }
}
