import Domain
import Testing

@testable import DocumentParsers

@Suite struct PDFTests {
    @Test(arguments: ["pages.pdf", "owner-password.pdf"])
    func `pages keep their places, also where one is blank`(name: String) throws {
        let document = try Fixture.read(name)
        #expect(
            document.pages == [
                """
                The Lighthouse of Alder Point

                The lighthouse was built in 1871 on a granite ledge.
                Its lamp burned rape-seed oil, and later paraffin,
                until the harbour was wired in 1926.

                """, "",
                """
                Keepers

                Three keepers lived there with their families;
                the last one, Ada Thorn, left in 1962. Été, naïve.
                """,
            ])
        #expect(document.title == "Alder Point")
        #expect(document.author == "Harbour Board")
        #expect(document.description == "A short history")
        #expect(document.publishedMilliseconds == 946_684_800_000)
    }

    @Test(arguments: [
        ("user-password.pdf", ParseError.encrypted), ("blank.pdf", .empty),
        ("truncated.pdf", .corrupt("it is damaged or not a PDF file")),
    ])
    func `what gives no text says why`(name: String, error: ParseError) {
        #expect(throws: error) { try Fixture.read(name) }
    }

    @Test func `a header without a document is corrupt`() async throws {
        await #expect(throws: ParseError.corrupt("it is damaged or not a PDF file")) {
            try await Fixture.read(Array("%PDF-1.7\nnothing else".utf8), as: "a.pdf")
        }
    }

    /// Each table of cross-references names the same table as the one before it.
    @Test func `cross-references in a loop end`() async throws {
        let table = """
            %PDF-1.4
            xref
            0 1
            0000000000 65535 f\r
            trailer
            <</Size 1 /Root 1 0 R /Prev 9>>
            startxref
            9
            %%EOF
            """
        await #expect(throws: ParseError.corrupt("it is damaged or not a PDF file")) {
            try await Fixture.read(Array(table.utf8), as: "a.pdf")
        }
    }

    /// A tree of pages where each of ten levels names the next ten times would have ten thousand million pages.
    @Test func `a tree of pages that multiplies is bounded`() async throws {
        var objects = ["<</Type /Catalog /Pages 2 0 R>>"]
        for level in 2...11 {
            let kids = String(repeating: "\(level + 1) 0 R ", count: 10)
            objects.append("<</Type /Pages /Count 10000000000 /Kids [\(kids)]>>")
        }
        objects.append("<</Type /Page /MediaBox [0 0 9 9]>>")
        let body = objects.enumerated().map { "\($0.offset + 1) 0 obj\n\($0.element)\nendobj\n" }.joined()
        var limits = ParseLimits()
        limits.maximumSeconds = 1
        await #expect(throws: ParseError.self) {
            try await Fixture.read(
                Array("%PDF-1.4\n\(body)trailer\n<</Root 1 0 R /Size 13>>\n%%EOF".utf8), as: "a.pdf", limits: limits)
        }
    }

    @Test func `text over the limit is refused`() async throws {
        var limits = ParseLimits()
        limits.maximumTextBytes = 100
        #expect(throws: ParseError.tooLarge("it has more than 0 MiB of text")) {
            try DocumentDispatcher().read(path: Fixture.path("pages.pdf"), fileName: "a.pdf", limits: limits)
        }
    }

    @Test func `pages are joined with their starts in UTF-16 units`() {
        let document = DocumentComposer.document([
            PageText(number: 1, lines: [TextRow(text: "a 😀")]), PageText(number: 2),
            PageText(number: 3, lines: [TextRow(text: "b")]), PageText(number: 4),
        ])
        #expect(document.text == "a 😀\nb")
        #expect(document.divisions?.starts == [0, 5, 5, 6])
    }
}
