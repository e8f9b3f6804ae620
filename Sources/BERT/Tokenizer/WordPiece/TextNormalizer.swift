/// The `BertNormalizer` of the `tokenizers` package, one code point at a time.
///
/// In this order: white space made spaces and control characters removed; Chinese characters set between spaces; canonical
/// decomposition and removal of nonspacing marks; lower case. What has no effect on a code point costs one look-up.
struct TextNormalizer: Sendable {
    let cleansText: Bool
    let separatesChinese: Bool
    let stripsAccents: Bool
    let lowercases: Bool
    let unicode = UnicodeProperties.shared

    /// `nil` changes nothing.
    init(_ entry: NormalizerEntry?) throws(BERTError) {
        guard entry == nil || entry?.type == "BertNormalizer" else {
            throw .unsupported("its normalizer is \(entry?.type ?? "")")
        }
        let lowercases = entry.map { $0.lowercase ?? true } ?? false
        self.lowercases = lowercases
        cleansText = entry.map { $0.clean_text ?? true } ?? false
        separatesChinese = entry.map { $0.handle_chinese_chars ?? true } ?? false
        stripsAccents = entry.map { $0.strip_accents ?? lowercases } ?? false
    }

    /// Code points whose place in canonical order is still open: those since the last one of class 0.
    struct Pending {
        var codes: [(code: UInt32, rank: UInt8)] = []
    }

    /// Hands on what becomes of `code`, which follows those in `pending`.
    @inline(__always)
    func normalize(_ code: UInt32, _ pending: inout Pending, _ emit: (UInt32) -> Void) {
        let flags = unicode.flags(code)
        if cleansText {
            if flags.contains(.control) { return }
            if flags.contains(.space) { return decompose(0x20, &pending, emit) }
        }
        if separatesChinese && flags.contains(.chinese) {
            decompose(0x20, &pending, emit)
            decompose(code, &pending, emit)
            decompose(0x20, &pending, emit)
        } else {
            decompose(code, &pending, emit)
        }
    }

    /// Hands on what was held back; to be called at the end of a text.
    func finish(_ pending: inout Pending, _ emit: (UInt32) -> Void) {
        guard !pending.codes.isEmpty else { return }
        // Stable, as canonical ordering is.
        for entry in pending.codes.enumerated().sorted(by: {
            ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
        }) {
            lower(entry.element.code, emit)
        }
        pending.codes.removeAll(keepingCapacity: true)
    }

    /// A whole text at once, in UTF-8.
    func normalized(_ text: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [], pending = Pending()
        text.withUnsafeBufferPointer { text in
            var index = 0
            while index < text.count {
                normalize(text.codePoint(at: &index), &pending) { bytes.appendUTF8($0) }
            }
        }
        finish(&pending) { bytes.appendUTF8($0) }
        return bytes
    }

    private func decompose(_ code: UInt32, _ pending: inout Pending, _ emit: (UInt32) -> Void) {
        guard stripsAccents else { return lower(code, emit) }
        unicode.forEachDecomposed(code) { part in
            let flags = unicode.flags(part)
            let combines = flags.contains(.combines)
            if !combines { finish(&pending, emit) }
            if flags.contains(.mark) { return }
            if combines {
                pending.codes.append((part, unicode.combiningClass(part)))
            } else {
                lower(part, emit)
            }
        }
    }

    private func lower(_ code: UInt32, _ emit: (UInt32) -> Void) {
        if lowercases { unicode.forEachLowercase(code, emit) } else { emit(code) }
    }
}
