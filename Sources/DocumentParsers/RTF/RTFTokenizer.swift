/// Splits RTF into its tokens.
struct RTFTokenizer {
    enum Token {
        case groupStart
        case groupEnd
        /// A control word without its backslash, and its parameter.
        case word(String, Int?)
        /// A backslash and a character that is no letter.
        case symbol(UInt8)
        /// A byte that is written as `\'hh`.
        case hexadecimal(UInt8)
        case text(Slice<UnsafeBufferPointer<UInt8>>)
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// The longest that the specification allows; longer ones are words that nobody knows.
    private static let longestWord = 32

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func next() -> Token? {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "{"):
                position += 1
                return .groupStart
            case UInt8(ascii: "}"):
                position += 1
                return .groupEnd
            case UInt8(ascii: "\\"):
                position += 1
                if let token = control() { return token }
            // Line ends and what fills the file up mean nothing.
            case 0x0D, 0x0A, 0: position += 1
            default: return text()
            }
        }
        return nil
    }

    private mutating func text() -> Token {
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\\"), 0x0D, 0x0A, 0:
                return .text(bytes[start..<position])
            default: position += 1
            }
        }
        return .text(bytes[start..<position])
    }

    /// What follows a backslash; nil where nothing does.
    private mutating func control() -> Token? {
        guard position < bytes.count else { return nil }
        let first = bytes[position]
        guard Self.isLetter(first) else {
            position += 1
            guard first == UInt8(ascii: "'") else { return .symbol(first) }
            guard position + 1 < bytes.count, let high = Self.nibble(bytes[position]),
                let low = Self.nibble(bytes[position + 1])
            else { return .symbol(0) }
            position += 2
            return .hexadecimal(high << 4 | low)
        }
        let start = position
        while position < bytes.count, Self.isLetter(bytes[position]) { position += 1 }
        let name = bytes[start..<position].prefix(Self.longestWord)
        let parameter = number()
        // A space that follows belongs to the word.
        if position < bytes.count, bytes[position] == 0x20 { position += 1 }
        if let parameter, name.elementsEqual("bin".utf8) {
            position = min(bytes.count, position + max(0, parameter))
        }
        return .word(String(decoding: name, as: UTF8.self), parameter)
    }

    private mutating func number() -> Int? {
        var digits = position
        let isNegative = digits < bytes.count && bytes[digits] == UInt8(ascii: "-")
        if isNegative { digits += 1 }
        let start = digits
        var value = 0
        while digits < bytes.count, 0x30...0x39 ~= bytes[digits] {
            // More digits than any number of the format has change nothing.
            if digits - start < 10 { value = value * 10 + Int(bytes[digits] - 0x30) }
            digits += 1
        }
        guard digits > start else { return nil }
        position = digits
        return isNegative ? -value : value
    }

    private static func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
