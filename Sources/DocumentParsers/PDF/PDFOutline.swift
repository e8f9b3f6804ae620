import Domain

/// Reads the outline at the end of what `pdftohtml -xml` writes: `outline` elements within one another, with `item`s that name
/// their page.
enum PDFOutline {
    private static let maximumEntries = 20_000
    private static let maximumLevel = 12

    static func entries(in output: [UInt8]) -> [OutlineEntry] {
        var entries: [OutlineEntry] = []
        var level = 0
        for bytes in output.split(separator: 0x0A) {
            let line = String(decoding: bytes, as: UTF8.self).trimmed
            switch line {
            case "<outline>": level += 1
            case "</outline>": level -= 1
            default:
                guard level > 0, entries.count < maximumEntries, let entry = entry(line, level: level) else { continue }
                entries.append(entry)
            }
        }
        return entries
    }

    private static func entry(_ line: String, level: Int) -> OutlineEntry? {
        let opening = "<item page=\""
        guard line.hasPrefix(opening) else { return nil }
        let rest = line.dropFirst(opening.count)
        guard let end = rest.firstRange(of: "\">"), let page = Int(rest[..<end.lowerBound]),
            let close = rest[end.upperBound...].firstRange(of: "</item>")
        else { return nil }
        let title = TextDecoder.cleaned(unescaped(rest[end.upperBound..<close.lowerBound])).trimmed
        return title.isEmpty ? nil : OutlineEntry(level: min(level, maximumLevel), title: title, page: page)
    }

    private static func unescaped(_ text: Substring) -> String {
        String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }
}
