import Domain

/// Puts the text of pages together: without running heads, with words whole where a line or a page parts them, and with the
/// places of pages and headings.
struct DocumentComposer {
    private let joiner: HyphenJoiner
    private var text = ""
    /// UTF-16 code units of `text`.
    private var offset = 0
    private var starts: [Int] = []
    private var headings: [ParsedDocument.Heading] = []
    /// The line that may still go on, which is not in `text` yet.
    private var pending: TextRow?
    /// Pages that have begun since then.
    private var waitingPages = 0

    private init(_ joiner: HyphenJoiner) { self.joiner = joiner }

    /// - Parameters:
    ///   - pages: in order, without gaps from page 1 on; those without text as well.
    ///   - outline: the document's own, in order.
    static func document(_ pages: [PageText], outline: [OutlineEntry] = []) -> ParsedDocument {
        let bodies = RunningHeads.removed(from: pages)
        let marked = HeadingFinder.marked(bodies, outline: outline)
        let rows = marked.lazy.flatMap(\.lines)
        let questions = HyphenJoiner.questions(in: rows)
        let evidence = WordEvidence(rows: rows, questions: questions)
        var composer = DocumentComposer(HyphenJoiner(evidence: evidence))
        for page in marked { composer.add(page) }
        return composer.finished()
    }

    private mutating func add(_ page: PageText) {
        waitingPages += 1
        var isFirst = true
        for row in page.lines {
            var row = row
            row.text = joiner.oneLine(row.text)
            var rest = row.text[...]
            if var above = pending, row.headingLevel == nil, above.headingLevel == nil, !above.isTableRow {
                // Not copied while it grows.
                pending = nil
                // What goes on without a mark goes on for whole paragraphs; pages part them, so that places stay right.
                if !isFirst, above.isFull, !row.isAfterGap, Spacelessness.joins(above.text.last, row.text.first) {
                    above.text += row.text
                    above.isFull = row.isFull
                    pending = above
                    continue
                }
                // A word that is parted goes on in the next line of its column, or at the top of the next page.
                let isJoined = (!row.isAfterGap || isFirst) && joiner.join(&rest, to: &above.text)
                pending = above
                if isJoined {
                    guard !rest.isEmpty else { continue }
                    row.isAfterGap = false
                }
            }
            row.text = String(rest)
            // Pages are parted by their ends alone.
            if isFirst { row.isAfterGap = false }
            isFirst = false
            flush(waitingFor: waitingPages)
            pending = row
        }
    }

    /// Writes the line that is complete; the pages that began since then begin behind it.
    private mutating func flush(waitingFor pages: Int) {
        if let row = pending {
            if row.isAfterGap { append("\n") }
            let line = row.text.withoutSoftHyphens
            if let level = row.headingLevel, headings.count < Outline.maximumHeadings {
                let title = String(line.prefix(Outline.maximumTitleLength))
                headings.append(ParsedDocument.Heading(offset: offset, level: level, title: title))
            }
            append(line)
            append("\n")
        }
        pending = nil
        starts += Array(repeating: offset, count: pages)
        waitingPages = 0
    }

    private mutating func append(_ piece: String) {
        text += piece
        offset += utf16Count(piece.utf8)
    }

    private mutating func finished() -> ParsedDocument {
        flush(waitingFor: waitingPages)
        if text.utf8.last == 0x0A { text.removeLast() }
        return ParsedDocument(
            text: text, divisions: Divisions(.page, starts: starts.map { min($0, max(0, offset - 1)) }),
            headings: headings)
    }
}
