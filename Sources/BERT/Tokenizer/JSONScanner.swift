/// Reads a JSON document piece by piece, for vocabularies: a decoder would put their tokens into a dictionary, in which
/// Swift takes differently composed characters for equal, and would take longer.
struct JSONScanner {
    struct SyntaxError: Error {}

    private let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0

    /// - Parameter bytes: must outlive the scanner.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Calls `member` with each key of the object that comes next; it must read or skip the value.
    mutating func readObject(_ member: (inout JSONScanner, [UInt8]) throws -> Void) throws {
        try expect(UInt8(ascii: "{"))
        if try peek() == UInt8(ascii: "}") { return offset += 1 }
        while true {
            let key = try readString()
            try expect(UInt8(ascii: ":"))
            try member(&self, key)
            switch try peek() {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "}"): return offset += 1
            default: throw SyntaxError()
            }
        }
    }

    /// The bytes of the string that comes next, in UTF-8.
    mutating func readString() throws -> [UInt8] {
        try expect(UInt8(ascii: "\""))
        var text: [UInt8] = []
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return text
            case UInt8(ascii: "\\"): text += try readEscape()
            default: text.append(byte)
            }
        }
        throw SyntaxError()
    }

    /// An integer of at most 9 digits.
    mutating func readInteger() throws -> Int {
        _ = try peek()
        var number = 0
        let start = offset
        while offset < bytes.count, 0x30...0x39 ~= bytes[offset] {
            number = number * 10 + Int(bytes[offset] - 0x30)
            offset += 1
            guard offset - start <= 9 else { throw SyntaxError() }
        }
        guard offset > start else { throw SyntaxError() }
        return number
    }

    /// Passes over the value that comes next, of whatever kind and depth; gives its place.
    mutating func skipValue() throws -> Range<Int> {
        _ = try peek()
        let start = offset
        var depth = 0
        repeat {
            switch try peek() {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                offset += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                offset += 1
            case UInt8(ascii: "\""): _ = try readString()
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard depth > 0 else { throw SyntaxError() }
                offset += 1
            default: skipWord()
            }
        } while depth > 0
        guard depth == 0 else { throw SyntaxError() }
        return start..<offset
    }

    /// A number, `true`, `false` or `null`.
    private mutating func skipWord() {
        repeat {
            offset += 1
        } while offset < bytes.count
            && (0x30...0x39 ~= bytes[offset] || 0x61...0x7a ~= bytes[offset]
                || 0x2b...0x2e ~= bytes[offset]
                    && bytes[offset] != UInt8(ascii: ",")
                || bytes[offset] == UInt8(ascii: "E"))
    }

    /// The next byte that is not white space.
    private mutating func peek() throws -> UInt8 {
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte }
            offset += 1
        }
        throw SyntaxError()
    }

    private mutating func expect(_ byte: UInt8) throws {
        guard try peek() == byte else { throw SyntaxError() }
        offset += 1
    }

    private mutating func readEscape() throws -> [UInt8] {
        guard offset < bytes.count else { throw SyntaxError() }
        defer { offset += 1 }
        switch bytes[offset] {
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "u"): return try readUnicodeEscape()
        case let byte where byte == 0x22 || byte == 0x2f || byte == 0x5c: return [byte]
        default: throw SyntaxError()
        }
    }

    /// The digits after `\u`, and a second escape where the first is half of a surrogate pair; ends on the last digit.
    private mutating func readUnicodeEscape() throws -> [UInt8] {
        var code = try readHexadecimal()
        if 0xD800..<0xDC00 ~= code {
            guard offset + 2 < bytes.count, bytes[offset + 1] == 0x5c, bytes[offset + 2] == UInt8(ascii: "u") else {
                throw SyntaxError()
            }
            offset += 2
            let low = try readHexadecimal()
            guard 0xDC00..<0xE000 ~= low else { throw SyntaxError() }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw SyntaxError() }
        return Array(UTF8.encode(scalar)!)  // every scalar has an encoding
    }

    private mutating func readHexadecimal() throws -> UInt32 {
        guard offset + 4 < bytes.count else { throw SyntaxError() }
        let digits = String(decoding: bytes[offset + 1...offset + 4], as: UTF8.self)
        guard let code = UInt32(digits, radix: 16), digits.first != "+", digits.first != "-" else {
            throw SyntaxError()
        }
        offset += 4
        return code
    }
}
