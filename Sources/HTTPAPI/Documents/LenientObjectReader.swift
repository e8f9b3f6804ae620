import Domain
import OrderedJSON

/// Reads what is a JSON object to a person: names and texts without quotation marks or in single ones, comments, commas too
/// many or too few, hexadecimal numbers, an end that is missing. Lists and objects inside count as not said.
///
/// Ours because Foundation's JSON5 reader traps on some malformed numbers, and this text comes from strangers. It goes over
/// the bytes once, keeps no stack, and has no failure: what it does not understand stays text.
struct LenientObjectReader {
    private let bytes: [UInt8]
    private var position: Int

    /// The members of the first object in `text`; `nil` where no member can be made out.
    static func object(in text: some StringProtocol) -> JSONObject? {
        let bytes = Array(text.utf8)
        guard let start = bytes.firstIndex(of: UInt8(ascii: "{")) else { return nil }
        var reader = LenientObjectReader(bytes: bytes, position: start + 1)
        return reader.readMembers()
    }

    private init(bytes: [UInt8], position: Int) {
        self.bytes = bytes
        self.position = position
    }

    private mutating func readMembers() -> JSONObject? {
        var object = JSONObject()
        // As many as can matter, so that a hostile text does not make each key be searched among a million.
        while object.members.count < DocumentMetadata.maximumMembers {
            skipSeparators()
            guard let byte = current, byte != UInt8(ascii: "}"), let name = readName() else { break }
            skipBlanks()
            guard current == UInt8(ascii: ":") else { break }
            position += 1
            skipBlanks()
            object[name] = readValue()
        }
        return object.isEmpty ? nil : object
    }

    private mutating func readName() -> String? {
        if let quoted = readQuoted() { return quoted }
        let start = position
        while let byte = current, byte != UInt8(ascii: ":"), !Self.endsWord(byte), !Self.isBlank(byte) { position += 1 }
        return start == position ? nil : String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func readValue() -> JSON {
        if let quoted = readQuoted() { return .string(quoted) }
        switch current {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            skipNested()
            return .null
        default: return LenientValue.json(readWord())
        }
    }

    /// A value without quotation marks, which may have blanks inside.
    private mutating func readWord() -> String {
        let start = position
        while let byte = current, !Self.endsWord(byte), byte != 0x0A, !startsComment { position += 1 }
        var end = position
        while end > start, Self.isBlank(bytes[end - 1]) { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// Passes over a list or an object with all that is in it.
    private mutating func skipNested() {
        var depth = 0
        repeat {
            switch current {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                _ = readQuoted()
                continue
            default: break
            }
            position += 1
        } while depth > 0 && position < bytes.count
    }

    // MARK: Texts in quotation marks

    /// `nil` where no quotation mark comes next. A text without an end goes to the end.
    private mutating func readQuoted() -> String? {
        guard let mark = current, mark == UInt8(ascii: "\"") || mark == UInt8(ascii: "'") else { return nil }
        position += 1
        var text: [UInt8] = []
        while let byte = current, byte != mark {
            position += 1
            if byte == UInt8(ascii: "\\") { readEscape(into: &text) } else { text.append(byte) }
        }
        position = min(position + 1, bytes.count)
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func readEscape(into text: inout [UInt8]) {
        guard let byte = current else { return }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "x"): append(readHexadecimal(2).map(UInt32.init), to: &text)
        case UInt8(ascii: "u"): append(readUnicodeEscape(), to: &text)
        case 0x0A: break  // a line that goes on
        default: text.append(byte)
        }
    }

    /// The digits after `\u`, and a second escape where the two are a surrogate pair.
    private mutating func readUnicodeEscape() -> UInt32? {
        guard let unit = readHexadecimal(4) else { return nil }
        guard UTF16.isLeadSurrogate(unit), bytes[position...].starts(with: "\\u".utf8) else { return UInt32(unit) }
        let restart = position
        position += 2
        guard let low = readHexadecimal(4), UTF16.isTrailSurrogate(low) else {
            position = restart
            return nil
        }
        return 0x10000 + (UInt32(unit) & 0x3FF) << 10 + UInt32(low) & 0x3FF
    }

    private mutating func readHexadecimal(_ count: Int) -> UInt16? {
        let digits = bytes[position...].prefix(count)
        guard digits.count == count else { return nil }
        var value: UInt16 = 0
        for digit in digits {
            guard let number = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            value = value << 4 | UInt16(number)
        }
        position += count
        return value
    }

    private func append(_ code: UInt32?, to text: inout [UInt8]) {
        text.append(contentsOf: String(Character(code.flatMap(Unicode.Scalar.init) ?? "\u{FFFD}")).utf8)
    }

    // MARK: Bytes

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private var startsComment: Bool {
        guard current == UInt8(ascii: "/"), position + 1 < bytes.count else { return false }
        let isApart = position == 0 || Self.isBlank(bytes[position - 1]) || Self.endsWord(bytes[position - 1])
        return isApart && (bytes[position + 1] == UInt8(ascii: "/") || bytes[position + 1] == UInt8(ascii: "*"))
    }

    private mutating func skipSeparators() {
        repeat { skipBlanks() } while take(UInt8(ascii: ",")) || take(UInt8(ascii: ";"))
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = current {
            if Self.isBlank(byte) { position += 1 } else if startsComment { skipComment() } else { return }
        }
    }

    private mutating func skipComment() {
        let isLine = bytes[position + 1] == UInt8(ascii: "/")
        position += 2
        while let byte = current {
            position += 1
            if isLine ? byte == 0x0A : byte == UInt8(ascii: "*") && take(UInt8(ascii: "/")) { return }
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

    private static func endsWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }
}

/// What a word without quotation marks means.
private enum LenientValue {
    static func json(_ word: String) -> JSON {
        switch word {
        case "", "null", "None", "undefined": return .null
        case "true", "True": return true
        case "false", "False": return false
        default: return number(word) ?? .string(word)
        }
    }

    private static func number(_ word: String) -> JSON? {
        guard word.utf8.count <= 40, let first = word.utf8.first, first < 0x3A else { return nil }
        if let number = try? JSON(parsing: word) {
            guard let value = number.doubleValue, value.isFinite else { return nil }
            return number
        }
        let isNegative = first == UInt8(ascii: "-")
        let digits = isNegative || first == UInt8(ascii: "+") ? word.dropFirst() : word[...]
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
            // `UInt32`, because a sign after `0x` makes no number, and no value of 32 bits can overflow.
            guard digits.dropFirst(2).first?.isHexDigit == true,
                let value = UInt32(digits.dropFirst(2), radix: 16)
            else { return nil }
            return .integer(isNegative ? -Int64(value) : Int64(value))
        }
        // JSON writes no `.5`, `5.` and `+5`. Words such as `infinity` begin with a letter.
        let isDecimal = digits.utf8.first.map { 0x30...0x39 ~= $0 || $0 == UInt8(ascii: ".") } ?? false
        guard isDecimal, let value = Double(digits), value.isFinite else { return nil }
        return .number(isNegative ? -value : value)
    }
}
