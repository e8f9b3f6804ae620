/// The tokenizer of RoBERTa and ModernBERT: the text is cut into words, and the bytes of each are merged to tokens (`BPE` with
/// `ByteLevel` of the `tokenizers` package).
struct BytePairTokenizer: TextTokenizer {
    private let transforms: [TextTransform]
    /// Whether a text is given a space in front, so that its first word is like all others.
    private let addsSpace: Bool
    private let vocabulary: BytePairVocabulary
    private let normalizedTokens: AddedTokenMatcher

    init(_ file: TokenizerFile, _ entry: BytePairEntry) throws(BERTError) {
        guard let preTokenizer = file.preTokenizer, preTokenizer.type == "ByteLevel" else {
            throw .unsupported("its tokenizer is BPE with the pre-tokenizer \(file.preTokenizer?.type ?? "missing")")
        }
        guard preTokenizer.use_regex != false else { throw .unsupported("its ByteLevel does not cut words") }
        addsSpace = preTokenizer.add_prefix_space ?? true
        let transforms = try TextTransform.transforms(file.normalizer)
        self.transforms = transforms
        vocabulary = try BytePairVocabulary(entry, file)
        normalizedTokens = AddedTokenMatcher(file.addedTokens.filter(\.normalized)) {
            TextTransform.normalized($0.content, transforms)
        }
    }

    func append(_ text: TextPiece, to ids: inout [Int32], limit: Int) {
        var merger = PairMerger()
        guard !transforms.isEmpty || !normalizedTokens.isEmpty else {
            return appendWords(text.bytes, to: &ids, limit: limit, &merger)
        }
        var normalized = TextTransform.Text(text)
        for transform in transforms { transform.apply(to: &normalized) }
        normalized.bytes.withUnsafeBufferPointer { bytes in
            normalizedTokens.forEachPiece(bytes) { piece in
                guard ids.count < limit else { return }
                if let id = piece.id { return ids.append(id) }
                appendWords(UnsafeBufferPointer(rebasing: bytes[piece.bytes]), to: &ids, limit: limit, &merger)
            }
        }
    }

    func texts(of arrays: [[Int]], skipping skipped: Set<Int>) -> [String]? {
        vocabulary.texts(of: arrays, skipping: skipped)
    }

    private func appendWords(
        _ text: UnsafeBufferPointer<UInt8>, to ids: inout [Int32], limit: Int, _ merger: inout PairMerger
    ) {
        guard addsSpace, let first = text.first, first != 0x20 else {
            return appendSplit(text, to: &ids, limit: limit, &merger)
        }
        ([0x20] + text).withUnsafeBufferPointer { appendSplit($0, to: &ids, limit: limit, &merger) }
    }

    private func appendSplit(
        _ text: UnsafeBufferPointer<UInt8>, to ids: inout [Int32], limit: Int, _ merger: inout PairMerger
    ) {
        var scanner = ByteLevelScanner(text)
        while ids.count < limit, let word = scanner.next() { merger.append(word, vocabulary, to: &ids) }
    }
}
