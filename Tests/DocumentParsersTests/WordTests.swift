import Domain
import Foundation
import Testing

@testable import DocumentParsers

@Suite struct WordTests {
    private func read(_ zip: ZipBuilder, limits: ParseLimits = ParseLimits()) async throws -> ParsedDocument {
        try await Fixture.read(zip.bytes, as: "a.docx", limits: limits)
    }

    private func paragraph(_ text: String, style: String? = nil) -> String {
        let properties = style.map { "<w:pPr><w:pStyle w:val=\"\($0)\"/></w:pPr>" } ?? ""
        return "<w:p>\(properties)<w:r><w:t>\(text)</w:t></w:r></w:p>"
    }

    @Test func `a document of Word keeps headings, lists, tables and insertions`() throws {
        let document = try Fixture.read("manual.docx")
        #expect(
            document.text == """
                Bridge Manual

                Opening

                The bridge opens at six each morning.\tSound the horn first. Inserted words.

                Crew

                - Watch the river
                - Lower the gates

                Vessel | Height
                Tug | 9 m
                Barge | 4 m

                The end.
                """)
        #expect(document.headings.map(\.level) == [1, 1, 2])
        #expect(document.linesAtHeadings == ["Bridge Manual", "Opening", "Crew"])
        #expect(document.title == "Bridge Manual")
        #expect(document.author == "M. Ito")
        #expect(document.description == "How the bridge is kept")
        #expect(document.publishedMilliseconds == 1_614_834_367_000)
    }

    @Test func `a text box is read once, after its paragraph`() async throws {
        let box = "<w:txbxContent>\(paragraph("In the box"))</w:txbxContent>"
        let document = try await read(
            wordFile(
                body: """
                    <w:p><w:r><w:t>Before</w:t></w:r><w:r><mc:AlternateContent>
                    <mc:Choice Requires="wps"><wps:txbx>\(box)</wps:txbx></mc:Choice>
                    <mc:Fallback><v:textbox>\(box)</v:textbox></mc:Fallback>
                    </mc:AlternateContent></w:r><w:r><w:t xml:space="preserve"> and after</w:t></w:r></w:p>
                    """))
        #expect(document.text == "Before and after\n\nIn the box")
    }

    @Test func `headings are found through the styles that theirs are based on`() async throws {
        let styles = """
            <w:style w:styleId="Ueberschrift"><w:name w:val="heading 2"/></w:style>
            <w:style w:styleId="Own"><w:name w:val="House"/><w:basedOn w:val="Ueberschrift"/></w:style>
            <w:style w:styleId="Outlined"><w:name w:val="Any"/><w:pPr><w:outlineLvl w:val="3"/></w:pPr></w:style>
            <w:style w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>
            <w:style w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>
            """
        let document = try await read(
            wordFile(
                body: paragraph("Two 😀", style: "Own") + paragraph("Four", style: "Outlined")
                    + paragraph("Text", style: "Loop") + paragraph("Two 😀 ... 7", style: "Verzeichnis1"),
                styles: styles))
        #expect(document.headings.map(\.level) == [2, 4])
        #expect(document.linesAtHeadings == ["Two 😀", "Four"])
        #expect(document.text == "Two 😀\n\nFour\n\nText")
    }

    @Test func `footnotes stand at the end under the number of their mark`() async throws {
        let document = try await read(
            wordFile(
                body: """
                    <w:p><w:r><w:t>Claim</w:t></w:r><w:r><w:footnoteReference w:id="7"/></w:r><w:r><w:t>.</w:t></w:r></w:p>
                    """,
                footnotes: """
                    <w:footnote w:type="separator" w:id="0">\(paragraph("SEPARATOR"))</w:footnote>
                    <w:footnote w:id="7"><w:p><w:r><w:t>Source.</w:t></w:r></w:p></w:footnote>
                    """))
        #expect(document.text == "Claim[^1].\n\n[^1]: Source.")
    }

    @Test func `deleted rows and codes of fields are left out, a nested table is part of its cell`() async throws {
        let row = { (cells: String) in "<w:tr>\(cells)</w:tr>" }
        let cell = { (content: String) in "<w:tc>\(content)</w:tc>" }
        let nested = "<w:tbl>" + row(cell(paragraph("x")) + cell(paragraph("y"))) + "</w:tbl>"
        let document = try await read(
            wordFile(
                body: "<w:tbl>" + row("<w:trPr><w:del w:id=\"1\"/></w:trPr>" + cell(paragraph("GONE")))
                    + row(cell(paragraph("a") + paragraph("b")) + cell(nested + paragraph(""))) + "</w:tbl>"
                    + "<w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr>"
                    + "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>Page</w:t><w:tab/><w:t>5</w:t></w:r></w:p>"))
        #expect(document.text == "a b | x | y\n\nPage\t5")
    }

    @Test func `entry names mean nothing outside the archive`() async throws {
        let zip = wordFile(body: paragraph("Safe"))
            .adding("../../lectern-evil", "x").adding("/tmp/lectern-evil", "x")
            .adding("word/styles.xml", .link(target: "/etc/passwd"))
        #expect(try await read(zip).text == "Safe")
        #expect(!FileManager.default.fileExists(atPath: "/tmp/lectern-evil"))
    }

    @Test func `what unpacks to more than the limit is refused, wherever it is in the archive`() async throws {
        var limits = ParseLimits()
        limits.maximumExpandedBytes = 4 << 20
        let zeros = [UInt8](repeating: 0x20, count: 5 << 20)
        let inDocument = ZipBuilder().adding("word/document.xml", .file(zeros))
        let beside = wordFile(body: paragraph("x")).adding("word/media/image.png", .file(zeros))
        for zip in [inDocument, beside] {
            #expect(zip.bytes.count < 100_000)
            await #expect(throws: ParseError.tooLarge("it unpacks to more than 4 MiB")) {
                try await read(zip, limits: limits)
            }
        }
    }

    @Test func `entities are not expanded`() async throws {
        let bomb = """
            <!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>
            <w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>
            <w:t>&b;&c;</w:t></w:r></w:p></w:body></w:document>
            """
        await #expect(throws: ParseError.corrupt("its XML declares a document type, which such files must not")) {
            try await read(ZipBuilder().adding("word/document.xml", bomb))
        }
    }

    @Test func `damage and emptiness are told apart`() async throws {
        await #expect(throws: ParseError.empty) { try await read(wordFile(body: "<w:p/>")) }
        await #expect(throws: ParseError.corrupt("it holds no Word document")) {
            try await read(ZipBuilder().adding("word/other.xml", "<x/>"))
        }
        await #expect(throws: ParseError.corrupt("its XML is damaged")) {
            try await read(ZipBuilder().adding("word/document.xml", "<w:document"))
        }
        let whole = wordFile(body: paragraph("Some text")).bytes
        await #expect(throws: ParseError.corrupt("its archive is damaged")) {
            try await Fixture.read(Array(whole.prefix(40)), as: "a.docx")
        }
    }
}
