import Domain

/// A line of a text without its line feed, and where it stands.
struct TextLine {
    let bytes: UnsafeBufferPointer<UInt8>
    /// UTF-16 code units from the start of the text.
    let offset: Int

    /// The line without white space around it.
    var trimmed: String { String(decoding: bytes, as: UTF8.self).trimmed }
    /// In UTF-16 code units.
    var length: Int { utf16Count(bytes) }
    var isBlank: Bool { bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
    var indent: Int { bytes.prefix { $0 == 0x20 }.count }

    func isPunctuation(_ byte: UInt8) -> Bool {
        0x21...0x2F ~= byte || 0x3A...0x40 ~= byte || 0x5B...0x60 ~= byte || 0x7B...0x7E ~= byte
    }

    /// How often `byte` is repeated after `start`.
    func run(of byte: UInt8, from start: Int) -> Int {
        bytes.dropFirst(start).prefix { $0 == byte }.count
    }
}

/// Walks over the lines of a text once, keeping the UTF-16 offset, so that a text of any length costs linear time.
func forEachLine(of text: String, _ body: (TextLine) -> Void) {
    var text = text
    text.withUTF8 { bytes in
        var start = 0
        var offset = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
            body(TextLine(bytes: line, offset: offset))
            offset += utf16Count(line) + 1
            start = end + 1
        }
    }
}

/// UTF-16 code units of valid UTF-8: one for each character's first byte, one more where it takes four bytes.
func utf16Count(_ bytes: some Sequence<UInt8>) -> Int {
    var count = 0
    for byte in bytes {
        if byte & 0xC0 != 0x80 { count += 1 }
        if byte >= 0xF0 { count += 1 }
    }
    return count
}
