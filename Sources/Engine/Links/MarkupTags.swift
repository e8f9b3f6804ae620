/// The tags of a page or an XML file, in order, with the text behind each: one pass over bytes that come from strangers, in
/// memory-safe code. Where they lie within each other is not asked.
struct MarkupTags: Sequence, IteratorProtocol {
    struct Tag {
        /// In lower case, without the prefix of a namespace; begins with `/` where it closes.
        let name: String
        /// The first of each name, as written; names in lower case.
        let attributes: [String: String]
        /// Up to the next tag, with the content of CDATA sections; references are not resolved.
        let text: String
    }

    private let bytes: [UInt8]
    private var position = 0

    private static let maximumAttributes = 64
    /// Bytes of the text behind a tag that are kept: addresses are shorter.
    private static let maximumText = 8192

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Tag? {
        while let start = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
            position = start + 1
            if follows("!--") {
                skip(past: "-->")
                continue
            }
            guard let byte = current, byte == UInt8(ascii: "/") || isLetter(byte) else { continue }
            return readTag()
        }
        position = bytes.count
        return nil
    }

    private mutating func readTag() -> Tag {
        let start = position
        position += 1
        skip { !endsName($0) }
        let written = String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
        let local = written.split(separator: ":").last.map(String.init) ?? written
        let name = written.hasPrefix("/") && !local.hasPrefix("/") ? "/" + local : local
        var attributes: [String: String] = [:]
        while true {
            skip { isSpace($0) || $0 == UInt8(ascii: "/") }
            guard let byte = current, byte != UInt8(ascii: ">") else { break }
            let (key, value) = readAttribute()
            if attributes.count < Self.maximumAttributes, attributes[key] == nil { attributes[key] = value }
        }
        position = Swift.min(position + 1, bytes.count)
        // What stands in these is no markup.
        for raw in ["script", "style"] where name == raw { skip(past: "</" + raw) }
        return Tag(name: name, attributes: attributes, text: readText())
    }

    private mutating func readAttribute() -> (name: String, value: String) {
        let start = position
        position += 1
        skip { !endsName($0) && $0 != UInt8(ascii: "=") }
        let name = String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
        skip(isSpace)
        guard current == UInt8(ascii: "=") else { return (name, "") }
        position += 1
        skip(isSpace)
        let valueStart: Int
        if let mark = current, mark == UInt8(ascii: "\"") || mark == UInt8(ascii: "'") {
            position += 1
            valueStart = position
            skip { $0 != mark }
            defer { position = Swift.min(position + 1, bytes.count) }
            return (name, String(decoding: bytes[valueStart..<position], as: UTF8.self))
        }
        valueStart = position
        skip { !isSpace($0) && $0 != UInt8(ascii: ">") }
        return (name, String(decoding: bytes[valueStart..<position], as: UTF8.self))
    }

    private mutating func readText() -> String {
        var text: [UInt8] = []
        while let byte = current {
            if byte != UInt8(ascii: "<") {
                if text.count < Self.maximumText { text.append(byte) }
                position += 1
            } else if follows("<![CDATA[") {
                position += 9
                let start = position
                skip(past: "]]>")
                text += bytes[start..<Swift.max(start, position - 3)].prefix(
                    Swift.max(0, Self.maximumText - text.count))
            } else {
                break
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    // MARK: Bytes

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
        while position < bytes.count, isSkipped(bytes[position]) { position += 1 }
    }

    /// Goes behind the next `text`, in any case, or to the end.
    private mutating func skip(past text: String) {
        while position < bytes.count, !follows(text) { position += 1 }
        position = Swift.min(position + text.utf8.count, bytes.count)
    }

    private func follows(_ text: String) -> Bool {
        bytes[position...].prefix(text.utf8.count).elementsEqual(text.utf8) {
            isLetter($0) ? $0 | 0x20 == $1 | 0x20 : $0 == $1
        }
    }
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }
private func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 }
private func endsName(_ byte: UInt8) -> Bool { isSpace(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">") }
