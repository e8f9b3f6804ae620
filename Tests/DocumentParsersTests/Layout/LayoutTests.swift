import Domain
import Testing

@testable import DocumentParsers

/// Letters, lines and pages as tools give them.
@Suite struct LayoutTests {
    // MARK: Words

    private func words(_ table: String) throws -> [PlacedPage] {
        var reader = PlacedWordReader()
        var pages: [PlacedPage] = []
        // In pieces that end anywhere.
        let bytes = Array(table.utf8)
        for start in stride(from: 0, to: bytes.count, by: 7) {
            try reader.read(bytes[start..<min(start + 7, bytes.count)]) { pages.append($0) }
        }
        try reader.finish { pages.append($0) }
        return pages
    }

    @Test func `the table of words is read in pieces`() throws {
        let pages = try words(
            """
            level\tpage_num\tpar_num\tblock_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
            1\t1\t0\t0\t0\t0\t0.0\t0.0\t595.28\t842.0\t-1\t###PAGE###
            3\t1\t0\t0\t0\t0\t10\t20\t60\t10\t-1\t###FLOW###
            4\t1\t0\t0\t0\t0\t10\t20\t60\t10\t-1\t###LINE###
            5\t1\t0\t0\t0\t0\t10.50\t20.25\t20\t10\t100\tdiffi
            cult
            5\t1\t0\t0\t0\t1\t-40\t20\t20\t10\t96.5\tword
            1\t2\t0\t0\t0\t0\t0\t0\t100\t200\t-1\t###PAGE###
            """)
        #expect(pages.map(\.number) == [1, 2])
        #expect(pages[0].width == 595.28 && pages[1].height == 200)
        let line = try #require(pages[0].lines.first)
        #expect(line.words.map(\.text) == ["diffi cult", "word"])
        #expect(line.words[0].box == Box(left: 10.5, top: 20.25, width: 20, height: 10))
        #expect(line.words[1].box.left == -40 && line.words[1].confidence == 96.5)
    }

