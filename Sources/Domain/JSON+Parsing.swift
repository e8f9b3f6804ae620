/// Why a text is not JSON, and where.
package struct JSONParseError: Error, Sendable, Equatable {
    package let reason: String
    /// In bytes from the start of the text.
    package let offset: Int
}

extension JSON {
    /// Parses one JSON text (RFC 8259), keeping the order of keys.
    ///
    /// Written here because Foundation's decoder forgets the order of keys, which clients can see; see decision 6. A
    /// surrogate that stands alone is an error.
    /// - Parameter allowsDuplicateKeys: whether a key may occur twice in an object; the last value counts then.
    package init(
        parsing bytes: some Collection<UInt8>, allowsDuplicateKeys: Bool = true, limits: JSONLimits = JSONLimits()
    ) throws(JSONParseError) {
        let parse = { (buffer: UnsafeBufferPointer<UInt8>) -> Result<JSON, JSONParseError> in
            var parser = JSONParser(bytes: buffer, allowsDuplicateKeys: allowsDuplicateKeys, limits: limits)
            do throws(JSONParseError) { return .success(try parser.parseDocument()) } catch { return .failure(error) }
        }
        let result = bytes.withContiguousStorageIfAvailable(parse) ?? Array(bytes).withUnsafeBufferPointer(parse)
        self = try result.get()
    }

    package init(parsing text: String) throws(JSONParseError) { try self.init(parsing: text.utf8) }
}

/// What a text may cost: a value takes some thirty bytes of memory, however few it takes in the text.
package struct JSONLimits: Sendable {
    /// Of arrays and objects in each other, so that a hostile text cannot exhaust the stack.
    package var depth = 512
    /// Of values, the inner ones included.
    package var values: Int

    package init(values: Int = 16 << 20) { self.values = values }
}

private struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let allowsDuplicateKeys: Bool
    let limits: JSONLimits
    var position = 0
    var depth = 0
    var values = 0

    init(bytes: UnsafeBufferPointer<UInt8>, allowsDuplicateKeys: Bool, limits: JSONLimits) {
        self.bytes = bytes
        self.allowsDuplicateKeys = allowsDuplicateKeys
        self.limits = limits
    }

    mutating func parseDocument() throws(JSONParseError) -> JSON {
        let value = try parseValue()
        skipWhitespace()
        guard position == bytes.count else { throw failure("there is more after the value") }
        return value
    }

    private mutating func parseValue() throws(JSONParseError) -> JSON {
        values += 1
        guard values <= limits.values else { throw failure("it has more than \(limits.values) values") }
        skipWhitespace()
        switch try peek() {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONParseError) in try parser.parseObject() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONParseError) in try parser.parseArray() }
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        default: return try parseNumber()
        }
    }

    private mutating func nested(
        _ parse: (inout JSONParser) throws(JSONParseError) -> JSON
    ) throws(JSONParseError) -> JSON {
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.depth else { throw failure("it is nested too deeply") }
        position += 1
        return try parse(&self)
    }

    private mutating func parseObject() throws(JSONParseError) -> JSON {
        var object = JSONObjectBuilder()
        skipWhitespace()
        if take(UInt8(ascii: "}")) { return .object(object.object) }
        while true {
            skipWhitespace()
            guard try peek() == UInt8(ascii: "\"") else { throw failure("a key must be a string") }
            let key = try parseString()
            skipWhitespace()
            guard take(UInt8(ascii: ":")) else { throw failure("':' expected") }
            if !allowsDuplicateKeys, object.has(key) { throw failure("a key occurs twice") }
            object.set(key, try parseValue())
            skipWhitespace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw failure("',' or '}' expected") }
            return .object(object.object)
        }
    }

    private mutating func parseArray() throws(JSONParseError) -> JSON {
        var values: [JSON] = []
        skipWhitespace()
        if take(UInt8(ascii: "]")) { return .array(values) }
        while true {
            values.append(try parseValue())
            skipWhitespace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw failure("',' or ']' expected") }
            return .array(values)
        }
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSON) throws(JSONParseError) -> JSON {
        for index in 0..<word.utf8CodeUnitCount {
            guard position < bytes.count, bytes[position] == word.utf8Start[index] else {
                throw failure("unknown word")
            }
            position += 1
        }
        return value
    }

    // MARK: Numbers

    private mutating func parseNumber() throws(JSONParseError) -> JSON {
        let start = position
        var isWhole = true
        _ = take(UInt8(ascii: "-"))
        let firstDigit = position
        try skipDigits()
        if bytes[firstDigit] == UInt8(ascii: "0"), position > firstDigit + 1 { throw failure("a number begins with 0") }
        if take(UInt8(ascii: ".")) {
            isWhole = false
            try skipDigits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try skipDigits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text) else { throw failure("not a number") }
        return .number(number)
    }

    private mutating func skipDigits() throws(JSONParseError) {
        let start = position
        while position < bytes.count, isDigit(bytes[position]) { position += 1 }
        guard position > start else { throw failure("a value expected") }
    }

    // MARK: Strings

    private mutating func parseString() throws(JSONParseError) -> String {
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\") { return try parseEscapedString(from: start) }
            guard bytes[position] >= 0x20 else { throw failure("a control character stands in a string") }
            position += 1
        }
        guard position < bytes.count else { throw failure("a string has no end") }
        defer { position += 1 }
        return try decode(bytes[start..<position])
    }

    private mutating func parseEscapedString(from start: Int) throws(JSONParseError) -> String {
        var content = Array(bytes[start..<position])
        while true {
            guard position < bytes.count else { throw failure("a string has no end") }
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                return try content.withUnsafeBufferPointer { buffer throws(JSONParseError) in
                    try decode(buffer[...])
                }
            case UInt8(ascii: "\\"): content.append(contentsOf: try parseEscape())
            case 0..<0x20: throw failure("a control character stands in a string")
            default: content.append(byte)
            }
        }
    }

    private mutating func parseEscape() throws(JSONParseError) -> [UInt8] {
        let byte = try peek()
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(Character(try parseUnicodeEscape()).utf8)
        default: throw failure("unknown escape")
        }
    }

    private mutating func parseUnicodeEscape() throws(JSONParseError) -> Unicode.Scalar {
        let unit = try parseHex()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw failure("a surrogate stands alone")
        }
        let low = try parseHex()
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(unit - 0xD800) << 10) + UInt32(low - 0xDC00))
        else { throw failure("a surrogate stands alone") }
        return scalar
    }

    private mutating func parseHex() throws(JSONParseError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = try peek().hexadecimalValue else {
                throw failure("four hexadecimal digits expected")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }

    private func decode(_ slice: Slice<UnsafeBufferPointer<UInt8>>) throws(JSONParseError) -> String {
        guard let string = String(validating: slice, as: UTF8.self) else { throw failure("a string is not UTF-8") }
        return string
    }

    // MARK: Bytes

    private func peek() throws(JSONParseError) -> UInt8 {
        guard position < bytes.count else { throw failure("it ends too early") }
        return bytes[position]
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private func failure(_ reason: String) -> JSONParseError { JSONParseError(reason: reason, offset: position) }
}

/// Collects members; large objects get an index, so that a hostile object with many keys is not searched again for each.
private struct JSONObjectBuilder {
    private(set) var object = JSONObject()
    /// Only of objects with many members.
    private var places: [TextBytes: Int] = [:]

    /// Members up to which comparing is cheaper than hashing.
    private static let small = 8

    func has(_ key: String) -> Bool { place(of: key) != nil }

    private func place(of key: String) -> Int? {
        object.members.count > Self.small
            ? places[TextBytes(key)] : object.members.firstIndex { $0.key.hasSameBytes(as: key) }
    }

    mutating func set(_ key: String, _ value: JSON) {
        if let place = place(of: key) { return object.replaceValue(at: place, with: value) }
        object.append(key, value)
        let count = object.members.count
        if count == Self.small + 1 {
            for (place, member) in object.members.enumerated() { places[TextBytes(member.key)] = place }
        } else if count > Self.small {
            places[TextBytes(key)] = count - 1
        }
    }
}
