import Domain

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

/// Makes values of what a scanner reads.
private struct JSONParser {
    private var scanner: JSONScanner
    private let allowsDuplicateKeys: Bool
    private let limits: JSONLimits
    private var depth = 0
    private var values = 0

    init(bytes: UnsafeBufferPointer<UInt8>, allowsDuplicateKeys: Bool, limits: JSONLimits) {
        scanner = JSONScanner(bytes)
        self.allowsDuplicateKeys = allowsDuplicateKeys
        self.limits = limits
    }

    mutating func parseDocument() throws(JSONParseError) -> JSON {
        let value = try parseValue()
        scanner.skipWhitespace()
        guard scanner.next == nil else { throw scanner.failure("there is more after the value") }
        return value
    }

    private mutating func parseValue() throws(JSONParseError) -> JSON {
        values += 1
        guard values <= limits.values else { throw scanner.failure("it has more than \(limits.values) values") }
        switch try scanner.peek() {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONParseError) in try parser.parseObject() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONParseError) in try parser.parseArray() }
        case UInt8(ascii: "\""): return .string(try scanner.readString())
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
        guard depth <= limits.depth else { throw scanner.failure("it is nested too deeply") }
        scanner.advance()
        return try parse(&self)
    }

    private mutating func parseObject() throws(JSONParseError) -> JSON {
        var object = JSONObjectBuilder()
        scanner.skipWhitespace()
        if scanner.take(UInt8(ascii: "}")) { return .object(object.object) }
        while true {
            guard try scanner.peek() == UInt8(ascii: "\"") else { throw scanner.failure("a key must be a string") }
            let key = try scanner.readString()
            scanner.skipWhitespace()
            guard scanner.take(UInt8(ascii: ":")) else { throw scanner.failure("':' expected") }
            if !allowsDuplicateKeys, object.has(key) { throw scanner.failure("a key occurs twice") }
            object.set(key, try parseValue())
            scanner.skipWhitespace()
            if scanner.take(UInt8(ascii: ",")) { continue }
            guard scanner.take(UInt8(ascii: "}")) else { throw scanner.failure("',' or '}' expected") }
            return .object(object.object)
        }
    }

    private mutating func parseArray() throws(JSONParseError) -> JSON {
        var values: [JSON] = []
        scanner.skipWhitespace()
        if scanner.take(UInt8(ascii: "]")) { return .array(values) }
        while true {
            values.append(try parseValue())
            scanner.skipWhitespace()
            if scanner.take(UInt8(ascii: ",")) { continue }
            guard scanner.take(UInt8(ascii: "]")) else { throw scanner.failure("',' or ']' expected") }
            return .array(values)
        }
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSON) throws(JSONParseError) -> JSON {
        try scanner.readWord(word)
        return value
    }

    private mutating func parseNumber() throws(JSONParseError) -> JSON {
        let start = scanner.offset
        var isWhole = true
        _ = scanner.take(UInt8(ascii: "-"))
        let beginsWithZero = scanner.next == UInt8(ascii: "0")
        let firstDigit = scanner.offset
        try scanner.skipDigits()
        if beginsWithZero, scanner.offset > firstDigit + 1 { throw scanner.failure("a number begins with 0") }
        if scanner.take(UInt8(ascii: ".")) {
            isWhole = false
            try scanner.skipDigits()
        }
        if scanner.take(UInt8(ascii: "e")) || scanner.take(UInt8(ascii: "E")) {
            isWhole = false
            if !scanner.take(UInt8(ascii: "+")) { _ = scanner.take(UInt8(ascii: "-")) }
            try scanner.skipDigits()
        }
        let text = scanner.text(start..<scanner.offset)
        if isWhole, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text) else { throw scanner.failure("not a number") }
        return .number(number)
    }
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
