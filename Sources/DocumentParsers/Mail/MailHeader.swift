import Domain

/// The header of a message or of one of its parts (RFC 5322, 2.2): fields in order, unfolded, their values still bytes.
struct MailHeader {
    typealias Bytes = ArraySlice<UInt8>

    private var fields: [(name: String, value: [UInt8])] = []
    /// Whether any line looked like a field.
    var isEmpty: Bool { fields.isEmpty }

    /// More fields than any message has.
    private static let maximumFields = 2000
    /// Bytes of the longest value that is kept whole.
    private static let longestValue = 1 << 20

    /// Reads the header at the start of `bytes`, and gives what follows the blank line after it.
    static func read(_ bytes: Bytes) -> (header: MailHeader, body: Bytes) {
        var header = MailHeader()
        var rest = bytes
        while !rest.isEmpty {
            let (line, next) = MailLines.first(of: rest)
            if line.isEmpty { return (header, next) }
            // A body that begins without a blank line: what is no field ends the header.
            guard header.add(line) else { return (header, header.isEmpty ? bytes : rest) }
            rest = next
        }
        return (header, rest)
    }

    private mutating func add(_ line: Bytes) -> Bool {
        if line.first == 0x20 || line.first == 0x09 {
            guard let last = fields.indices.last else { return false }
            if fields[last].value.count < Self.longestValue { fields[last].value += line }
            return true
        }
        // What mailbox files put before a message, and gateways leave there.
        if line.starts(with: "From ".utf8) || line.starts(with: ">From ".utf8) { return fields.isEmpty }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return false }
        // Some programs leave white space before the colon.
        var name = line[..<colon]
        while let last = name.last, last == 0x20 || last == 0x09 { name.removeLast() }
        guard !name.isEmpty, name.allSatisfy({ 0x21...0x7E ~= $0 }) else { return false }
        guard fields.count < Self.maximumFields else { return true }
        fields.append((String(decoding: name, as: UTF8.self).lowercased(), Array(line[(colon + 1)...])))
        return true
    }

    func value(_ name: String) -> [UInt8]? { fields.first { $0.name == name }?.value }

    /// The values of all fields of this name as people read them, joined; nil where there is none or all are blank.
    func text(_ name: String) -> String? {
        let texts = fields.lazy.filter { $0.name == name }.map { EncodedWords.decode($0.value) }.filter { !$0.isEmpty }
        return texts.isEmpty ? nil : texts.joined(separator: ", ")
    }
}

/// Lines of a message: ended by CR LF, as they are sent, or by LF, as they are stored.
enum MailLines {
    /// The first line without its end, and what follows.
    static func first(of bytes: ArraySlice<UInt8>) -> (line: ArraySlice<UInt8>, rest: ArraySlice<UInt8>) {
        guard let end = bytes.firstIndex(of: 0x0A) else { return (withoutReturn(bytes), bytes[bytes.endIndex...]) }
        return (withoutReturn(bytes[..<end]), bytes[(end + 1)...])
    }

    private static func withoutReturn(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.last == 0x0D ? line.dropLast() : line
    }
}
