import Domain

/// A structured field with parameters: `text/plain; charset="utf-8"` (RFC 2045, 5.1), with parameters that are continued and
/// encoded (RFC 2231).
struct HeaderParameters {
    /// What stands before the first semicolon, in lower case.
    private(set) var value = ""
    private var parameters: [String: String] = [:]

    /// More parameters than any field has.
    private static let maximumParameters = 200

    init() {}

    init(_ bytes: [UInt8]?) {
        guard let bytes else { return }
        var scanner = Scanner(rest: bytes[...])
        value = scanner.value()
        var raw: [(name: String, value: [UInt8])] = []
        while raw.count < Self.maximumParameters, let parameter = scanner.parameter() { raw.append(parameter) }
        parameters = Self.joined(raw)
    }

    subscript(_ name: String) -> String? { parameters[name] }

    private static func joined(_ raw: [(name: String, value: [UInt8])]) -> [String: String] {
        var plain: [String: String] = [:]
        var pieces: [String: [(number: Int, isEncoded: Bool, value: [UInt8])]] = [:]
        for (name, value) in raw {
            let parts = name.split(separator: "*", omittingEmptySubsequences: false)
            if parts.count == 1 {
                // Encoded words are not allowed here, and common all the same.
                plain[name] = plain[name] ?? EncodedWords.decode(value)
            } else {
                let number = Int(parts[1]) ?? 0
                pieces[String(parts[0]), default: []].append((number, parts.last == "", value))
            }
        }
        for (name, list) in pieces {
            var charset: String?
            var bytes: [UInt8] = []
            for (index, piece) in list.sorted(by: { $0.number < $1.number }).enumerated() {
                guard piece.isEncoded else {
                    bytes += piece.value
                    continue
                }
                var rest = piece.value[...]
                // Only the first piece names the charset and the language: `utf-8'en'text`.
                if index == 0, let first = rest.firstIndex(of: 0x27),
                    let second = rest[(first + 1)...].firstIndex(of: 0x27)
                {
                    charset = String(decoding: rest[..<first], as: UTF8.self)
                    rest = rest[(second + 1)...]
                }
                TransferEncoding.unescape(rest, escape: UInt8(ascii: "%"), into: &bytes)
            }
            plain[name] = MailCharset.decode(bytes, label: charset)
        }
        return plain
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func value() -> String {
            let end = rest.firstIndex(of: UInt8(ascii: ";")) ?? rest.endIndex
            let value = String(decoding: rest[..<end], as: UTF8.self).trimmed.lowercased()
            rest = rest[end...]
            // A comment, or a second word that does not belong there.
            return String(value.prefix { !$0.isWhitespace && $0 != "(" })
        }

        mutating func parameter() -> (name: String, value: [UInt8])? {
            while true {
                rest = rest.drop { $0 == UInt8(ascii: ";") || $0 <= 0x20 }
                guard !rest.isEmpty else { return nil }
                let end = rest.firstIndex { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ";") } ?? rest.endIndex
                let name = String(decoding: rest[..<end], as: UTF8.self).trimmed.lowercased()
                rest = rest[end...]
                guard rest.first == UInt8(ascii: "=") else { continue }
                rest = rest.dropFirst().drop { $0 <= 0x20 }
                let value = rest.first == UInt8(ascii: "\"") ? quoted() : token()
                if !name.isEmpty { return (name, value) }
            }
        }

        private mutating func token() -> [UInt8] {
            let end = rest.firstIndex(of: UInt8(ascii: ";")) ?? rest.endIndex
            var token = rest[..<end]
            rest = rest[end...]
            while let last = token.last, last <= 0x20 { token.removeLast() }
            return Array(token)
        }

        private mutating func quoted() -> [UInt8] {
            var value: [UInt8] = []
            rest = rest.dropFirst()
            while let byte = rest.first, byte != UInt8(ascii: "\"") {
                rest = rest.dropFirst()
                if byte == UInt8(ascii: "\\"), let escaped = rest.first {
                    // Windows' paths are written without escaping.
                    if escaped != UInt8(ascii: "\""), escaped != byte { value.append(byte) }
                    value.append(escaped)
                    rest = rest.dropFirst()
                } else {
                    value.append(byte)
                }
            }
            rest = rest.dropFirst()
            return value
        }
    }
}
