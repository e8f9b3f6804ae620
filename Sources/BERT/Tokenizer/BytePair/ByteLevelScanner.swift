/// Cuts a text into the words that `ByteLevel` of the `tokenizers` package encodes each by itself.
///
/// By hand what its pattern says, which is that of GPT-2:
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///
/// Every byte is in one word; each step looks at the bytes of its word and one character more.
struct ByteLevelScanner {
    private enum Kind { case letter, number, space, other }

    private let text: UnsafeBufferPointer<UInt8>
    private let unicode = UnicodeProperties.shared
    /// Where the next word begins.
    private var position = 0

    /// - Parameter text: valid UTF-8.
    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    /// The next word; `nil` at the end of the text.
    mutating func next() -> UnsafeBufferPointer<UInt8>? {
        guard position < text.count else { return nil }
        let start = position
        position = end(from: start)
        return UnsafeBufferPointer(rebasing: text[start..<position])
    }

    private func end(from start: Int) -> Int {
        if text[start] == UInt8(ascii: "'"), let end = contractionEnd(from: start) { return end }
        let first = symbol(at: start)
        guard first.kind == .space else { return runEnd(of: first.kind, from: first.end) }
        if text[start] == 0x20, first.end < text.count {
            let second = symbol(at: first.end)
            if second.kind != .space { return runEnd(of: second.kind, from: second.end) }
        }
        return spaceEnd(from: start)
    }

    private func contractionEnd(from start: Int) -> Int? {
        guard start + 1 < text.count else { return nil }
        switch text[start + 1] {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
        default: break
        }
        guard start + 2 < text.count else { return nil }
        switch (text[start + 1], text[start + 2]) {
        case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
            (UInt8(ascii: "l"), UInt8(ascii: "l")):
            return start + 3
        default: return nil
        }
    }

    private func runEnd(of kind: Kind, from start: Int) -> Int {
        var end = start
        while end < text.count {
            let symbol = symbol(at: end)
            guard symbol.kind == kind else { break }
            end = symbol.end
        }
        return end
    }

    /// White space leaves its last character to the word that follows, where there is one and it has others.
    private func spaceEnd(from start: Int) -> Int {
        var end = start, last = start
        while end < text.count {
            let symbol = symbol(at: end)
            guard symbol.kind == .space else { return last > start ? last : end }
            last = end
            end = symbol.end
        }
        return end
    }

    @inline(__always)
    private func symbol(at start: Int) -> (kind: Kind, end: Int) {
        var end = start
        let flags = unicode.flags(text.codePoint(at: &end))
        if flags.contains(.letter) { return (.letter, end) }
        if flags.contains(.number) { return (.number, end) }
        return (flags.contains(.separator) ? .space : .other, end)
    }
}
