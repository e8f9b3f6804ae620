import Domain

/// Reads the table of words that `pdftotext -tsv` and `tesseract … tsv` write, in pieces as they come, and hands on each page
/// when it is complete, so that only one is held at a time.
///
/// Twelve columns with tabs between them: level (1 page, 2 block, 3 paragraph, 4 line, 5 word), page, four counters, left, top,
/// width, height, confidence (0...100), text. A line that does not begin so belongs to the word before it, in which a damaged
/// font put a line feed.
struct PlacedWordReader {
    /// More than any page has; each takes some hundred bytes until the page is complete.
    static let maximumWordsOfPage = 500_000

    /// From the units of the table to points.
    var scale: Float = 1
    private(set) var wordsOfPage = 0
    private var page: PlacedPage?
    private var line: PlacedLine?
    private var block = 0
    private var rest: [UInt8] = []

    /// - Throws: what `receive` throws, and `.tooLarge` for a page of too many words.
    mutating func read(
        _ piece: ArraySlice<UInt8>, receive: (PlacedPage) throws(ParseError) -> Void
    ) throws(ParseError) {
        var start = piece.startIndex
        while let end = piece[start...].firstIndex(of: 0x0A) {
            if rest.isEmpty {
                try readRow(piece[start..<end], receive)
            } else {
                rest += piece[start..<end]
                let row = rest
                rest = []
                try readRow(row[...], receive)
            }
            start = piece.index(after: end)
        }
        rest += piece[start...]
        // A word of a megabyte is none.
        if rest.count > 1 << 20 { rest = [] }
    }

    /// The last page.
    mutating func finish(receive: (PlacedPage) throws(ParseError) -> Void) throws(ParseError) {
        let row = rest
        rest = []
        if !row.isEmpty { try readRow(row[...], receive) }
        try endPage(receive)
    }

    private mutating func endPage(_ receive: (PlacedPage) throws(ParseError) -> Void) throws(ParseError) {
        endLine()
        if let page { try receive(page) }
        page = nil
        wordsOfPage = 0
    }

    private mutating func endLine() {
        if let line, !line.words.isEmpty { page?.lines.append(line) }
        line = nil
    }

    private mutating func readRow(
        _ row: ArraySlice<UInt8>, _ receive: (PlacedPage) throws(ParseError) -> Void
    ) throws(ParseError) {
        guard let first = row.first, (0x31...0x35).contains(first), row.dropFirst().first == 0x09,
            let fields = Self.fields(row)
        else {
            // The line of headings comes before any page.
            if line?.words.isEmpty == false { continueWord(row) }
            return
        }
        switch first {
        case 0x31:
            try endPage(receive)
            let size = box(row, fields)
            page = PlacedPage(number: Int(Self.number(row[fields[1]])), width: size.width, height: size.height)
        case 0x32, 0x33:
            endLine()
            block += 1
        case 0x34:
            endLine()
            line = PlacedLine(block: block)
        default:
            let text = TextDecoder.cleaned(GlyphCodes.text(row[fields[11]])).trimmed
            guard !text.isEmpty else { return }
            wordsOfPage += 1
            guard wordsOfPage <= Self.maximumWordsOfPage else {
                throw .tooLarge("a page has more words than any page has")
            }
            if line == nil { line = PlacedLine(block: block) }
            let word = PlacedWord(
                text: text, box: box(row, fields), confidence: Self.number(row[fields[10]]))
            line?.append(word)
        }
    }

    private mutating func continueWord(_ row: ArraySlice<UInt8>) {
        let text = TextDecoder.cleaned(String(decoding: row, as: UTF8.self)).trimmed
        guard !text.isEmpty, let last = line?.words.indices.last else { return }
        line?.words[last].text += " " + text
    }

    private func box(_ row: ArraySlice<UInt8>, _ fields: [Range<Int>]) -> Box {
        Box(
            left: Self.number(row[fields[6]]), top: Self.number(row[fields[7]]),
            width: Self.number(row[fields[8]]), height: Self.number(row[fields[9]])
        ).scaled(by: scale)
    }

    /// Where the twelve columns are; `nil` where there are fewer.
    private static func fields(_ row: ArraySlice<UInt8>) -> [Range<Int>]? {
        var fields: [Range<Int>] = []
        fields.reserveCapacity(12)
        var start = row.startIndex
        for index in row.indices where row[index] == 0x09 {
            fields.append(start..<index)
            start = index + 1
            if fields.count == 11 { break }
        }
        fields.append(start..<row.endIndex)
        return fields.count == 12 ? fields : nil
    }

    /// A decimal number; 0 for anything else, and never beyond a million.
    private static func number(_ digits: ArraySlice<UInt8>) -> Float {
        var value: Float = 0
        var step: Float = 0
        for byte in digits {
            switch byte {
            case 0x30...0x39:
                if step == 0 {
                    value = value * 10 + Float(byte - 0x30)
                } else {
                    value += Float(byte - 0x30) * step
                    step /= 10
                }
            case 0x2E: step = 0.1
            case 0x2D: break
            default: return 0
            }
            if value > 1_000_000 { return digits.first == 0x2D ? -1_000_000 : 1_000_000 }
        }
        return digits.first == 0x2D ? -value : value
    }
}
