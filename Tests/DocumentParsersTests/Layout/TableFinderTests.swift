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

    @Test(arguments: [0, 1, 2])
    func `a cell of three lines is one, whether its row stands at its top, its middle or its bottom`(place: Int) {
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

    @Test(arguments: [0, 2])
    func `short lines between two rows belong to the nearer one`(place: Int) {
        // In one block, as where the rows stand close together.
        var lines = [placedLine("Item", 72, 100, block: 0), placedLine("Note", 200, 100, block: 1)]
        for (name, row) in zip(["Rope", "Sail", "Tar"], 1...) {
            let top = Float(76 + 41 * row)
            lines.append(placedLine(name, 72, top + Float(12 * place), block: 0))
            lines += placedLines(["First \(row)", "Second \(row)", "Third \(row)"], 200, top, block: 1)
        }
        lines.sort { $0.block < $1.block }
        let rows = zip(["Rope", "Sail", "Tar"], 1...).map { "\($0) First \($1)⏎Second \($1)⏎Third \($1)" }
        #expect(textOfPage(lines) == ["Item Note"] + rows)
    }

    @Test func `a paragraph with the number of its formula beside its end stays before what follows`() {
        let text = [
            "the force that is needed to lift the anchor", "from the ground of the harbour is then given", "by this",
        ]
        let lines = placedLines(text, 72, 100, block: 0) + [placedLine("(1)", 400, 124, block: 1)]
        #expect(textOfPage(lines).joined(separator: " ") == text.joined(separator: " ") + " (1)")
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
