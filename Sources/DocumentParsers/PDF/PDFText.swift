import Domain

/// Puts the pages that `pdftotext` writes together.
enum PDFText {
    /// Pages are ended by a form feed in `output`; in the result each page that has text is ended by a line feed, and
    /// running heads are left out.
    ///
    /// A page without text begins where the next one does, so that the page of a character is the last which begins at or
    /// before it.
    static func join(_ output: [UInt8]) -> ParsedDocument {
        var text = ""
        var starts: [Int] = []
        var offset = 0
        var pages = output.split(separator: 0x0C, omittingEmptySubsequences: false)
        if pages.count > 1, pages.last?.isEmpty == true { pages.removeLast() }
        let texts = pages.map { TextDecoder.cleaned(String(decoding: $0, as: UTF8.self)) }
        let bodies = RunningHeads.removed(
            from: texts.map { $0.split(separator: "\n", omittingEmptySubsequences: false) })
        for body in bodies {
            starts.append(offset)
            let lines = body.joined(separator: "\n").trimmingLineEnds()
            guard !lines.isEmpty else { continue }
            text += lines
            text += "\n"
            offset += utf16Count(lines.utf8) + 1
        }
        if text.utf8.last == 0x0A { text.removeLast() }
        return ParsedDocument(
            text: text, divisions: Divisions(.page, starts: starts.map { min($0, max(0, offset - 1)) }))
    }
}

extension String {
    /// Without blank lines at the start, and without white space at the end.
    fileprivate func trimmingLineEnds() -> String {
        let end = lastIndex { !$0.isWhitespace }
        guard let end else { return "" }
        var start = startIndex
        while let lineEnd = self[start...].firstIndex(of: "\n"), self[start..<lineEnd].allSatisfy(\.isWhitespace) {
            start = index(after: lineEnd)
        }
        return String(self[start...end])
    }
}
