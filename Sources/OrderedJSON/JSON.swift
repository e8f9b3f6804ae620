import Domain

/// A JSON value that keeps the order of its keys, because clients compare frames and lists byte for byte.
package enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

/// The members of a JSON object, in order. A key that is set again keeps its first place and takes the new value. Keys differ
/// where their bytes do (RFC 8259, section 8.3), also where Swift takes two spellings of a character for the same.
package struct JSONObject: Sendable, Equatable {
    package private(set) var members: [Member]

    package struct Member: Sendable, Equatable {
        package let key: String
        package var value: JSON

        package static func == (left: Member, right: Member) -> Bool {
            left.key.hasSameBytes(as: right.key) && left.value == right.value
        }
    }

    package init() { members = [] }

    package init(_ members: KeyValuePairs<String, JSON>) {
        self.init(members: members.map { (key: $0.key, value: $0.value) })
    }

    /// From members whose keys differ.
    package init(members: some Sequence<(key: String, value: JSON)>) {
        self.members = members.map { Member(key: $0.key, value: $0.value) }
    }

    /// The value of `key`: `nil` where the key is absent, `.null` where it is written as null. Setting `nil` removes the key.
    package subscript(key: String) -> JSON? {
        get {
            for member in members where member.key.hasSameBytes(as: key) { return member.value }
            return nil
        }
        set {
            let index = members.firstIndex { $0.key.hasSameBytes(as: key) }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Appends a member whose key the caller knows to be new.
    package mutating func append(_ key: String, _ value: JSON) { members.append(Member(key: key, value: value)) }

    package mutating func replaceValue(at place: Int, with value: JSON) { members[place].value = value }

    package var isEmpty: Bool { members.isEmpty }
    package var keys: [String] { members.map(\.key) }

    /// Both objects' members; where both have a key, the value of `other` stands in this object's place.
    package func merging(_ other: JSONObject) -> JSONObject {
        var result = self
        for member in other.members { result[member.key] = member.value }
        return result
    }
}

// MARK: - Reading a value

extension JSON {
    package subscript(key: String) -> JSON? { objectValue?[key] }

    package var objectValue: JSONObject? { if case .object(let object) = self { object } else { nil } }
    package var arrayValue: [JSON]? { if case .array(let values) = self { values } else { nil } }
    package var stringValue: String? { if case .string(let string) = self { string } else { nil } }
    package var boolValue: Bool? { if case .bool(let bool) = self { bool } else { nil } }
    package var isNull: Bool { self == .null }

    /// A whole number, also where it was written with a fraction of zero.
    package var integerValue: Int64? {
        switch self {
        case .integer(let integer): integer
        case .number(let number): Int64(exactly: number)
        default: nil
        }
    }

    package var doubleValue: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }
}

// MARK: - Literals

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(nilLiteral: ()) { self = .null }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(JSONObject(members: elements.map { (key: $0.0, value: $0.1) }))
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(members: elements.map { (key: $0.0, value: $0.1) })
    }
}

extension JSON {
    package init(_ string: String?) { self = string.map(JSON.string) ?? .null }
    package init(_ integer: Int?) { self = integer.map { .integer(Int64($0)) } ?? .null }
    package init(_ integer: Int64?) { self = integer.map(JSON.integer) ?? .null }
    package init(_ number: Double?) { self = number.map(JSON.number) ?? .null }
    package init(_ bool: Bool?) { self = bool.map(JSON.bool) ?? .null }
}

// MARK: - Value to text

extension JSON {
    /// One line of JSON: `/` and non-ASCII characters unescaped, whole numbers without a fraction, and `null` for
    /// NaN and the infinities, which JSON cannot say.
    package var text: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    package func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let bool): bytes.append(contentsOf: (bool ? "true" : "false").utf8)
        case .integer(let integer): bytes.append(contentsOf: String(integer).utf8)
        case .number(let number): Self.write(number, to: &bytes)
        case .string(let string): Self.write(string, to: &bytes)
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ number: Double, to bytes: inout [UInt8]) {
        if !number.isFinite {
            bytes.append(contentsOf: "null".utf8)
        } else if let whole = Int64(exactly: number) {
            bytes.append(contentsOf: String(whole).utf8)
        } else {
            bytes.append(contentsOf: "\(number)".utf8)
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)

    private static func write(_ string: String, to bytes: inout [UInt8]) {
        var string = string
        bytes.append(UInt8(ascii: "\""))
        string.withUTF8 { text in
            // What needs no escape is copied in runs.
            var copied = 0
            for (index, byte) in text.enumerated()
            where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied..<index]))
                writeEscape(byte, to: &bytes)
                copied = index + 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied...]))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func writeEscape(_ byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0..<0x20:
            bytes.append(contentsOf: [
                UInt8(ascii: "u"), 0x30, 0x30, hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)],
            ])
        default: bytes.append(byte)
        }
    }
}
