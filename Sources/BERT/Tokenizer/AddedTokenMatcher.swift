/// Finds added tokens such as `[MASK]` in a text, as the `tokenizers` package does: leftmost first, the longest there.
struct AddedTokenMatcher: Sendable {
    /// A stretch of the text: a token, or text between tokens.
    struct Piece {
        let bytes: Range<Int>
        let id: Int32?
    }

    private struct Token: Sendable {
        let entry: AddedToken
        let bytes: [UInt8]
    }

    /// By their first byte, the longest first.
    private var tokens = [[Token]](repeating: [], count: 256)
    private(set) var isEmpty = true

    /// - Parameter content: the token's text as it is looked for.
    init(_ entries: [AddedToken], content: (AddedToken) -> [UInt8]) {
        for entry in entries {
            let bytes = content(entry)
            guard let first = bytes.first else { continue }
            tokens[Int(first)].append(Token(entry: entry, bytes: bytes))
            isEmpty = false
        }
        for first in tokens.indices { tokens[first].sort { $0.bytes.count > $1.bytes.count } }
    }

    /// Calls `body` with the pieces that the text consists of, in order.
    func forEachPiece(_ text: UnsafeBufferPointer<UInt8>, _ body: (Piece) -> Void) {
        var textStart = 0, index = 0
        while index < text.count {
            guard let token = token(text, at: index) else {
                index += 1
                continue
            }
            var range = index..<index + token.bytes.count
            index = range.upperBound
            if token.entry.single_word && (endsWithWord(text[..<range.lowerBound]) || startsWithWord(text[index...])) {
                continue
            }
            if token.entry.lstrip {
                range = max(textStart, spaceStart(text[..<range.lowerBound]))..<range.upperBound
            }
            if token.entry.rstrip { range = range.lowerBound..<spaceEnd(text[range.upperBound...]) }
            if textStart < range.lowerBound { body(Piece(bytes: textStart..<range.lowerBound, id: nil)) }
            body(Piece(bytes: range, id: token.entry.id))
            textStart = range.upperBound
        }
        if textStart < text.count { body(Piece(bytes: textStart..<text.count, id: nil)) }
    }

    private func token(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Token? {
        tokens[Int(text[index])].first { token in
            let count = token.bytes.count
            guard count <= text.count - index else { return false }
            return token.bytes.withUnsafeBufferPointer { bytes in
                for offset in 1..<count where bytes[offset] != text[index + offset] { return false }
                return true
            }
        }
    }

    private typealias Part = Slice<UnsafeBufferPointer<UInt8>>

    /// Where the white space begins that the text ends with. Looks at nothing else: a text may be full of tokens.
    private func spaceStart(_ text: Part) -> Int {
        var start = text.endIndex
        while let last = lastScalar(text[..<start]), isSpace(last) { start -= UTF8.width(last) }
        return start
    }

    private func spaceEnd(_ text: Part) -> Int {
        var end = text.startIndex
        while let first = firstScalar(text[end...]), isSpace(first) { end += UTF8.width(first) }
        return end
    }

    private func lastScalar(_ text: Part) -> Unicode.Scalar? {
        String(decoding: text.suffix(4), as: UTF8.self).unicodeScalars.last
    }

    private func firstScalar(_ text: Part) -> Unicode.Scalar? {
        String(decoding: text.prefix(4), as: UTF8.self).unicodeScalars.first
    }

    private func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        UnicodeProperties.shared.flags(scalar.value).contains(.separator)
    }

    private func endsWithWord(_ text: Part) -> Bool {
        lastScalar(text).map(isWordCharacter) ?? false
    }

    private func startsWithWord(_ text: Part) -> Bool {
        firstScalar(text).map(isWordCharacter) ?? false
    }

    private func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
        UnicodeProperties.shared.flags(scalar.value).contains(.word)
    }
}
