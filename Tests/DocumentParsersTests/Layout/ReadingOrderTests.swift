import Testing

@testable import DocumentParsers

@Suite struct ReadingOrderTests {
    private let left = [
        "the cellar was built in the year of", "the great flood and its walls are", "two metres thick and nobody knows",
        "who laid the first stone of all.",
    ]
    private let right = [
        "water rose again in the spring and", "the pump ran for eleven days before",
        "the level fell and the warden then",
        "wrote it down in the old book.",
    ]

    @Test func `columns that poppler reads from the right are read from the left`() {
        let lines = placedLines(right, 300, 100, block: 0) + placedLines(left, 72, 100, block: 1)
        #expect(textOfPage(lines) == left + right)
    }

    @Test func `headings of columns stay with them, what spans them stands before`() {
        let lines =
            [placedLine("The Cellar and the Water of the House at the Pier", 120, 60, block: 0)]
            + [placedLine("Water", 300, 88, block: 1), placedLine("Cellar", 72, 88, block: 2)]
            + placedLines(right, 300, 102, block: 3) + placedLines(left, 72, 102, block: 4)
        #expect(
            textOfPage(lines) == ["The Cellar and the Water of the House at the Pier", "Cellar"] + left + ["Water"]
                + right)
    }

    @Test func `columns above and below something that spans them are columns of their own`() {
        let span = "Table 1 is as wide as the page and parts what stands above it from the rest"
        let lines =
            placedLines(left, 72, 100, block: 0) + placedLines(right, 300, 100, block: 1)
            + [placedLine(span, 80, 170, block: 2)]
            + placedLines(right, 72, 200, block: 3) + placedLines(left, 300, 200, block: 4)
        #expect(textOfPage(lines) == left + right + [span] + right + left)
    }

    @Test func `three columns`() {
        let column = { (name: String) in (1...6).map { "\(name) goes on and on with \($0)" } }
        let lines =
            placedLines(column("third"), 400, 100, block: 0) + placedLines(column("first"), 40, 100, block: 1)
            + placedLines(column("second"), 220, 100, block: 2)
        #expect(textOfPage(lines) == column("first") + column("second") + column("third"))
    }

    @Test func `lines of two columns that are one line to poppler are parted`() {
        // The last line of either column is one for poppler.
        var lines = placedLines(right, 300, 100, block: 0)
        lines[3] = PlacedLine(block: 0)
        for word in placedLine("the last words of the left one", 140, 136, block: 0).words
            + placedLine("wrote it down in the old book.", 300, 136, block: 0).words
        {
            lines[3].append(word)
        }
        #expect(textOfPage(lines).contains("wrote it down in the old book."))
    }

    @Test func `stretched lines of a narrow column are whole`() {
        let parts = [placedLine("foundation", 72, 112, block: 0), placedLine("alone", 197, 112, block: 0)]
        let lines =
            [placedLine("at the spring tides and the end", 72, 100, block: 0)] + parts
            + [placedLine("took two whole summers for all.", 72, 124, block: 0)]
        #expect(
            textOfPage(lines) == [
                "at the spring tides and the end", "foundation alone", "took two whole summers for all.",
            ])
    }

    @Test func `a running head above both columns is part of neither`() {
        let lines =
            [placedLine("Alder Point", 72, 50, block: 0), placedLine("A History", 400, 50, block: 1)]
            + placedLines(right, 300, 100, block: 2) + placedLines(left, 72, 100, block: 3)
        #expect(textOfPage(lines) == ["Alder Point A History"] + left + right)
    }

    @Test func `notes at the foot of the left column stand behind both`() {
        let note = placedLine("1 see the book", 72, 160, block: 4, height: 8)
        let lines =
            placedLines(left, 72, 100, block: 0) + [note]
            + placedLines(
                right + ["and nobody has looked into it since", "the warden went away for good."], 300, 100, block: 1)
            + [placedLine("17", 290, 800, block: 5)]
        let text = textOfPage(lines)
        #expect(text.suffix(2) == ["1 see the book", "17"])
        #expect(Array(text.prefix(5)) == left + [right[0]])
    }
}
