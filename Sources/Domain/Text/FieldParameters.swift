/// The value of an HTTP field with parameters, `form-data; name="a"; filename="b.txt"`, as RFC 2045 (5.1) and RFC 6266 write it.
///
/// Works on bytes, because browsers send names in the form's own encoding, without saying which.
package struct FieldParameters {
    /// What stands before the first `;`, in lower case.
    package let value: String
    /// In order of appearance, keys in lower case; quoted strings are undone.
    private let parameters: [(key: String, value: [UInt8])]

    package init(_ bytes: some Collection<UInt8>) {
        var scanner = Scanner(bytes: Array(bytes))
        value = Self.text(scanner.take(until: { $0 == UInt8(ascii: ";") })).lowercased()
        var parameters: [(key: String, value: [UInt8])] = []
        while scanner.skip(UInt8(ascii: ";")) {
            let key = scanner.take(until: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ";") })
            guard scanner.skip(UInt8(ascii: "=")) else { continue }
            parameters.append((Self.text(key).lowercased(), scanner.takeValue()))
        }
        self.parameters = parameters
    }

    /// The first parameter of that name; `nil` where there is none.
    package subscript(key: String) -> [UInt8]? { parameters.first { $0.key == key }?.value }

    /// A parameter in the extended notation of RFC 5987 (3.2), `filename*=UTF-8''na%C3%AFve.txt`. `nil` where it is not well
    /// formed or in another character set than the two that the RFC demands, so that the plain parameter is used instead.
    package func extended(_ key: String) -> String? {
        let pieces = self[key + "*"]?.split(
            separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard let pieces, pieces.count == 3, let decoded = Self.text(pieces[2]).percentDecodedBytes else { return nil }
        switch Self.text(pieces[0]).lowercased() {
        case "utf-8": return String(validating: decoded, as: UTF8.self)
        case "iso-8859-1": return String(String.UnicodeScalarView(decoded.map { Unicode.Scalar($0) }))
        default: return nil
        }
    }

    /// UTF-8 where the bytes are valid UTF-8, otherwise ISO 8859-1, in which every byte means something.
    package static func text(_ bytes: some Collection<UInt8>) -> String {
        String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}

/// Cuts the bytes of one header value into its pieces.
private struct Scanner {
    private var rest: ArraySlice<UInt8>

    init(bytes: [UInt8]) { rest = bytes[...] }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    /// The bytes before the first that `isEnd` accepts, without blanks around them.
    mutating func take(until isEnd: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let end = rest.firstIndex(where: isEnd) ?? rest.endIndex
        let piece = rest[..<end].trimmingBlanks
        rest = rest[end...]
        return piece
    }

    /// A token or a quoted string, and the position at the next `;`.
    mutating func takeValue() -> [UInt8] {
        rest = rest.drop(while: \.isBlank)
        guard skip(UInt8(ascii: "\"")) else { return Array(take(until: { $0 == UInt8(ascii: ";") })) }
        let quoted = takeQuotedString()
        _ = take(until: { $0 == UInt8(ascii: ";") })
        return quoted
    }

    /// Only `\"` and `\\` are escapes: some clients send `C:\folder\file` as it is.
    private mutating func takeQuotedString() -> [UInt8] {
        var result: [UInt8] = []
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\"), let next = rest.first,
                next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\")
            {
                result.append(next)
                rest.removeFirst()
            } else {
                result.append(byte)
            }
        }
        return result
    }
}

extension UInt8 {
    /// Space or tab, the white space of header values.
    package var isBlank: Bool { self == 0x20 || self == 0x09 }
}

extension ArraySlice<UInt8> {
    package var trimmingBlanks: ArraySlice<UInt8> {
        var slice = drop(while: \.isBlank)
        while let last = slice.last, last.isBlank { slice.removeLast() }
        return slice
    }
}
