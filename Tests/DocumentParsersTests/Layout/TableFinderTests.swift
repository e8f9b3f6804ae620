import Testing

@testable import DocumentParsers

@Suite struct TableFinderTests {
    @Test func `columns of cells are rows`() {
        let lines =
            placedLines(["Part", "AX-17", "BX-18"], 72, 100, block: 0)
            + placedLines(["Torque", "42.5", "43.5"], 200, 100, block: 1)
            + placedLines(["Unit", "Nm", "Nm"], 300, 100, block: 2)
        #expect(textOfPage(lines) == ["Part Torque Unit", "AX-17 42.5 Nm", "BX-18 43.5 Nm"])
    }

    @Test func `an empty cell within a row is marked, and none at its end`() {
        let lines =
            placedLines(["Part", "AX-17", "BX-18"], 72, 100, block: 0) + [placedLine("Torque", 200, 100, block: 1)]
            + [placedLine("42.5", 200, 112, block: 1)]
            + [placedLine("Unit", 300, 100, block: 2), placedLine("Nm", 300, 124, block: 3)]
        #expect(textOfPage(lines) == ["Part Torque Unit", "AX-17 42.5", "BX-18 |  | Nm"])
    }

    @Test(arguments: [0, 1])
    func `a cell of three lines is one, whether its row stands at its top or its middle`(place: Int) {
        let note = ["to be fetched at the", "store before the end", "of the week"]
        let first = Float(100 + 12 * place)
        let lines =
            [placedLine("Rope", 72, first, block: 0), placedLine("3", 160, first, block: 1)]
            + placedLines(note, 220, 100, block: 2)
            + [placedLine("Wick", 72, 150, block: 3), placedLine("144", 160, 150, block: 4)]
            + [placedLine("cotton", 220, 150, block: 5)]
        #expect(
            textOfPage(lines) == ["Rope 3 to be fetched at the⏎store before the end⏎of the week", "Wick 144 cotton"])
    }

    @Test func `a name beside its column of numbers belongs to it`() {
        let lines =
            [placedLine("Boat", 72, 100, block: 0), placedLine("Built", 200, 100, block: 1)]
            + placedLines(["Gull", "Tern"], 72, 112, block: 2) + placedLines(["1931", "1987"], 240, 112, block: 3)
        #expect(textOfPage(lines) == ["Boat Built", "Gull 1931", "Tern 1987"])
    }

    @Test func `columns that are both filled in the first row stay apart`() {
        let lines =
            [placedLine("Day", 72, 100, block: 0), placedLine("Debit", 160, 100, block: 1)]
            + [placedLine("Credit", 240, 100, block: 2)]
            + placedLines(["Monday", "Tuesday"], 72, 112, block: 3) + [placedLine("7.50", 160, 112, block: 4)]
            + [placedLine("12.00", 240, 124, block: 5)]
        #expect(textOfPage(lines) == ["Day Debit Credit", "Monday 7.50", "Tuesday |  | 12.00"])
    }

    @Test func `a number in front of a paragraph is its own`() {
        let text = [
            "the standard styles use the new feature by", "giving a name of the entry and by leaving", "out the rest.",
        ]
        let lines = [placedLine("6.", 60, 100, block: 0)] + placedLines(text, 80, 100, block: 1)
        #expect(textOfPage(lines) == ["6. " + text.joined(separator: "⏎")])
    }

    @Test func `what runs up the margin is no cell`() {
        var margin = PlacedLine(block: 9)
        margin.append(PlacedWord(text: "Drawing", box: Box(left: 20, top: 140, width: 10, height: 40)))
        margin.append(PlacedWord(text: "DX-4471", box: Box(left: 20, top: 90, width: 10, height: 40)))
        let lines = [margin] + placedLines(["Its number stands", "Look there for it"], 72, 100, block: 0)
        #expect(textOfPage(lines) == ["Drawing DX-4471", "Its number stands", "Look there for it"])
    }
}
