/// One of the normalizers that a tokenizer with a `Unigram` or `BPE` vocabulary applies to its text, one after another.
enum TextTransform: Sendable {
    enum Pattern: Sendable {
        case text([UInt8])
        /// Two spaces or more in a row.
        case spaces
        /// The spaces that the text begins and ends with.
        case outerSpaces
        /// Only where the text begins with it.
        case beginning([UInt8])
    }

    case precompiled(PrecompiledMap)
    case form(UnicodeNormalizer)
    case bert(TextNormalizer)
    case lowercase
    case prepend([UInt8])
    case strip(left: Bool, right: Bool)
    case replace(Pattern, with: [UInt8])

    /// A text on its way through the transforms.
    struct Text {
        var bytes: [UInt8]
        /// How many of the bytes it begins with came of the first code point of the text that was given. `Metaspace` may put
        /// its prefix before those only.
        var firstCount: Int

        init(_ text: TextPiece) {
            bytes = Array(text.bytes)
            firstCount = 0
            if text.isFirst, !bytes.isEmpty { _ = text.bytes.codePoint(at: &firstCount) }
        }
    }

    func apply(to text: inout Text) {
        switch self {
        case .prepend(let prefix):
            guard !text.bytes.isEmpty else { return }
            text.bytes = prefix + text.bytes
            if text.firstCount > 0 { text.firstCount += prefix.count }
        case .strip(let left, let right): Self.strip(&text, left: left, right: right)
        case .replace(let pattern, let replacement): Self.replace(&text, pattern, with: replacement)
        case .precompiled, .form, .bert, .lowercase:
            let first = text.firstCount > 0 ? mapped(Array(text.bytes[..<text.firstCount])) : []
            text.bytes = mapped(text.bytes)
            // Where a map drops the first code point, the reference takes what follows for it.
            if case .precompiled = self, text.firstCount > 0, first.isEmpty {
                text.firstCount = min(1, text.bytes.count)
            } else {
                text.firstCount = min(first.count, text.bytes.count)
            }
        }
    }

    /// A token as it is looked for in a normalized text.
    static func normalized(_ token: String, _ transforms: [TextTransform]) -> [UInt8] {
        var token = token
        return token.withUTF8 { bytes in
            var text = Text(TextPiece(bytes: bytes, isFirst: false))
            for transform in transforms { transform.apply(to: &text) }
            return text.bytes
        }
    }

    /// What becomes of a text, code point for code point.
    private func mapped(_ text: [UInt8]) -> [UInt8] {
        switch self {
        case .precompiled(let map):
            var result: [UInt8] = []
            result.reserveCapacity(text.count)
            text.withUnsafeBufferPointer { map.append($0, to: &result) }
            return result
        case .form(let normalizer): return normalizer.normalized(text)
        case .bert(let normalizer): return normalizer.normalized(text)
        case .lowercase: return Self.lowercased(text)
        case .prepend, .strip, .replace: return text
        }
    }

    private static func lowercased(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        text.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                UnicodeProperties.shared.forEachLowercase(bytes.codePoint(at: &index)) { result.appendUTF8($0) }
            }
        }
        return result
    }

    private static func strip(_ text: inout Text, left: Bool, right: Bool) {
        func isSpace(_ code: UInt32) -> Bool { UnicodeProperties.shared.flags(code).contains(.separator) }
        let range = text.bytes.withUnsafeBufferPointer { bytes in
            var start = 0, end = bytes.count
            while left, start < end {
                var next = start
                guard isSpace(bytes.codePoint(at: &next)) else { break }
                start = next
            }
            while right, start < end {
                var last = end - 1
                while bytes[last] & 0xC0 == 0x80 { last -= 1 }
                var next = last
                guard isSpace(bytes.codePoint(at: &next)) else { break }
                end = last
            }
            return start..<end
        }
        text.firstCount = max(0, text.firstCount - range.lowerBound)
        if range.count < text.bytes.count { text.bytes = Array(text.bytes[range]) }
    }

    private static func replace(_ text: inout Text, _ pattern: Pattern, with replacement: [UInt8]) {
        let bytes = text.bytes
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let end = pattern.end(in: bytes, at: index)
            if end > index {
                // What is put in stands where the last of what is replaced stood.
                if index == 0 {
                    text.firstCount = end <= text.firstCount ? text.firstCount - end + replacement.count : 0
                }
                result += replacement
                index = end
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        text.bytes = result
        text.firstCount = min(text.firstCount, result.count)
    }
}

extension TextTransform.Pattern {
    /// Where the match ends that begins at `index`; `index` where there is none.
    fileprivate func end(in text: [UInt8], at index: Int) -> Int {
        switch self {
        case .text(let bytes): return text[index...].starts(with: bytes) ? index + bytes.count : index
        case .beginning(let bytes): return index == 0 && text.starts(with: bytes) ? bytes.count : index
        case .spaces:
            let end = Self.spacesEnd(text, index)
            return end - index > 1 ? end : index
        case .outerSpaces:
            // The loop comes past each space of a run; a run that was looked at once is not looked at again.
            guard index == 0 || text[index - 1] != 0x20 else { return index }
            let end = Self.spacesEnd(text, index)
            return index == 0 || end == text.count ? end : index
        }
    }

    private static func spacesEnd(_ text: [UInt8], _ start: Int) -> Int {
        var end = start
        while end < text.count, text[end] == 0x20 { end += 1 }
        return end
    }
}

extension TextTransform {
    /// More are not looked for in honest files.
    private static let maximumCount = 32

    /// The normalizers in the order in which they are applied.
    static func transforms(_ entry: NormalizerEntry?) throws(BERTError) -> [TextTransform] {
        guard let entry else { return [] }
        guard entry.type == "Sequence" else { return [try TextTransform(entry)] }
        var transforms: [TextTransform] = []
        for entry in entry.normalizers ?? [] { transforms += try self.transforms(entry) }
        guard transforms.count <= maximumCount else { throw .unsupported("it has too many normalizers") }
        return transforms
    }

    private init(_ entry: NormalizerEntry) throws(BERTError) {
        if let form = UnicodeNormalizer.Form(rawValue: entry.type) {
            self = .form(UnicodeNormalizer(form))
            return
        }
        switch entry.type {
        case "Precompiled": self = .precompiled(try PrecompiledMap(base64: entry.precompiled_charsmap ?? ""))
        case "BertNormalizer": self = .bert(try TextNormalizer(entry))
        case "Lowercase": self = .lowercase
        case "Prepend": self = .prepend(Array((entry.prepend ?? "").utf8))
        case "Strip": self = .strip(left: entry.strip_left ?? true, right: entry.strip_right ?? true)
        case "Replace": self = .replace(try Pattern(entry.pattern), with: Array((entry.content ?? "").utf8))
        default: throw .unsupported("its normalizer is \(entry.type)")
        }
    }
}

extension TextTransform.Pattern {
    /// Of regular expressions, those that transformers writes when it converts a SentencePiece model.
    init(_ entry: NormalizerEntry.Pattern?) throws(BERTError) {
        switch (entry?.String, entry?.Regex) {
        case (let text?, nil) where !text.isEmpty: self = .text(Array(text.utf8))
        case (nil, " {2,}"): self = .spaces
        case (nil, #"\A +| +\z"#): self = .outerSpaces
        case (nil, #"\A▁"#): self = .beginning(Array("▁".utf8))
        case (let text, let expression):
            throw .unsupported("its normalizer replaces the pattern \((expression ?? text ?? "").debugDescription)")
        }
    }
}
