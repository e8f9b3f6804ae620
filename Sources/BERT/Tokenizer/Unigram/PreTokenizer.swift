/// How a normalized text is cut into the words that are made of pieces one by one: `WhitespaceSplit` and `Metaspace` of the
/// `tokenizers` package, in any sequence.
struct PreTokenizer: Sendable {
    enum Step: Sendable {
        /// Cuts at white space, which is dropped.
        case whitespace
        case metaspace(Metaspace)
    }

    private let steps: [Step]

    private static let maximumSteps = 16

    init(_ entry: PreTokenizerEntry?) throws(BERTError) {
        steps = try entry.map { entry throws(BERTError) in try Self.steps(entry) } ?? []
        guard steps.count <= Self.maximumSteps else { throw .unsupported("it has too many pre-tokenizers") }
    }

    /// The first `Metaspace`, by which texts are made of tokens again.
    var metaspace: Metaspace? {
        for case .metaspace(let metaspace) in steps { return metaspace }
        return nil
    }

    /// Calls `body` with each word until it returns `false`.
    /// - Parameter firstCount: a word that begins before this many bytes is the first of the text that was given.
    func forEachWord(
        _ text: UnsafeBufferPointer<UInt8>, firstCount: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Bool
    ) {
        _ = split(text, firstCount: firstCount, step: 0, body)
    }

    private func split(
        _ text: UnsafeBufferPointer<UInt8>, firstCount: Int, step: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Bool {
        if text.isEmpty { return true }
        guard step < steps.count else { return body(text) }
        switch steps[step] {
        case .whitespace:
            return Self.forEachUnspaced(text) { part, start in
                split(part, firstCount: firstCount - start, step: step + 1, body)
            }
        case .metaspace(let metaspace):
            return metaspace.replaced(text, isFirst: firstCount > 0).withUnsafeBufferPointer { replaced in
                guard metaspace.splits else { return split(replaced, firstCount: firstCount, step: step + 1, body) }
                return metaspace.forEachPart(replaced) { part, start in
                    split(part, firstCount: firstCount - start, step: step + 1, body)
                }
            }
        }
    }

    private static func forEachUnspaced(
        _ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>, Int) -> Bool
    ) -> Bool {
        var start = 0, index = 0
        while index < text.count {
            let place = index
            let code = text.codePoint(at: &index)
            guard UnicodeProperties.shared.flags(code).contains(.separator) else { continue }
            if start < place, !body(UnsafeBufferPointer(rebasing: text[start..<place]), start) { return false }
            start = index
        }
        return start == text.count || body(UnsafeBufferPointer(rebasing: text[start...]), start)
    }

    private static func steps(_ entry: PreTokenizerEntry) throws(BERTError) -> [Step] {
        switch entry.type {
        case "Sequence":
            var steps: [Step] = []
            for entry in entry.pretokenizers ?? [] { steps += try self.steps(entry) }
            return steps
        case "WhitespaceSplit": return [.whitespace]
        case "Metaspace": return [.metaspace(try Metaspace(entry))]
        default: throw .unsupported("its pre-tokenizer is \(entry.type)")
        }
    }
}

/// Makes spaces a visible character, and puts one in front of the text, so that a word has the same pieces everywhere.
struct Metaspace: Sendable {
    enum Prefix: String, Sendable {
        case always, never
        /// Only where the text begins.
        case first
    }

    /// In UTF-8.
    let replacement: [UInt8]
    let prefix: Prefix
    /// Whether words begin at each replacement.
    let splits: Bool

    /// Older files have `add_prefix_space` and not `prepend_scheme`.
    init(_ entry: PreTokenizerEntry) throws(BERTError) {
        guard let replacement = entry.replacement, replacement.unicodeScalars.count == 1 else {
            throw .damaged(file: TokenizerFile.file, reason: "its Metaspace has no replacement")
        }
        self.replacement = Array(replacement.utf8)
        let scheme = entry.prepend_scheme ?? (entry.add_prefix_space == false ? "never" : "always")
        guard let prefix = Prefix(rawValue: scheme) else {
            throw .unsupported("its Metaspace has the prepend_scheme \(scheme)")
        }
        guard entry.add_prefix_space != false || prefix == .never else {
            throw .damaged(file: TokenizerFile.file, reason: "its Metaspace contradicts itself")
        }
        self.prefix = prefix
        splits = entry.split ?? true
    }

    func replaced(_ text: UnsafeBufferPointer<UInt8>, isFirst: Bool) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + replacement.count)
        let begins = text.first == 0x20 || text.starts(with: replacement)
        if !begins, prefix == .always || prefix == .first && isFirst { result += replacement }
        for byte in text {
            if byte == 0x20 { result += replacement } else { result.append(byte) }
        }
        return result
    }

    fileprivate func forEachPart(
        _ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>, Int) -> Bool
    ) -> Bool {
        var start = 0
        for index in text.indices.dropFirst()
        where text[index] == replacement[0] && text[index...].starts(with: replacement) {
            guard body(UnsafeBufferPointer(rebasing: text[start..<index]), start) else { return false }
            start = index
        }
        return body(UnsafeBufferPointer(rebasing: text[start...]), start)
    }
}
