/// Takes the white space off both ends of spans, and keeps their ends off the inside of grapheme clusters.
///
/// Spans come in reading order and overlap; what was found blank once is not read again, so that trimming takes linear
/// time even where overlapping spans share long blank stretches.
struct ChunkTrimmer {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// The last stretch found blank from a start, and the last found blank before an end.
    private var leading = TextSpan(start: TextPosition(byte: 0, unit: 0), end: TextPosition(byte: 0, unit: 0))
    private var trailing = TextSpan(start: TextPosition(byte: 0, unit: 0), end: TextPosition(byte: 0, unit: 0))

    /// `bytes` is valid UTF-8 and outlives this value.
    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The span without white space at its ends; `nil` where nothing else is in it.
    mutating func trim(_ span: TextSpan) -> TextSpan? {
        var result = span
        result.start = skipLeading(from: span.start, to: span.end)
        guard result.start.byte < span.end.byte else { return nil }
        result.end = skipTrailing(from: span.end)
        if isInsideGrapheme(result.start) { result.start = before(result.start) }
        if isInsideGrapheme(result.end) { result.end = after(result.end) }
        return result
    }

    private mutating func skipLeading(from start: TextPosition, to end: TextPosition) -> TextPosition {
        var position = start
        if leading.start.byte <= start.byte, start.byte < leading.end.byte { position = leading.end }
        while position.byte < end.byte, let width = blankWidth(at: position.byte) {
            position.byte += width
            position.unit += 1
        }
        leading = TextSpan(start: start, end: position)
        return position
    }

    /// Stops at the latest where the text of the span begins, as `skipLeading` found some.
    private mutating func skipTrailing(from end: TextPosition) -> TextPosition {
        var position = end
        while let width = blankWidth(before: position.byte) {
            if position == trailing.end {
                position = trailing.start
                break
            }
            position.byte -= width
            position.unit -= 1
        }
        trailing = TextSpan(start: position, end: end)
        return position
    }

    /// Whether a cluster reaches over this place. One does where a mark combines with a space or a prefix (as U+0600)
    /// with what follows it; all other ends of spans come from the splitter, which knows clusters.
    private func isInsideGrapheme(_ position: TextPosition) -> Bool {
        guard position.byte > 0, position.byte < bytes.count else { return false }
        let start = scalarStart(before: position.byte)
        guard bytes[start] >= 0x80 || bytes[position.byte] >= 0x80 else { return false }
        guard blankWidth(at: start) != nil || blankWidth(at: position.byte) != nil else { return false }
        let both = bytes[start..<position.byte + scalarWidth(startingWith: bytes[position.byte])]
        return String(decoding: both, as: UTF8.self).count == 1
    }

    private func before(_ position: TextPosition) -> TextPosition {
        let start = scalarStart(before: position.byte)
        return TextPosition(byte: start, unit: position.unit - utf16Length(startingWith: bytes[start]))
    }

    private func after(_ position: TextPosition) -> TextPosition {
        let first = bytes[position.byte]
        return TextPosition(
            byte: position.byte + scalarWidth(startingWith: first),
            unit: position.unit + utf16Length(startingWith: first))
    }

    private func scalarStart(before byte: Int) -> Int {
        var start = byte - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }

    private func scalarWidth(startingWith byte: UInt8) -> Int {
        byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    }

    private func blankWidth(before byte: Int) -> Int? {
        byte > 0 ? blankWidth(at: scalarStart(before: byte)) : nil
    }

    /// The bytes of the white space at `byte`, by the definition of ECMAScript's `trim`: tab to carriage return, the
    /// space separators, the line and paragraph separators and the byte order mark, each one UTF-16 code unit.
    private func blankWidth(at byte: Int) -> Int? {
        let first = bytes[byte]
        if first < 0x80 { return first == 0x20 || (0x09...0x0D).contains(first) ? 1 : nil }
        if first == 0xC2 { return bytes[byte + 1] == 0xA0 ? 2 : nil }
        guard (0xE1...0xEF).contains(first) else { return nil }
        let scalar = UInt32(first & 0x0F) << 12 | UInt32(bytes[byte + 1] & 0x3F) << 6 | UInt32(bytes[byte + 2] & 0x3F)
        switch scalar {
        case 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF: return 3
        default: return nil
        }
    }
}
