import Domain
import Engine
import TestSupport
import Testing

/// Cutting where the text itself ends something.
@Suite struct ChunkerStructureTests {
    private func chunks(
        _ text: String, size: Int, headings: [String] = [], divisions: Divisions? = nil,
        fits: (String) -> Bool = { _ in true }
    ) throws -> [Chunk] {
        let places = headings.map { title in
            ParsedDocument.Heading(
                offset: text.firstRange(of: title)!.lowerBound.utf16Offset(in: text), level: 1, title: title)
        }
        return try Chunker(ChunkSettings(size: size, overlap: 0))
            .chunks(of: ParsedDocument(text: text, divisions: divisions, headings: places), fits: fits)
    }

    private func texts(_ text: String, size: Int, headings: [String] = []) throws -> [String] {
        try chunks(text, size: size, headings: headings).map(\.text)
    }

    @Test func `a chunk ends with a section rather than in the next one`() throws {
        let text = "# Pumps\n\nPumps run at night.\n\n# Valves\n\nValves are shut at six.\n\nThey are opened at nine."
        #expect(
            try texts(text, size: 80, headings: ["# Pumps", "# Valves"]) == [
                "# Pumps\n\nPumps run at night.", "# Valves\n\nValves are shut at six.\n\nThey are opened at nine.",
            ])
        // Where both have room, they are one chunk.
        #expect(try texts(text, size: 200, headings: ["# Pumps", "# Valves"]) == [text])
    }

    @Test func `a heading goes with what it stands over, however long that is`() throws {
        let long = (1...9).map { "Valve \($0) is shut." }.joined(separator: " ")
        let chunks = try texts("# Valves\n\n\(long)\n\n# Pumps\n\nNone.", size: 60, headings: ["# Valves", "# Pumps"])
        #expect(chunks.first == "# Valves\n\nValve 1 is shut. Valve 2 is shut. Valve 3 is shut.")
        #expect(chunks.last == "# Pumps\n\nNone.")
    }

    @Test func `a long paragraph is cut between its sentences`() throws {
        let text = "The pump of hall 7 (v. 2.1) runs, e.g. at night. Is it loud? \"No.\" It was mended in May. Ask Ada."
        #expect(
            try texts(text, size: 59) == [
                "The pump of hall 7 (v. 2.1) runs, e.g. at night.",
                "Is it loud? \"No.\" It was mended in May. Ask Ada.",
            ])
        #expect(try texts("水泵在夜间运行。它很响吗？五月修理过。问阿达。", size: 12) == ["水泵在夜间运行。", "它很响吗？五月修理过。", "问阿达。"])
    }

    @Test func `the lines of a wrapped paragraph are no places to cut, those of a list are`() throws {
        let wrapped = """
            The pump in the cellar of hall 7 is started by hand every
            evening and runs until the tank is full. The valve behind
            it has to be shut before, or else the water runs back to
            the river.
            """
        #expect(
            try texts(wrapped, size: 180) == [
                "The pump in the cellar of hall 7 is started by hand every\nevening and runs until the tank is full.",
                "The valve behind\nit has to be shut before, or else the water runs back to\nthe river.",
            ])
        let list = "- one item that says something\n- another item that says more\n- a third item of the list"
        #expect(
            try texts(list, size: 65) == [
                "- one item that says something\n- another item that says more", "- a third item of the list",
            ])
    }

    @Test func `each part of a table begins with its head`() throws {
        let rows = (1...6).map { "| AX-\($0) | \($0 * 10) Nm |" }
        let table = "| Bolt | Torque |\n| --- | --- |\n" + rows.joined(separator: "\n")
        let chunks = try chunks("Bolts:\n\n" + table + "\n\nDone.", size: 70)
        #expect(chunks.count > 2)
        for chunk in chunks.dropFirst() where chunk.text.contains("AX-") {
            #expect(chunk.text.hasPrefix("| Bolt | Torque |\n| --- | --- |\n| AX-"))
        }
        // What is cited is where the rows stand.
        let last = try #require(chunks.last { $0.text.contains("AX-6") })
        #expect(last.range.lowerBound > chunks[0].range.upperBound)
        // Rows without bars around them, as parsers of office documents write them.
        let plain = try texts("Bolt | Torque\nAX-1 | 10 Nm\nAX-2 | 20 Nm\nAX-3 | 30 Nm", size: 30)
        #expect(plain == ["Bolt | Torque\nAX-1 | 10 Nm", "Bolt | Torque\nAX-2 | 20 Nm\nAX-3 | 30 Nm"])
    }

    @Test func `code is not cut at its blank lines`() throws {
        let code = "```\nfirst()\n\nsecond()\n```"
        #expect(
            try texts("Some words about this.\n\n\(code)\n\nMore words.", size: 40) == [
                "Some words about this.", code + "\n\nMore words.",
            ])
    }

    @Test func `slides and chapters are never one chunk`() throws {
        let text = "Keepers\n\nThree.\n\nLamp\n\nOil."
        for unit in [Divisions.Unit.slide, .chapter] {
            let chunks = try chunks(text, size: 100, divisions: Divisions(unit, starts: [0, 17]))
            #expect(chunks.map(\.text) == ["Keepers\n\nThree.", "Lamp\n\nOil."])
            #expect(chunks.map(\.locator?.numbers) == [1...1, 2...2])
        }
        // Sentences run over the end of a page.
        #expect(try chunks(text, size: 100, divisions: Divisions(.page, starts: [0, 17])).count == 1)
    }

    @Test func `a chunk that the model cannot take keeps its table's head in every part`() throws {
        let table = "A | B | C\n" + (1...8).map { "\($0) | x | y" }.joined(separator: "\n")
        let chunks = try chunks(table, size: 500) { $0.utf8.count <= 40 }
        #expect(chunks.count > 2 && chunks.allSatisfy { $0.text.hasPrefix("A | B | C\n") && $0.text.utf8.count <= 40 })
    }

    @Test(arguments: 0..<300)
    func `every word of a random text is in a chunk, and no chunk is too long`(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let alphabet = [
            "word", "Other", ".", "! ", " ", " ", "\n", "\n\n", "| a | b |", "|---|---|", "# Title", "```", "- item",
            "日本。", "é",
        ]
        let text = (0..<Int.random(in: 0...120, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
            .joined()
        let size = Int.random(in: 10...90, using: &random)
        let headings = text.indices.filter { text[$0...].hasPrefix("# ") }.map {
            ParsedDocument.Heading(offset: $0.utf16Offset(in: text), level: 1, title: "Title")
        }
        let chunks = try Chunker(ChunkSettings(size: size, overlap: Int.random(in: 0..<size / 2, using: &random)))
            .chunks(of: ParsedDocument(text: text, headings: headings))
        let units = Array(text.utf16)
        var covered = Array(repeating: false, count: units.count)
        for chunk in chunks {
            let stretch = String(decoding: units[chunk.range], as: UTF16.self)
            #expect(chunk.text.hasSuffix(stretch) && stretch.utf16.count <= size)
            for place in chunk.range { covered[place] = true }
        }
        #expect(zip(units, covered).allSatisfy { $1 || $0 == 0x20 || $0 == 0x0A })
    }
}
