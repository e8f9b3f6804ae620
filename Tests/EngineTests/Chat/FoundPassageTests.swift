import Domain
import Foundation
import Persistence
import Testing

@testable import Engine

@Suite struct FoundPassageTests {
    private static let text = (0..<12).map { "Sentence \(word($0)) of the document is about \(word($0 + 5))." }
        .joined(separator: "\n\n")

    private static func word(_ number: Int) -> String {
        ["ships", "ropes", "lamps", "piers", "nets", "bells", "tides", "sails", "masts", "keels", "oars", "docks"][
            number % 12]
    }

    private static func chunk(_ ordinal: Int, headings: [String] = []) -> Chunk {
        let parts = text.components(separatedBy: "\n\n")
        let start = parts.prefix(ordinal).reduce(0) { $0 + $1.utf16.count + 2 }
        return Chunk(
            ordinal: ordinal, text: parts[ordinal], range: start..<start + parts[ordinal].utf16.count,
            locator: Locator(.page, ordinal + 1...ordinal + 1), headingPath: headings)
    }

    private static func hit(_ ordinal: Int, document: String = "d", text: String? = nil) -> SearchHit {
        var chunk = chunk(ordinal)
        chunk.text = text ?? chunk.text
        let id = Chunk.ID(rawValue: Int64(ordinal) + (document == "d" ? 0 : 1000))
        return SearchHit(
            chunk: StoredChunk(
                id: id, chunk: chunk, header: "H\n", docID: document,
                document: Document(
                    id: document, path: DocumentPath(folder: "custom-documents", name: "\(document).txt"),
                    contentID: 1, url: "", title: document, author: "", description: "",
                    source: "",
                    chunkSource: "", published: "", wordCount: 1, tokenCount: 1)),
            similarity: 1 - Double(ordinal) / 100)
    }

    private func passages(
        _ hits: [SearchHit], limit: Int = 10, neighbors: [Chunk.ID: [ChunkStore.Neighbor]] = [:]
    ) async throws -> [FoundPassage] {
        try await FoundPassage.passages(of: hits, limit: limit) { _ in neighbors }
    }

    @Test func `neighbouring chunks are one passage, in the place of the better one and in the order of the text`()
        async throws
    {
        let passages = try await passages([Self.hit(3), Self.hit(9), Self.hit(5), Self.hit(4)])
        #expect(passages.map { $0.chunks.map(\.ordinal) } == [[3, 4, 5], [9]])
        let whole = passages[0].chunk
        let units = Array(Self.text.utf16)
        #expect(whole.text == String(decoding: units[whole.range], as: UTF16.self))
        #expect(whole.locator?.numbers == 4...6)
        #expect(passages[0].source.id == Self.hit(3).chunk.wireID)
        #expect(passages[0].source.text == "H\n" + whole.text)
    }

    @Test func `a passage between two joins them`() async throws {
        let passages = try await passages([Self.hit(2), Self.hit(4), Self.hit(8), Self.hit(3)])
        #expect(passages.map { $0.chunks.map(\.ordinal) } == [[2, 3, 4], [8]])
        #expect(passages[0].hits.map(\.chunk.chunk.ordinal) == [2, 3, 4])
    }

    @Test func `what says the same takes one place, and names where else it stands`() async throws {
        let words = "The pump of hall seven is tested every year in May, before the water rises in the river."
        let hits = [
            Self.hit(0, text: words),
            Self.hit(5, document: "copy", text: words.replacing("every year", with: "every  YEAR")),
            Self.hit(7, text: words.replacing("seven", with: "9")), Self.hit(9),
        ]
        let passages = try await passages(hits, limit: 3)
        #expect(passages.count == 3)
        #expect(passages[0].source.copies == ["custom-documents/copy.txt"])
        #expect(passages[1].source.copies.isEmpty)
    }

    @Test func `what a document says again stands behind what another one says that is nearly as near`() async throws {
        let hits = [Self.hit(0), Self.hit(2), Self.hit(4), Self.hit(5, document: "e"), Self.hit(6)]
        let passages = try await passages(hits, limit: 3)
        #expect(passages.map(\.document.docID) == ["d", "d", "e"])
        // What is much nearer stays before it.
        var far = Self.hit(8, document: "e")
        far.similarity = 0.5
        let near = try await self.passages(hits.filter { $0.chunk.docID == "d" } + [far], limit: 5)
        #expect(near.map(\.document.docID) == ["d", "d", "d", "d", "e"])
    }

    @Test func `a passage is widened within its section`() async throws {
        let center = Self.hit(4)
        let around = [3, 5].map { ordinal in
            ChunkStore.Neighbor(
                center: center.chunk.id, id: Chunk.ID(rawValue: Int64(ordinal)),
                chunk: Self.chunk(ordinal, headings: ordinal == 5 ? ["Another"] : []))
        }
        let passages = try await passages([center], neighbors: [center.chunk.id: around])
        #expect(passages.map { $0.chunks.map(\.ordinal) } == [[3, 4]])
    }

    @Test func `texts that differ by a number say different things`() {
        let letter = { (amount: String) in
            TextPrint("Dear Ada, you owe \(amount) crowns for the mooring of last year at the old pier.")
        }
        #expect(!letter("500").saysTheSame(as: letter("600")))
        #expect(letter("500").saysTheSame(as: letter("500")))
        #expect(!TextPrint("a b c").saysTheSame(as: TextPrint("d e f")))
        #expect(TextPrint("").saysTheSame(as: TextPrint("…")))
    }
}