    @Test func `a page of more words than any has is refused`() {
        let row = "5\t1\t0\t0\t0\t0\t1\t1\t1\t1\t1\tx\n"
        let table =
            "1\t1\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t\n"
            + String(repeating: row, count: PlacedWordReader.maximumWordsOfPage + 1)
        var reader = PlacedWordReader()
        #expect(throws: ParseError.tooLarge("a page has more words than any page has")) {
            try reader.read(Array(table.utf8)[...]) { _ in }
        }
    }

    // MARK: Letters

    @Test(arguments: [
        ([0x45, 0x1E, 0x63, 0x69, 0x65, 0x6E, 0x74], "Efficient"), ([0x1C, 0x73, 0x68], "fish"),
        ([0x6F, 0x0E, 0x63, 0x65], "office"), ([0x31, 0x38, 0x15, 0x32, 0x30], "18–20"),
        ([0x10, 0x41, 0x42, 0x11], "“AB”"),
        // In a font of signs they are others.
        ([0x1F], ""), ([0x28, 0x1C], "("), ([0xEF, 0x82, 0xB7], "•"), ([0xEF, 0x83, 0xBC], "✓"),
    ])
    func `codes of fonts without names stand for letters`(bytes: [UInt8], text: String) {
        #expect(GlyphCodes.text(bytes[...]) == text)
    }

    @Test func `ligatures and raised numbers are written out`() {
        var line = placedLine("the proﬁle of 10", 0, 100, block: 0)
        line.append(PlacedWord(text: "5", box: Box(left: line.box.right, top: 98, width: 3, height: 6)))
        #expect(LineText.text(of: line) == "the profile of 10^5")
    }

    @Test func `words that touch are one word`() {
        var line = PlacedLine(block: 0)
        line.append(PlacedWord(text: "Lec", box: Box(left: 0, top: 0, width: 15, height: 10)))
        line.append(PlacedWord(text: "tern", box: Box(left: 15.5, top: 0, width: 20, height: 10)))
        line.append(PlacedWord(text: "reads", box: Box(left: 38, top: 0, width: 20, height: 10)))
        #expect(LineText.text(of: line) == "Lectern reads")
    }

    // MARK: Hyphens

    private func joined(_ lines: [String]) -> String {
        DocumentComposer.document([PageText(number: 1, lines: lines.map { TextRow(text: $0) })]).text
    }

    @Test(arguments: [
        // Identifiers, numbers, ranges, dates, names.
        (["order gasket AX-", "200 today"], "order gasket AX-200\ntoday"),
        (["pages 12-", "17 only"], "pages 12-17\nonly"),
        (["on 2024-03-", "05 at ten"], "on 2024-03-05\nat ten"), (["the ISO-", "IEC norm"], "the ISO-IEC\nnorm"),
        (["by Smith-", "Jones himself"], "by Smith-Jones\nhimself"),
        (["run --dry-", "run first"], "run --dry-run\nfirst"),
        (["an X-", "ray of it"], "an X-ray\nof it"),
        // What the typesetter cut.
        (["the recali-", "bration is"], "the recalibration\nis"), (["para\u{AD}", "graph two"], "paragraph\ntwo"),
        // Compounds, by their parts or by what the text has elsewhere.
        (["a well-", "known dealer"], "a well-known\ndealer"),
        (["cross-check twice", "then cross-", "check again"], "cross-check twice\nthen cross-check\nagain"),
        // No word goes on.
        (["see- und", "pre-", "and post-war"], "see- und\npre-\nand post-war"),
        (["a dash -", "then more"], "a dash -\nthen more"),
    ])
    func `a hyphen at a line end is kept where it was written`(lines: [String], text: String) {
        #expect(joined(lines) == text)
    }

    @Test func `a word goes on over the end of a page`() {
        let document = DocumentComposer.document([
            PageText(number: 1, lines: [TextRow(text: "the recali-")]),
            PageText(number: 2, lines: [TextRow(text: "bration of it")]),
        ])
        #expect(document.text == "the recalibration\nof it")
        #expect(document.divisions?.starts == [0, 18])
    }

    @Test func `full lines of Chinese and Japanese go on, others end`() {
        let rows = [("灯台は", true), ("三人で", false), ("最後の", true), ("keeper", true), ("灯", true)].map {
            TextRow(text: $0.0, isFull: $0.1)
        }
        #expect(DocumentComposer.document([PageText(number: 1, lines: rows)]).text == "灯台は三人で\n最後の\nkeeper\n灯")
        // Places of pages stay right: no paragraph grows over them.
        let pages = (1...2).map { PageText(number: $0, lines: [TextRow(text: "灯台は", isFull: true)]) }
        #expect(DocumentComposer.document(pages).divisions?.starts == [0, 4])
    }

    // MARK: Directions

    @Test func `signs one below the other are columns from right to left`() {
        let columns = ["灯台は明治", "四年に建て", "られた。"]
        var lines: [PlacedLine] = []
        for row in 0..<5 {
            var line = PlacedLine(block: 0)
            // From left to right, as tools give it.
            for (place, column) in columns.enumerated().reversed() {
                let signs = Array(column)
                guard row < signs.count else { continue }
                line.append(
                    PlacedWord(
                        text: String(signs[row]),
                        box: Box(left: Float(100 - 20 * place), top: Float(12 * row), width: 10, height: 10)))
            }
            lines.append(line)
        }
        #expect(textOfPage(lines).joined(separator: "|") == columns.joined(separator: "|"))
    }

    @Test func `rows of single signs are rows`() {
        let lines = (0..<4).map { row in
            var line = PlacedLine(block: 0)
            for place in 0..<3 {
                line.append(
                    PlacedWord(
                        text: "灯", box: Box(left: Float(12 * place), top: Float(30 * row), width: 10, height: 10)))
            }
            return line
        }
        #expect(textOfPage(lines).count == 4)
    }

    @Test(arguments: [true, false])
    func `a page whose text runs up or down is turned`(isUp: Bool) {
        let lines = (0..<3).map { number in
            var line = PlacedLine(block: number)
            for place in 0..<3 {
                let along = Float(100 + 60 * place)
                let across = Float(50 + 12 * number)
                let box =
                    isUp
                    ? Box(left: across, top: 800 - along - 50, width: 10, height: 50)
                    : Box(left: 500 - across - 10, top: along, width: 10, height: 50)
                line.append(PlacedWord(text: "word\(number)\(place)", box: box))
            }
            return line
        }
        let page = PlacedPage(number: 1, width: 500, height: 800, lines: lines).upright
        #expect(page.width == 800 && page.height == 500)
        #expect(
            page.lines.map { LineText.text(of: $0) } == [
                "word00 word01 word02", "word10 word11 word12", "word20 word21 word22",
            ])
        #expect(page.lines.map(\.box.left) == [100, 100, 100] && page.lines.map(\.box.top) == [50, 62, 74])
    }

    // MARK: Headings

    @Test func `headings by an outline leave the line above alone, but take a label`() {
        let rows = ["metres are small. 3", "3 Pier", "The pier is closed.", "Chapter 4", "The Harbour", "It is deep."]
        let outline = [
            OutlineEntry(level: 1, title: "Pier", page: 1), OutlineEntry(level: 1, title: "The Harbour", page: 1),
        ]
        let document = DocumentComposer.document(
            [PageText(number: 1, lines: rows.map { TextRow(text: $0) })], outline: outline)
        #expect(document.headings.map(\.title) == ["3 Pier", "Chapter 4 The Harbour"])
    }

    @Test func `headings by the size of letters have levels by size`() {
        let body = (1...8).map { TextRow(text: "line \($0) of the text", letterHeight: 10) }
        let rows =
            [TextRow(text: "The Whole", letterHeight: 20)] + body + [TextRow(text: "A Part", letterHeight: 14)] + body
        let headings = DocumentComposer.document([PageText(number: 1, lines: rows)]).headings
        #expect(headings.map(\.title) == ["The Whole", "A Part"] && headings.map(\.level) == [1, 2])
    }

    @Test(arguments: [
        ("i", 1), ("iv", 4), ("XIV", 14), ("xcix", 99), ("iiii", nil), ("mix", nil), ("Ii", nil), ("", nil),
    ])
    func `Roman numbers are read in their usual form`(text: String, value: Int?) {
        #expect(RomanNumeral.value(of: text[...]) == value)
    }
}
