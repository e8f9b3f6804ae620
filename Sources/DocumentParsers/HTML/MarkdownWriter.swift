import Domain

/// Builds Markdown block by block: collapses white space, indents lists, and counts where headings are.
struct MarkdownWriter {
    private(set) var headings: [ParsedDocument.Heading] = []
    private var output: [UInt8] = []
    private var offset = 0

    /// The text of the block that is open.
    private var inline: [UInt8] = []
    private var headingLevel: Int?
    private var isCode = false
    private var lists: [OpenList] = []
    private var quotations = 0
    /// True until the open list item has got its bullet.
    private var needsBullet = false
    private var previous: Block?

    /// What the block before was decides how the next is set off from it.
    private enum Block { case paragraph, item, row }

    private struct OpenList {
        /// Of the next item; `nil` for bullets.
        var number: Int?
        let step: Int
        /// Of `ListNumber`.
        let format: String
    }

    /// Deeper nesting is written like this depth, so that hostile pages do not blow the text up with indents.
    private static let deepestIndent = 8

    var isEmpty: Bool { output.isEmpty }
    var byteCount: Int { output.count }
    var text: String { String(decoding: output, as: UTF8.self) }

    // MARK: Text

    mutating func append(_ text: String) { append(text.utf8) }

    /// Appends the text of a page, where numbers of characters may be those of Windows, `&#150;` for a dash: the control
    /// characters that they name mean nothing (HTML Standard, 13.2.5.80).
    mutating func append(text bytes: UnsafeBufferPointer<UInt8>) {
        guard let text = WindowsControls.replaced(in: bytes) else { return append(bytes) }
        append(text)
    }

    mutating func append(_ bytes: some Sequence<UInt8>) {
        if isCode {
            inline += bytes.lazy.filter { $0 >= 0x20 || $0 == 0x0A || $0 == 0x09 }
            return
        }
        for byte in bytes {
            guard byte <= 0x20 else {
                inline.append(byte)
                // A no-break space is a space, and a soft hyphen is nothing (U+00A0, U+00AD).
                if byte == 0xA0 || byte == 0xAD, inline.dropLast().last == 0xC2 {
                    inline.removeLast(2)
                    if byte == 0xA0 { appendSpace() }
                }
                continue
            }
            appendSpace()
        }
    }

    private mutating func appendSpace() {
        if let last = inline.last, last != 0x20, last != 0x0A { inline.append(0x20) }
    }

    /// Inline markup, which means nothing within a code block.
    mutating func appendMark(_ mark: String) {
        if !isCode { inline += mark.utf8 }
    }

    /// What follows is raised behind what it belongs to.
    mutating func beginExponent() {
        if let last = inline.last, last > 0x20, !isCode { appendMark(Exponent.mark) }
    }

    // MARK: Links

    /// Where the text of the open link begins in the open block.
    private var linkStart: Int?

    mutating func beginLink() { linkStart = inline.count }

    /// Sets the text since `beginLink` as a link, unless a block ended within it, or it says no more than the address does.
    /// Titles and code stay as they read.
    mutating func endLink(_ address: String) {
        defer { linkStart = nil }
        guard let start = linkStart, start < inline.count, !isCode, headingLevel == nil else { return }
        var text = Array(inline[start...])
        var space: [UInt8] = []
        while text.last == 0x20 || text.last == 0x0A { space.append(text.removeLast()) }
        let leading = text.prefix { $0 == 0x20 || $0 == 0x0A }
        text.removeFirst(leading.count)
        guard !text.isEmpty, !text.elementsEqual(address.utf8) else { return }
        var link = Array(leading)
        link.append(UInt8(ascii: "["))
        link += text
        link += "](\(address))".utf8
        link += space.prefix(1)
        inline.replaceSubrange(start..., with: link)
    }

    mutating func breakLine() {
        if inline.last == 0x20 && !isCode { inline.removeLast() }
        if !inline.isEmpty || isCode { inline.append(0x0A) }
    }

    /// Gives the text of the open block away instead of writing it.
    mutating func takeInline() -> String {
        defer {
            inline = []
            linkStart = nil
        }
        return String(decoding: inline, as: UTF8.self).trimmed
    }

    // MARK: Blocks

    mutating func beginHeading(_ level: Int) {
        endBlock()
        headingLevel = level
    }

    /// - Parameters:
    ///   - number: of the first item; `nil` for bullets.
    ///   - step: from one item to the next.
    ///   - format: of `ListNumber`.
    mutating func beginList(from number: Int? = nil, step: Int = 1, format: String = "decimal") {
        endBlock()
        lists.append(OpenList(number: number, step: step, format: format))
    }

