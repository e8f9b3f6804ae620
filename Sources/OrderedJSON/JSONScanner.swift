import Domain

/// Why a text is not JSON, and where.
package struct JSONParseError: Error, Sendable, Equatable {
    package let reason: String
    /// In bytes from the start of the text.
    package let offset: Int
}

/// Reads the bytes of a JSON text (RFC 8259): white space, strings, words, and where a value ends.
///
/// `JSON` makes whole values with it; vocabularies, whose quarter of a million entries would be too many values, are read
/// with it piece by piece.
package struct JSONScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    package private(set) var offset = 0

    /// - Parameter bytes: must outlive the scanner.
    package init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    package func failure(_ reason: String) -> JSONParseError { JSONParseError(reason: reason, offset: offset) }

    // MARK: Bytes

    /// The next byte, white space included; `nil` at the end.
    package var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    package mutating func advance() { offset += 1 }

    /// Takes the next byte where it is this one.
    package mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        offset += 1
        return true
    }

    package mutating func skipWhitespace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    /// The next byte that is not white space; it is not taken.
    package mutating func peek() throws(JSONParseError) -> UInt8 {
        skipWhitespace()
        guard let next else { throw failure("it ends too early") }
        return next
    }

    /// The bytes of a range that was read.
    package func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// Passes over digits, of which there must be one.
    package mutating func skipDigits() throws(JSONParseError) {
        let start = offset
        while let byte = next, byte &- UInt8(ascii: "0") < 10 { offset += 1 }
        guard offset > start else { throw failure("a value expected") }
    }

    package mutating func readWord(_ word: StaticString) throws(JSONParseError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard take(word.utf8Start[index]) else { throw failure("unknown word") }
        }
    }

    // MARK: Strings

    /// The string that comes next. A surrogate that stands alone is an error.
    package mutating func readString() throws(JSONParseError) -> String {
        guard let content = String(validating: try readStringBytes(), as: UTF8.self) else {
            throw failure("a string is not UTF-8")
        }
        return content
    }

    /// The same as bytes, of which nobody has looked whether they are UTF-8.
    package mutating func readStringBytes() throws(JSONParseError) -> [UInt8] {
        guard try peek() == UInt8(ascii: "\"") else { throw failure("a string expected") }
        advance()
        var content: [UInt8] = []
        var start = offset
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                content += bytes[start..<offset]
                advance()
                return content
            case UInt8(ascii: "\\"):
                content += bytes[start..<offset]
                advance()
                try readEscape(into: &content)
                start = offset
            case 0..<0x20: throw failure("a control character stands in a string")
            default: advance()
            }
        }
        throw failure("a string has no end")
    }

    private mutating func readEscape(into content: inout [UInt8]) throws(JSONParseError) {
        guard let byte = next else { throw failure("it ends too early") }
        advance()
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): content += Character(try readUnicodeEscape()).utf8
        default: throw failure("unknown escape")
        }
    }

    /// The digits after `\u`, and a second escape where the first is half of a surrogate pair.
    private mutating func readUnicodeEscape() throws(JSONParseError) -> Unicode.Scalar {
        let unit = try readHexadecimal()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw failure("a surrogate stands alone")
        }
        let low = try readHexadecimal()
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(unit - 0xD800) << 10) + UInt32(low - 0xDC00))
        else { throw failure("a surrogate stands alone") }
        return scalar
    }

    private mutating func readHexadecimal() throws(JSONParseError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = next?.hexadecimalValue else { throw failure("four hexadecimal digits expected") }
            value = value << 4 | UInt16(digit)
            advance()
        }
        return value
    }

    // MARK: Values

    /// Passes over the value that comes next, of whatever kind and depth; gives its place. Words and numbers are not
    /// looked at closely.
    package mutating func skipValue() throws(JSONParseError) -> Range<Int> {
        _ = try peek()
        let start = offset
        var depth = 0
        repeat {
            switch try peek() {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                advance()
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                advance()
            case UInt8(ascii: "\""): _ = try readStringBytes()
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard depth > 0 else { throw failure("a value expected") }
                advance()
            default: skipWord()
            }
        } while depth > 0
        guard depth == 0 else { throw failure("a value expected") }
        return start..<offset
    }

    /// A number, `true`, `false` or `null`.
    private mutating func skipWord() {
        repeat {
            advance()
        } while next.map(Self.isInWord) ?? false
    }

    private static func isInWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"),
            UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
