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

    /// Calls `element` for each value of the array that comes next; it must read or skip the value.
    mutating func readArray(_ element: (inout JSONScanner) throws -> Void) throws {
        try expect(UInt8(ascii: "["))
        if try peek() == UInt8(ascii: "]") { return offset += 1 }
        while true {
            try element(&self)
            switch try peek() {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "]"): return offset += 1
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

    /// A number as the serde_json library reads it without its feature `float_roundtrip`: the digits as an integer, one
    /// conversion and one division or multiplication, which need not give the nearest number there is.
    ///
    /// Sums of such numbers decide between segmentations of a text, and some of these differ in the last bit only.
    mutating func readNumber() throws -> Double {
        let isNegative = try peek() == UInt8(ascii: "-")
        if isNegative { offset += 1 }
        var significand: UInt64 = 0, exponent = 0, isFraction = false, overflowed = false
        let start = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "."), !isFraction, offset > start {
                isFraction = true
            } else if 0x30...0x39 ~= byte {
                let (tens, first) = significand.multipliedReportingOverflow(by: 10)
                let (sum, second) = tens.addingReportingOverflow(UInt64(byte - 0x30))
                // Further digits of a fraction are passed over, those of an integer count as zeros.
                overflowed = overflowed || first || second
                if overflowed {
                    if !isFraction { exponent += 1 }
                } else {
                    significand = sum
                    if isFraction { exponent -= 1 }
                }
            } else {
                break
            }
            offset += 1
        }
        guard offset > start, bytes[offset - 1] != UInt8(ascii: ".") else { throw SyntaxError() }
        exponent += try readExponent()
        let number = Self.scaled(Double(significand), exponent)
        return isNegative ? -number : number
    }

    mutating func readBoolean() throws -> Bool {
        switch String(decoding: bytes[try skipValue()], as: UTF8.self) {
        case "true": return true
        case "false": return false
        default: throw SyntaxError()
        }
    }

    /// `nil` where the value that comes next is `null`.
    mutating func readIntegerOrNull() throws -> Int? {
        guard try peek() == UInt8(ascii: "n") else { return try readInteger() }
        guard String(decoding: bytes[try skipValue()], as: UTF8.self) == "null" else { throw SyntaxError() }
        return nil
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

    /// What follows the digits of a number: nothing, or `e` and a power of ten.
    private mutating func readExponent() throws -> Int {
        guard offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") else { return 0 }
        offset += 1
        var isNegative = false
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
            isNegative = bytes[offset] == UInt8(ascii: "-")
            offset += 1
        }
        guard offset < bytes.count, 0x30...0x39 ~= bytes[offset] else { throw SyntaxError() }
        let exponent = try readInteger()
        return isNegative ? -exponent : exponent
    }

    private static func scaled(_ number: Double, _ exponent: Int) -> Double {
        var number = number, exponent = exponent
        while exponent < -308, number != 0 {
            number /= 1e308
            exponent += 308
        }
        guard number != 0 else { return 0 }
        return exponent < 0
            ? number / powersOfTen[-exponent] : exponent > 308 ? .infinity : number * powersOfTen[exponent]
    }

    /// The nearest number to each power of ten that there is.
    private static let powersOfTen: [Double] = (0...308).map { Double("1e\($0)") ?? .infinity }

    /// The next byte that is not white space.
    mutating func peek() throws -> UInt8 {
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
