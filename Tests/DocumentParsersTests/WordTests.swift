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

    @Test func `files that it imports stand where they are named`() async throws {
        let html = "<html><body><h1>Annex</h1><p>The gate is <b>green</b>.</p><ul><li>one</li></ul></body></html>"
        let file = wordFile(
            body: """
                \(paragraph("Before"))<w:altChunk r:id="a1"/><w:altChunk r:id="a2"/><w:altChunk r:id="a3"/>\(paragraph("After"))
                """
        )
        .adding("word/annex.htm", html).adding("word/plain.txt", "Plain\n\nwords").adding(
            "word/picture.bin", "\u{0}\u{1}"
        )
        .adding(
            "word/_rels/document.xml.rels",
            relationships([
                ("a1", "aFChunk", "annex.htm"), ("a2", "aFChunk", "/word/plain.txt"), ("a3", "aFChunk", "picture.bin"),
            ]))
        let document = try await read(file)
        #expect(document.text == "Before\n\nAnnex\n\nThe gate is green.\n\n- one\n\nPlain\n\nwords\n\nAfter")
        #expect(document.headings.map(\.title) == ["Annex"])
        #expect(document.warnings.count == 1 && document.warnings[0].contains("picture.bin"))
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
        #expect(document.text == "a b | x \\| y\n\nPage\t5")
    }

    // MARK: Tracked changes

    private func changed(_ text: String, mark: String) -> String {
        "<w:p><w:pPr><w:rPr><w:\(mark) w:id=\"1\" w:author=\"A\"/></w:rPr></w:pPr><w:r><w:t xml:space=\"preserve\">\(text)</w:t></w:r></w:p>"
    }

    @Test(arguments: ["del", "moveFrom"])
    func `paragraphs whose mark is deleted or moved away go on in the next one`(mark: String) async throws {
        let body =
            changed("over", mark: mark) + changed("head", mark: mark) + paragraph("line kit", style: "Heading1")
            + changed("kept", mark: "ins") + paragraph("End")
        let document = try await read(wordFile(body: body))
        #expect(document.text == "overheadline kit\n\nkept\n\nEnd")
        #expect(document.headings.map(\.title) == ["overheadline kit"])
    }

    @Test func `a deleted mark before a table or at an end does not lose its paragraph`() async throws {
        let cell = "<w:tc>\(paragraph("a"))\(changed("b", mark: "del"))</w:tc>"
        let body =
            changed("before", mark: "del") + "<w:tbl><w:tr>\(cell)\(cell)</w:tr></w:tbl>"
            + changed("last", mark: "del")
        #expect(try await read(wordFile(body: body)).text == "before\n\na b | a b\n\nlast")
    }

    @Test func `deleted rows and cells are gone, those around them stay`() async throws {
        let cell = { (text: String) in "<w:tc>\(self.paragraph(text))</w:tc>" }
        let gone = "<w:tc><w:tcPr><w:cellDel w:id=\"1\"/></w:tcPr>\(paragraph("GONE"))</w:tc>"
        let body =
            "<w:tbl><w:tr>\(cell("a") + cell("b"))</w:tr><w:tr><w:trPr><w:del w:id=\"1\"/></w:trPr>\(cell("GONE"))</w:tr>"
            + "<w:tr>\(cell("c") + gone + cell("d"))</w:tr></w:tbl>"
        #expect(try await read(wordFile(body: body)).text == "a | b\nc | d")
    }

    // MARK: Characters

    @Test(arguments: [
        ("Symbol", "F06D", "μ"), ("Symbol", "006D", "μ"), ("symbol", "F0B0", "°"), ("Symbol", "F0B3", "≥"),
        ("Wingdings", "F0FC", "✓"), ("Wingdings", "FB", "🗶"), ("Wingdings", "F0E0", "🡪"), ("Wingdings 2", "F052", "☑"),
        ("Wingdings 3", "F075", "▶"), ("Webdings", "F0FF", "🕊"), ("Wingdings", "F0FF", "\u{FFFD}"),
        ("Nobody's Font", "F041", "\u{FFFD}"), ("MS Gothic", "2612", "☒"), ("Symbol", "zz", "\u{FFFD}"),
    ])
    func `symbols are the characters that they show`(font: String, code: String, shown: String) async throws {
        let body = "<w:p><w:r><w:t>a</w:t><w:sym w:font=\"\(font)\" w:char=\"\(code)\"/><w:t>b</w:t></w:r></w:p>"
        #expect(try await read(wordFile(body: body)).text == "a\(shown)b")
    }

    @Test func `text that is set in a font of symbols is what it shows`() async throws {
        let run = { (font: String, text: String) in
            "<w:r><w:rPr><w:rFonts w:ascii=\"\(font)\" w:hAnsi=\"\(font)\"/></w:rPr><w:t>\(text)</w:t></w:r>"
        }
        let body = "<w:p>\(run("Symbol", "m\u{F06D}"))\(run("Arial", "m"))<w:r><w:t>m</w:t></w:r></w:p>"
        #expect(try await read(wordFile(body: body)).text == "μμmm")
    }

    @Test func `elements that stand for characters are those characters`() async throws {
        let body =
            "<w:p><w:r><w:t>2</w:t><w:noBreakHyphen/><w:t>16</w:t><w:ptab/><w:t>Immo</w:t><w:softHyphen/><w:t>bilien</w:t>"
            + "<w:cr/><w:t>x</w:t></w:r></w:p>"
        #expect(try await read(wordFile(body: body)).text == "2-16\tImmobilien\nx")
    }

    // MARK: Lists and tables

    @Test func `numbers of lists and headings are those that Word shows`() async throws {
        let level = { (index: Int, format: String, text: String, more: String) in
            "<w:lvl w:ilvl=\"\(index)\"><w:start w:val=\"1\"/><w:numFmt w:val=\"\(format)\"/><w:lvlText w:val=\"\(text)\"/>\(more)</w:lvl>"
        }
        let numbering =
            "<w:abstractNum w:abstractNumId=\"0\">"
            + level(0, "decimal", "%1.", "<w:pStyle w:val=\"Heading1\"/>") + level(1, "lowerLetter", "%1.%2)", "")
            + level(2, "upperRoman", "%3", "") + level(3, "bullet", "o", "") + "</w:abstractNum>"
            + "<w:num w:numId=\"5\"><w:abstractNumId w:val=\"0\"/></w:num><w:num w:numId=\"6\"><w:abstractNumId w:val=\"0\"/>"
            + "<w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"7\"/></w:lvlOverride></w:num>"
        let item = { (list: Int, level: Int, text: String) in
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"\(level)\"/><w:numId w:val=\"\(list)\"/></w:numPr></w:pPr><w:r><w:t>\(text)</w:t></w:r></w:p>"
        }
        let styles =
            "<w:style w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/><w:pPr><w:numPr><w:numId w:val=\"5\"/></w:numPr></w:pPr></w:style>"
        let body =
            paragraph("Scope", style: "Heading1") + item(5, 1, "first") + item(5, 1, "second") + item(5, 2, "deep")
            + item(5, 3, "dot") + paragraph("Terms", style: "Heading1") + item(5, 1, "again") + item(6, 0, "seven")
            + item(0, 0, "none")
        let document = try await read(wordFile(body: body, styles: styles, numbering: numbering))
        #expect(
            document.text == """
                1. Scope

                  1.a) first
                  1.b) second
                    I deep
                      - dot

                2. Terms

                  2.a) again
                7. seven

                none
                """)
        #expect(document.headings.map(\.title) == ["1. Scope", "2. Terms"])
    }

    @Test(arguments: [
        (4, "lowerRoman", "iv"), (1994, "upperRoman", "MCMXCIV"), (28, "upperLetter", "BB"), (0, "lowerLetter", "0"),
        (7, "decimalZero", "07"), (-3, "upperRoman", "-3"), (5000, "lowerRoman", "5000"),
    ])
    func `numbers of lists are written in their format`(number: Int, format: String, shown: String) {
        #expect(ListNumber.text(number, format: format) == shown)
    }

    @Test func `a table of one column is a frame, and content controls are no matter`() async throws {
        let frame =
            "<w:tbl><w:tr><w:tc><w:sdt><w:sdtPr><w:alias w:val=\"Name\"/></w:sdtPr><w:sdtContent>"
            + paragraph("In it", style: "Heading1") + "</w:sdtContent></w:sdt>" + paragraph("Text")
            + "</w:tc></w:tr></w:tbl>"
        let document = try await read(wordFile(body: frame))
        #expect(document.text == "In it\n\nText")
        #expect(document.linesAtHeadings == ["In it"])
    }

    @Test func `formulas are written on a line`() async throws {
        let t = { (text: String) in "<m:r><m:t>\(text)</m:t></m:r>" }
        let formula =
            "<m:oMath>\(t("y="))<m:f><m:num>\(t("a+b"))</m:num><m:den>\(t("2"))</m:den></m:f>\(t("+"))"
            + "<m:sSup><m:e>\(t("x"))</m:e><m:sup>\(t("2"))</m:sup></m:sSup>\(t("+"))"
            + "<m:rad><m:radPr><m:degHide m:val=\"1\"/></m:radPr><m:deg/><m:e>\(t("z"))</m:e></m:rad>"
            + "<m:nary><m:naryPr><m:chr m:val=\"∑\"/></m:naryPr><m:sub>\(t("i=1"))</m:sub><m:sup>\(t("n"))</m:sup><m:e>\(t("i"))</m:e></m:nary></m:oMath>"
        let body = "<w:p><w:r><w:t xml:space=\"preserve\">So </w:t></w:r>\(formula)<w:r><w:t>.</w:t></w:r></w:p>"
        #expect(try await read(wordFile(body: body)).text == "So y=(a+b)/2+x^2+√(z)∑_(i=1)^n i.")
    }

    @Test func `templates and documents with macros are read as documents`() async throws {
        for name in ["a.docm", "a.dotx", "a.dotm"] {
            #expect(try await Fixture.read(wordFile(body: paragraph("Text")).bytes, as: name).text == "Text")
        }
    }

    @Test func `numbers that are raised are not read as digits of what they stand behind`() async throws {
        let run = { (text: String, position: String) in
            "<w:r><w:rPr><w:vertAlign w:val=\"\(position)\"/></w:rPr><w:t>\(text)</w:t></w:r>"
        }
        let body =
            "<w:p>\(run("10", "baseline"))\(run("3", "superscript"))\(run(" CO", ""))\(run("2", "subscript"))\(run(" 1", ""))\(run("st", "superscript"))</w:p>"
        #expect(try await read(wordFile(body: body)).text == "10^3 CO2 1st")
    }

    @Test func `cells stand in their columns beside those that take several, and keep their bars`() async throws {
        let row = { (cells: String) in "<w:tr>\(cells)</w:tr>" }
        let cell = { (text: String, span: Int) in
            "<w:tc><w:tcPr><w:gridSpan w:val=\"\(span)\"/></w:tcPr>\(paragraph(text))</w:tc>"
        }
        let table =
            row(cell("Size", 2) + cell("Price", 1)) + row(cell("w", 1) + cell("h|d", 1) + cell("p", 1))
            + row(cell("note", 3))
        let text = try await read(wordFile(body: "<w:tbl>\(table)</w:tbl>")).text
        #expect(text == "Size |  | Price\nw | h\\|d | p\nnote")
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
