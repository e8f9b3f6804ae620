import OrderedJSON

/// What vocabularies need of JSON: their entries one after the other, without a value for each, and numbers as the library
/// reads them that has written them.
extension JSONScanner {
    /// Calls `member` with each key of the object that comes next; it must read or skip the value.
    mutating func readObject(_ member: (inout JSONScanner, [UInt8]) throws -> Void) throws {
        try expect(UInt8(ascii: "{"))
        if try peek() == UInt8(ascii: "}") { return advance() }
        while true {
            let key = try readStringBytes()
            try expect(UInt8(ascii: ":"))
            try member(&self, key)
            switch try peek() {
            case UInt8(ascii: ","): advance()
            case UInt8(ascii: "}"): return advance()
            default: throw failure("another value expected")
            }
        }
    }

    /// Calls `element` for each value of the array that comes next; it must read or skip the value.
    mutating func readArray(_ element: (inout JSONScanner) throws -> Void) throws {
        try expect(UInt8(ascii: "["))
        if try peek() == UInt8(ascii: "]") { return advance() }
        while true {
            try element(&self)
            switch try peek() {
            case UInt8(ascii: ","): advance()
            case UInt8(ascii: "]"): return advance()
            default: throw failure("another value expected")
            }
        }
    }

    private mutating func expect(_ byte: UInt8) throws {
        guard try peek() == byte else { throw failure("another character expected") }
        advance()
    }

    /// An integer of at most 9 digits.
    mutating func readInteger() throws -> Int {
        _ = try peek()
        var number = 0
        let start = offset
        while let byte = next, 0x30...0x39 ~= byte {
            number = number * 10 + Int(byte - 0x30)
            advance()
            guard offset - start <= 9 else { throw failure("another value expected") }
        }
        guard offset > start else { throw failure("another value expected") }
        return number
    }

    /// A number as the serde_json library reads it without its feature `float_roundtrip`: the digits as an integer, one
    /// conversion and one division or multiplication, which need not give the nearest number there is.
    ///
    /// Sums of such numbers decide between segmentations of a text, and some of these differ in the last bit only.
    mutating func readNumber() throws -> Double {
        let isNegative = try peek() == UInt8(ascii: "-")
        if isNegative { advance() }
        var significand: UInt64 = 0, exponent = 0, isFraction = false, overflowed = false, endsInDigit = false
        let start = offset
        while let byte = next {
            if byte == UInt8(ascii: "."), !isFraction, offset > start {
                isFraction = true
                endsInDigit = false
            } else if 0x30...0x39 ~= byte {
                endsInDigit = true
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
            advance()
        }
        guard endsInDigit else { throw failure("another value expected") }
        exponent += try readExponent()
        let number = Self.scaled(Double(significand), exponent)
        return isNegative ? -number : number
    }

    mutating func readBoolean() throws -> Bool {
        switch text(try skipValue()) {
        case "true": return true
        case "false": return false
        default: throw failure("another value expected")
        }
    }

    /// `nil` where the value that comes next is `null`.
    mutating func readIntegerOrNull() throws -> Int? {
        guard try peek() == UInt8(ascii: "n") else { return try readInteger() }
        guard text(try skipValue()) == "null" else { throw failure("another value expected") }
        return nil
    }

    /// `nil` where the value that comes next is `null`.
    mutating func readStringBytesOrNull() throws -> [UInt8]? {
        guard try peek() == UInt8(ascii: "n") else { return try readStringBytes() }
        guard text(try skipValue()) == "null" else { throw failure("another value expected") }
        return nil
    }

    /// What follows the digits of a number: nothing, or `e` and a power of ten.
    private mutating func readExponent() throws -> Int {
        guard take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) else { return 0 }
        let isNegative = take(UInt8(ascii: "-"))
        if !isNegative { _ = take(UInt8(ascii: "+")) }
        guard let byte = next, 0x30...0x39 ~= byte else { throw failure("another value expected") }
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
}
