import Domain

/// The headings of Markdown (CommonMark 0.31, sections 4.2 and 4.3), and the fields of its YAML front matter.
enum MarkdownOutline {
    static func read(_ text: String) -> Outline {
        let frontMatter = FrontMatter(text)
        var scanner = Scanner(outline: frontMatter?.outline ?? Outline())
        let start = frontMatter?.lineCount ?? 0
        var number = 0
        forEachLine(of: text) { line in
            if number >= start { scanner.read(line) }
            if number < start || line.isBlank && scanner.isAtTop { scanner.textStart = line.offset + line.length + 1 }
            number += 1
        }
        // What stands under the first heading begins with the block above it, which is no text before a heading.
        if start > 0, scanner.outline.headings.first?.offset == scanner.textStart {
            scanner.outline.headings[0].offset = 0
        }
        scanner.outline.adoptTitle()
        return scanner.outline
    }

    private struct Scanner {
        var outline: Outline
        /// Where the first line is that is neither front matter nor blank.
        var textStart = 0
        private(set) var isAtTop = true
        /// The character and length of the fence that is open.
        private var fence: (byte: UInt8, length: Int)?
        /// The paragraph line before, which an underline would make a heading.
        private var paragraph: (title: String, offset: Int)?

        init(outline: Outline) { self.outline = outline }

        mutating func read(_ line: TextLine) {
            if !line.isBlank { isAtTop = false }
            let indent = line.indent
            let first = line.bytes.dropFirst(indent).first ?? 0
            if handleFence(line, indent: indent, first: first) { return }
            defer { if !mayContinue(line, indent: indent, first: first) { paragraph = nil } }
            guard indent < 4 else { return }
            if first == UInt8(ascii: "#") {
                readATX(line, indent: indent)
            } else if first == UInt8(ascii: "=") || first == UInt8(ascii: "-"), let above = paragraph,
                isUnderline(line, of: first, indent: indent)
            {
                outline.add(above.title, level: first == UInt8(ascii: "=") ? 1 : 2, at: above.offset)
                paragraph = nil
            } else if mayContinue(line, indent: indent, first: first) {
                paragraph = (line.trimmed, line.offset)
            }
        }

        private mutating func handleFence(_ line: TextLine, indent: Int, first: UInt8) -> Bool {
            let length = "`~".utf8.contains(first) ? line.run(of: first, from: indent) : 0
            if let open = fence {
                let isBare = line.bytes.dropFirst(indent + length).allSatisfy { $0 == 0x20 || $0 == 0x09 }
                if indent < 4, first == open.byte, length >= open.length, isBare { fence = nil }
                return true
            }
            guard indent < 4, length >= 3 else { return false }
            let info = line.bytes.dropFirst(indent + length)
            if first == UInt8(ascii: "`"), info.contains(first) { return false }
            fence = (first, length)
            paragraph = nil
            return true
        }

        private mutating func readATX(_ line: TextLine, indent: Int) {
            let level = line.run(of: UInt8(ascii: "#"), from: indent)
            let rest = line.bytes.dropFirst(indent + level)
            guard level <= 6, rest.first.map({ $0 == 0x20 || $0 == 0x09 }) ?? true else { return }
            var title = String(decoding: rest, as: UTF8.self).trimmed
            let unclosed = String(title.reversed().drop { $0 == "#" }.reversed())
            if unclosed.isEmpty || unclosed.last?.isWhitespace == true { title = unclosed.trimmed }
            outline.add(title, level: level, at: line.offset)
        }

        private func isUnderline(_ line: TextLine, of byte: UInt8, indent: Int) -> Bool {
            let length = line.run(of: byte, from: indent)
            return length >= 2 && line.bytes.dropFirst(indent + length).allSatisfy { $0 == 0x20 || $0 == 0x09 }
        }

        /// Only a line of a plain paragraph can be underlined: no item of a list, quotation, table row or comment.
        private func mayContinue(_ line: TextLine, indent: Int, first: UInt8) -> Bool {
            guard indent < 4, !line.isBlank, first != UInt8(ascii: "#") else { return false }
            if "|<>=".utf8.contains(first) { return false }
            let digits = line.bytes.dropFirst(indent).prefix { 0x30...0x39 ~= $0 }.count
            if digits > 0, ".)".utf8.contains(line.bytes.dropFirst(indent + digits).first ?? 0),
                line.bytes.dropFirst(indent + digits + 1).first ?? 0x20 == 0x20
            {
                return false
            }
            let second = line.bytes.dropFirst(indent + 1).first ?? 0x20
            return !("-+*".utf8.contains(first) && (second == 0x20 || second == 0x09 || second == first))
        }
    }
}