    mutating func endList() {
        endBlock()
        if !lists.isEmpty { lists.removeLast() }
        if lists.isEmpty, previous == .item { previous = .paragraph }
        needsBullet = false
    }

    /// - Parameter number: of this item, where it is not the next.
    mutating func beginItem(number: Int? = nil) {
        endBlock()
        if let number, lists.last?.number != nil { lists[lists.count - 1].number = number }
        needsBullet = true
    }

    mutating func endItem() {
        endBlock()
        needsBullet = false
    }

    mutating func beginQuotation() {
        endBlock()
        quotations += 1
    }

    mutating func endQuotation() {
        endBlock()
        quotations = max(0, quotations - 1)
    }

    mutating func beginCode() {
        endBlock()
        isCode = true
    }

    mutating func endCode() {
        defer { isCode = false }
        inline = Array(inline.drop { $0 == 0x0A })
        while let last = inline.last, last == 0x0A || last == 0x20 { inline.removeLast() }
        guard !inline.isEmpty else { return }
        let code = String(decoding: inline, as: UTF8.self)
        let fence = code.contains("```") ? "````" : "```"
        inline = Array("\(fence)\n\(code)\n\(fence)".utf8)
        writeInline()
    }

    /// Writes the open block, if there is anything in it.
    mutating func endBlock() {
        guard !isCode else { return }
        while let last = inline.last, last == 0x20 || last == 0x0A { inline.removeLast() }
        defer {
            inline = []
            linkStart = nil
            headingLevel = nil
        }
        if !inline.isEmpty { writeInline() }
    }

    /// A table row; rows follow one another without blank lines.
    mutating func writeRow(_ cells: [String]) {
        endBlock()
        inline = Array(cells.joined(separator: " | ").utf8)
        write(as: .row, prefix: continuation)
        inline = []
    }

    /// A row of a table as GitHub Flavored Markdown writes it; the first row is its head.
    mutating func writeTableRow(_ cells: [String], isFirst: Bool) {
        let line = { (cells: [String]) in "| \(cells.joined(separator: " | ")) |" }
        let rows = [cells.map { $0.replacing("|", with: "\\|") }] + (isFirst ? [cells.map { _ in "---" }] : [])
        endBlock()
        // A blank line ends the table before.
        if isFirst, previous == .row { previous = .paragraph }
        inline = Array(rows.map(line).joined(separator: "\n").utf8)
        write(as: .row, prefix: continuation)
        inline = []
    }

    private mutating func writeInline() {
        if let level = headingLevel {
            let title = String(decoding: inline, as: UTF8.self).split(whereSeparator: \.isWhitespace)
                .joined(separator: " ")
            inline = Array(title.utf8)
            separate(from: .paragraph)
            headings.append(ParsedDocument.Heading(offset: offset, level: level, title: title))
            emit(Array((continuation + String(repeating: "#", count: level) + " ").utf8) + inline)
            previous = .paragraph
        } else if needsBullet {
            write(as: .item, prefix: bullet())
        } else {
            write(as: .paragraph, prefix: continuation)
        }
        needsBullet = false
        inline = []
    }

    private mutating func write(as block: Block, prefix: String) {
        separate(from: block)
        let indent = Array(continuation.utf8)
        emit(Array(prefix.utf8))
        for (index, line) in inline.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if index > 0 { emit([0x0A] + indent) }
            emit(line)
        }
        previous = block
    }

    private mutating func separate(from block: Block) {
        guard let previous else { return }
        let isTight = previous == block && block != .paragraph
        emit(Array((isTight ? "\n" : "\n\n").utf8))
    }

    private mutating func emit(_ bytes: some Collection<UInt8>) {
        output += bytes
        offset += utf16Count(bytes)
    }

    // MARK: Indents

    private var quotationMarks: String { String(repeating: "> ", count: min(quotations, Self.deepestIndent)) }

    /// What stands before every line of the open block but a bullet.
    private var continuation: String {
        quotationMarks + String(repeating: "  ", count: min(lists.count, Self.deepestIndent))
    }

    private mutating func bullet() -> String {
        let depth = min(max(lists.count - 1, 0), Self.deepestIndent)
        let indent = quotationMarks + String(repeating: "  ", count: depth)
        guard let last = lists.last, let number = last.number else { return indent + "- " }
        lists[lists.count - 1].number = number &+ last.step
        return indent + "\(ListNumber.text(number, format: last.format)). "
    }
}
