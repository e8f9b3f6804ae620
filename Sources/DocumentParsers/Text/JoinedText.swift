import Domain

/// A text put together from several, with a blank line between them, and the headings of them all.
struct JoinedText {
    private(set) var headings: [ParsedDocument.Heading] = []
    private var bytes: [UInt8] = []
    /// UTF-16 units so far.
    private(set) var length = 0

    var isEmpty: Bool { bytes.isEmpty }
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Adds a text that is not blank; the offsets of its headings count from its own start.
    /// - Returns: where it begins.
    @discardableResult
    mutating func append(_ text: String, headings added: [ParsedDocument.Heading] = []) -> Int {
        if !bytes.isEmpty {
            bytes += "\n\n".utf8
            length += 2
        }
        let start = length
        headings += added.map { heading in
            ParsedDocument.Heading(offset: start + heading.offset, level: heading.level, title: heading.title)
        }
        bytes += text.utf8
        length += utf16Count(text.utf8)
        return start
    }
}
