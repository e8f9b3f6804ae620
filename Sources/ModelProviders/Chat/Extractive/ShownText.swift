/// Markdown as a reader sees it: links and pictures without their addresses, footnotes without their marks.
enum ShownText {
    /// Code keeps what it is.
    static func shown(_ text: String) -> String {
        guard text.contains("[") else { return text }
        var shown = ""
        var rest = text[...]
        var isCode = false
        while let next = rest.firstIndex(where: { $0 == "[" || $0 == "`" }) {
            shown += rest[..<next]
            rest = rest[next...]
            if rest.first == "`" {
                isCode.toggle()
                shown.append(rest.removeFirst())
            } else if !isCode, let close = closing(of: rest), let (label, after) = link(rest, close) {
                if shown.last == "!" { shown.removeLast() }
                shown += label
                rest = rest[after...]
            } else {
                shown.append(rest.removeFirst())
            }
        }
        return shown + rest
    }

    /// Characters of a link's text that are looked at.
    private static let longestLabel = 400

    /// Where the bracket is closed that the text begins with.
    private static func closing(of text: Substring) -> Substring.Index? {
        var depth = 0
        for index in text.indices.prefix(longestLabel) {
            if text[index] == "[" { depth += 1 }
            if text[index] == "]" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    /// What a link shows, and where the text goes on; `nil` for brackets that are none.
    private static func link(_ text: Substring, _ close: Substring.Index) -> (label: Substring, after: Substring.Index)?
    {
        let label = text[text.index(after: text.startIndex)..<close]
        let after = text.index(after: close)
        if label.first == "^" {
            let isNote = after < text.endIndex && text[after] == ":"
            return ("", isNote ? text.index(after: after) : after)
        }
        guard after < text.endIndex else { return nil }
        if text[after] == "[", let end = closing(of: text[after...]) { return (label, text.index(after: end)) }
        guard text[after] == "(" else { return nil }
        var depth = 0
        for index in text[after...].indices {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" { depth -= 1 }
            if depth == 0 { return (label, text.index(after: index)) }
            if text[index].isNewline { return nil }
        }
        return nil
    }
}
