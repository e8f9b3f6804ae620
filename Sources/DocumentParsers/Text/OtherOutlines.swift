import Domain

/// The sections of AsciiDoc (`= Title`, `== Section`, or a title over a line of its length) outside listing and literal blocks,
/// and its header attributes.
enum AsciiDocOutline {
    /// By level, as the first editions of the language have them.
    private static let underlines = Array("=-~^+".utf8)

    static func read(_ text: String) -> Outline {
        var outline = Outline()
        var delimiter: String?
        /// The only line of the paragraph so far.
        var above: (title: String, offset: Int)?
        var isAfterBlank = true
        forEachLine(of: text) { line in
            let trimmed = line.trimmed
            let title = above
            above = isAfterBlank && !trimmed.isEmpty && delimiter == nil ? (trimmed, line.offset) : nil
            isAfterBlank = trimmed.isEmpty
            guard let first = line.bytes.first, "=-.+/:~^`".utf8.contains(first) else { return }
            if let open = delimiter {
                if trimmed == open { delimiter = nil }
            } else if let title, let level = underlines.firstIndex(of: first), title.title.first?.isLetter == true,
                trimmed.utf8.allSatisfy({ $0 == first }), abs(trimmed.utf8.count - title.title.count) <= 1,
                trimmed.utf8.count > 2
            {
                outline.add(title.title, level: level + 1, at: title.offset)
            } else if trimmed.utf8.count >= 4, "-.+/".utf8.contains(first), trimmed.utf8.allSatisfy({ $0 == first }) {
                delimiter = trimmed
            } else if trimmed.hasPrefix("```") {
                delimiter = "```"
            } else if first == UInt8(ascii: ":"), let end = trimmed.dropFirst().firstIndex(of: ":") {
                let name = String(trimmed[trimmed.index(after: trimmed.startIndex)..<end])
                outline.set(name, to: trimmed[trimmed.index(after: end)...].trimmed)
                // The lines of the header are no paragraph.
                isAfterBlank = true
            } else if first == UInt8(ascii: "=") {
                let level = line.run(of: first, from: 0)
                guard level <= 6, line.bytes.dropFirst(level).first == 0x20 else { return }
                outline.add(String(trimmed.dropFirst(level)).trimmed, level: level, at: line.offset)
            }
        }
        outline.adoptTitle()
        return outline
    }
}

/// The headlines of Org (`* Headline`) without keywords and tags, and its `#+TITLE:` lines.
enum OrgOutline {
    static func read(_ text: String) -> Outline {
        var outline = Outline()
        var isWithinBlock = false
        forEachLine(of: text) { line in
            let level = line.run(of: UInt8(ascii: "*"), from: 0)
            let opening = String(decoding: line.bytes.dropFirst(line.indent).prefix(8), as: UTF8.self).lowercased()
            if opening == "#+begin_" { isWithinBlock = true }
            if opening.hasPrefix("#+end_") { isWithinBlock = false }
            if isWithinBlock { return }
            if level > 0, line.bytes.dropFirst(level).first == 0x20 {
                outline.add(headline(String(line.trimmed.dropFirst(level))), level: level, at: line.offset)
            } else if line.bytes.starts(with: "#+".utf8), let colon = line.trimmed.firstIndex(of: ":") {
                let trimmed = line.trimmed
                outline.set(
                    String(trimmed.dropFirst(2).prefix(upTo: colon)),
                    to: trimmed[trimmed.index(after: colon)...].trimmed)
            }
        }
        outline.adoptTitle()
        return outline
    }

    private static func headline(_ text: String) -> String {
        var words = text.split(separator: " ")
        if let first = words.first, ["TODO", "DONE", "NEXT", "WAITING", "CANCELLED"].contains(first) {
            words.removeFirst()
        }
        if let last = words.last, last.count > 2, last.first == ":", last.last == ":" { words.removeLast() }
        return words.joined(separator: " ")
    }
}

/// The sections of reStructuredText: a line of text over a line of punctuation at least as long. Levels follow the order
/// in which the styles of underline are met (reStructuredText specification, "Sections").
enum RestructuredTextOutline {
    static func read(_ text: String) -> Outline {
        var outline = Outline()
        var styles: [String] = []
        var above: (title: String, offset: Int, isOverlined: Bool)?
        var overline: UInt8?
        forEachLine(of: text) { line in
            if let mark = adornment(line) {
                // A line that is too short is an error that docutils forgives from four signs on.
                if let title = above, line.bytes.count >= min(title.title.count, 4) {
                    let style = "\(mark)\(title.isOverlined)"
                    if !styles.contains(style) { styles.append(style) }
                    let level = (styles.firstIndex(of: style) ?? 0) + 1
                    outline.add(title.title, level: level, at: title.offset)
                    overline = nil
                } else {
                    overline = mark
                }
                above = nil
            } else if line.isBlank {
                above = nil
                overline = nil
            } else {
                readField(line, into: &outline)
                let isTitle = line.indent == 0 || overline != nil
                above = isTitle && above == nil ? (line.trimmed, line.offset, overline != nil) : nil
            }
        }
        outline.adoptTitle()
        return outline
    }

    /// The punctuation mark that the whole line repeats.
    private static func adornment(_ line: TextLine) -> UInt8? {
        guard let first = line.bytes.first, line.bytes.count >= 2, line.isPunctuation(first),
            line.bytes.allSatisfy({ $0 == first })
        else { return nil }
        return first
    }

    private static func readField(_ line: TextLine, into outline: inout Outline) {
        guard line.bytes.first == UInt8(ascii: ":") else { return }
        let parts = line.trimmed.dropFirst().split(separator: ":", maxSplits: 1)
        if parts.count == 2 { outline.set(String(parts[0]), to: parts[1].trimmed) }
    }
}
