/// Cuts a text into the pieces that cl100k_base encodes each by itself.
///
/// By hand what its pattern says, which OpenAI's tiktoken 0.14 has as
///
///     '(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s
///
/// Every byte is in one piece; each step looks at the bytes of its piece and one character more.
struct WordScanner {
    private let text: UnsafeBufferPointer<UInt8>
    private let classes = CharacterClass.Table.shared
    /// Where the next piece begins.
    private(set) var position = 0

    /// - Parameter text: well-formed UTF-8.
    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    /// The end of the piece that begins at `position`, which moves there; `nil` at the end of the text.
    mutating func next() -> Range<Int>? {
        guard position < text.count else { return nil }
        let start = position
        position = end(from: start)
        return start..<position
    }

    private func end(from start: Int) -> Int {
        let first = symbol(at: start)
        if text[start] == UInt8(ascii: "'"), let end = contraction(from: start) { return end }
        switch first.class {
        case .letter: return run(of: .letter, from: first.end)
        case .number: return numberEnd(from: first.end)
        case .lineEnd: return spaceEnd(from: start)
        case .space, .other:
            if first.end < text.count {
                let second = symbol(at: first.end)
                if second.class == .letter { return run(of: .letter, from: second.end) }
                if first.class == .other { return otherEnd(from: first.end) }
                if text[start] == UInt8(ascii: " "), second.class == .other { return otherEnd(from: second.end) }
            }
            return first.class == .other ? first.end : spaceEnd(from: start)
        }
    }

    /// `'s`, `'T`, `'ll` …; the long s is an s in either case.
    private func contraction(from start: Int) -> Int? {
        guard start + 1 < text.count else { return nil }
        let first = text[start + 1] | 0x20
        switch first {
        case UInt8(ascii: "s"), UInt8(ascii: "d"), UInt8(ascii: "m"), UInt8(ascii: "t"):
            return text[start + 1] < 0x80 ? start + 2 : nil
        default: break
        }
        guard start + 2 < text.count else { return nil }
        if text[start + 1] == 0xC5, text[start + 2] == 0xBF { return start + 3 }
        switch (first, text[start + 2] | 0x20) {
        case (UInt8(ascii: "l"), UInt8(ascii: "l")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
            (UInt8(ascii: "r"), UInt8(ascii: "e")):
            return start + 3
        default: return nil
        }
    }

    private func run(of wanted: CharacterClass, from start: Int) -> Int {
        var end = start
        while end < text.count {
            let symbol = symbol(at: end)
            guard symbol.class == wanted else { break }
            end = symbol.end
        }
        return end
    }

    private func numberEnd(from start: Int) -> Int {
        var end = start
        for _ in 0..<2 where end < text.count {
            let symbol = symbol(at: end)
            guard symbol.class == .number else { break }
            end = symbol.end
        }
        return end
    }

    private func otherEnd(from start: Int) -> Int { run(of: .lineEnd, from: run(of: .other, from: start)) }

    /// White space to the end of the text is one piece; else it goes to its last line end, or leaves one character to
    /// what follows.
    private func spaceEnd(from start: Int) -> Int {
        var end = start
        var last = start
        var lineEnd: Int?
        while end < text.count {
            let symbol = symbol(at: end)
            guard symbol.class == .space || symbol.class == .lineEnd else { break }
            last = end
            end = symbol.end
            if symbol.class == .lineEnd { lineEnd = end }
        }
        if end == text.count { return end }
        if let lineEnd { return lineEnd }
        return last > start ? last : end
    }

    @inline(__always)
    private func symbol(at start: Int) -> (class: CharacterClass, end: Int) {
        let byte = text[start]
        if byte < 0x80 { return (classes.ofASCII(byte), start + 1) }
        let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        guard start + length <= text.count else { return (.other, text.count) }
        var code = UInt32(byte) & (0x7F >> UInt32(length))
        for offset in 1..<length { code = code << 6 | UInt32(text[start + offset] & 0x3F) }
        return (classes.of(code), start + length)
    }
}
