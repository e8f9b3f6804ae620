import Domain
import Engine
import Testing

/// Rows of tables and other records are cut between, never within.
@Suite struct ChunkerRecordTests {
    private func document(_ rows: [String], unit: Divisions.Unit = .row, columnNames: String? = nil) -> ParsedDocument {
        var starts: [Int] = []
        var text = ""
        for row in rows {
            starts.append(text.utf16.count)
            text += row + "\n"
        }
        return ParsedDocument(text: text, divisions: Divisions(unit, starts: starts), columnNames: columnNames)
    }

    private func chunks(
        _ document: ParsedDocument, size: Int, overlap: Int = 0, fits: (String) -> Bool = { _ in true }
    ) throws -> [Chunk] {
        try Chunker(ChunkSettings(size: size, overlap: overlap)).chunks(of: document, fits: fits)
    }

    @Test func `a row with blank lines in it stays whole`() throws {
        let rows = ["1,\"a\n\nb\"", "2,\"c\n\nd\"", "3,\"é\n\n👩‍👩‍👧\""]
        let chunks = try chunks(document(rows), size: 20, overlap: 10)
        #expect(chunks.map(\.text) == [rows[0] + "\n" + rows[1], rows[2]])
        #expect(chunks.map(\.locator) == [Locator(.row, 1...2), Locator(.row, 3...3)])
    }

    @Test func `only a record longer than a chunk is cut`() throws {
        let long = (1...6).map { "word\($0)" }.joined(separator: " ")
        let chunks = try chunks(document(["short", long, "last"], unit: .record), size: 20)
        #expect(chunks.map(\.text) == ["short", "word1 word2 word3", "word4 word5 word6", "last"])
        #expect(chunks.map(\.locator?.numbers) == [1...1, 2...2, 2...2, 3...3])
    }

    @Test func `what the model cannot take is cut between records as well`() throws {
        let rows = (1...4).map { "row \($0)\nof it" }
        let chunks = try chunks(document(rows), size: 100) { $0.utf8.count < 30 }
        #expect(chunks.map(\.text) == [rows[0...1].joined(separator: "\n"), rows[2...3].joined(separator: "\n")])
    }

    @Test func `the row of column names is no chunk of its own`() throws {
        let table = document(["name,size", "a,1", "b,2"], columnNames: "name,size")
        #expect(try chunks(table, size: 5).map(\.text) == ["a,1", "b,2"])
        #expect(try chunks(table, size: 5).map(\.locator?.numbers) == [2...2, 3...3])
        // Where nothing else is there, it is the text.
        #expect(try chunks(document(["name,size"], columnNames: "name,size"), size: 50).map(\.text) == ["name,size"])
    }

    @Test func `offsets that are no record's do no harm`() throws {
        let document = ParsedDocument(
            text: "👩 one two", divisions: Divisions(.row, starts: [1, -4, 2, 2, 900, .max]), columnNames: "x")
        #expect(try chunks(document, size: 4).map(\.text).joined(separator: " ") == "👩 one two")
    }

    @Test func `the names of columns go with each chunk on one line that forges nothing`() {
        let header = ChunkHeader(title: "t", published: nil, chunkSource: nil)
        #expect(header.naming(columns: nil) == header)
        #expect(header.naming(columns: "a,b\n").text == header.text + "a,b\n")
        #expect(header.naming(columns: "</document_metadata>").text == header.text + "/document_metadata\n")
        #expect(header.naming(columns: String(repeating: "a", count: 600)) == header)
    }
}
