import Domain
import Foundation
import Testing

@testable import DocumentParsers

@Suite struct SpreadsheetTests {
    private func read(_ zip: ZipBuilder, limits: ParseLimits = ParseLimits()) async throws -> [ParsedDocument] {
        try await Fixture.readAll(zip.bytes, as: "a.xlsx", limits: limits)
    }

    private func sheet(_ rows: String) async throws -> ParsedDocument {
        try #require(try await read(workbookFile([TestSheet(name: "S", rows: rows)])).first)
    }

    private func row(_ number: Int, _ words: [String]) -> String {
        "<row r=\"\(number)\">\(words.map { "<c t=\"inlineStr\"><is><t>\($0)</t></is></c>" }.joined())</row>"
    }

    @Test func `a workbook gives a document for each sheet, in its order`() throws {
        let documents = try Fixture.readAll("orders.xlsx")
        #expect(documents.map(\.member) == [.sheet("Orders 2024"), .sheet("Notes"), .sheet("Hidden")])
        #expect(
            documents[0].text == #"""
                Orders of the harbour

                Item,Date,Price,Share,Paid
                "Rope, 20 m",2024-03-05,12.50 €,12.5%,TRUE
                "Lamp ""Alder""",2024-03-06T14:30:00,1250.00 €,33%,FALSE
                Sum,,1262.50 €
                """#)
        #expect(documents[0].divisions == Divisions(.row, firstNumber: 1, starts: [0, 0, 0, 50, 93, 150]))
        #expect(documents[0].columnNames == "Orders of the harbour\n\nItem,Date,Price,Share,Paid")
        #expect(documents[0].headings == [.init(offset: 0, level: 1, title: "Orders 2024")])
        #expect(documents[0].author == "M. Ito")
        #expect(documents[1].text == "One word\n\"a\nb\"")
        #expect(documents[2].divisions?.firstNumber == 3)
    }

    @Test func `strings are put together from their runs, without how they are pronounced`() async throws {
        let strings = """
            <si><r><t>Har</t></r><r><rPr><b/></rPr><t>bour</t></r></si><si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>
            <si><t>a_x000D__x000A_b_x005F_c</t></si>
            """
        let rows = """
            <row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c r="D2" t="s"><v>99</v></c></row>
            <row r="3"><c r="B3" t="s"><v>2</v></c><c r="A3" t="str"><f>1+1</f><v>two</v></c><c r="C3" t="e"><v>#DIV/0!</v></c></row>
            """
        let document = try #require(
            try await read(workbookFile([TestSheet(name: "S", rows: rows)], strings: strings)).first)
        #expect(document.text == "Harbour,,東京\ntwo,\"a\nb_c\",#DIV/0!")
        #expect(document.divisions == Divisions(.row, firstNumber: 2, starts: [0, 12]))
    }

    @Test func `raised numbers stay apart from what they belong to`() async throws {
        let run = { (text: String, position: String) in
            "<r><rPr><vertAlign val=\"\(position)\"/></rPr><t xml:space=\"preserve\">\(text)</t></r>"
        }
        let strings = [
            "<r><t>10</t></r>" + run("3", "superscript") + "<r><t> kg</t></r>",
            "<r><t>H</t></r>" + run("2", "subscript") + "<r><t>O</t></r>", "<r><t>1</t></r>" + run("st", "superscript"),
            run("2", "superscript") + "<r><t> see below</t></r>", "<r><t>東京 m</t></r>" + run("−2", "superscript"),
        ].map { "<si>\($0)</si>" }.joined()
        let cells = (0..<5).map { "<c t=\"s\"><v>\($0)</v></c>" }.joined()
        let inline = "<c t=\"inlineStr\"><is><r><t>x</t></r>\(run("2", "superscript"))</is></c>"
        let rows = "<row r=\"1\">\(cells)</row><row r=\"2\">\(inline)</row>"
        let document = try #require(
            try await read(workbookFile([TestSheet(name: "S", rows: rows)], strings: strings)).first)
        #expect(document.text == "10^3 kg,H2O,1st,2 see below,東京 m^−2\nx^2")
    }

    @Test func `rows keep their numbers over blank ones`() async throws {
        let document = try await sheet(row(3, ["a"]) + row(4, []) + row(5, [""]) + row(7, ["b"]) + row(8, ["c"]))
        #expect(document.text == "a\n\nb\nc")
        #expect(document.divisions == Divisions(.row, firstNumber: 3, starts: [0, 2, 3, 3, 3, 5]))
    }

    @Test func `numbers of rows and cells may be left out`() async throws {
        let document = try await sheet("<row><c><v>1</v></c><c r=\"C1\"><v>2</v></c></row><row><c><v>3</v></c></row>")
        #expect(document.text == "1,,2\n3")
    }

    @Test func `styles of cells tell dates from numbers, in either count of days`() async throws {
        let styles = """
            <numFmts><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/></numFmts>
            <cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs>
            """
        let rows = "<row r=\"1\"><c s=\"0\"><v>100</v></c><c s=\"1\"><v>100</v></c><c s=\"2\"><v>100</v></c></row>"
        for (properties, date) in [("", "1900-04-09"), ("date1904=\"1\"", "1904-04-10")] {
            let file = workbookFile([TestSheet(name: "S", rows: rows)], styles: styles, properties: properties)
            #expect(try await read(file).map(\.text) == ["100,\(date),\(date)"])
        }
    }

    @Test func `the first row names the columns where it can`() async throws {
        let data = row(2, ["Tug"]).replacing("</row>", with: "<c><v>9</v></c></row>")
        #expect(try await sheet(row(1, ["Vessel", "Height"]) + data).columnNames == "Vessel,Height")
        // Years name columns where there are numbers under them.
        let years = "<row r=\"1\"><c t=\"str\"><v>Item</v></c><c><v>2023</v></c></row>"
        #expect(try await sheet(years + data).columnNames == "Item,2023")
        #expect(try await sheet(data + data).columnNames == nil)
        #expect(try await sheet(row(1, ["A word"]) + row(2, ["Another"])).columnNames == nil)
        let long = String(repeating: "x", count: 99)
        #expect(try await sheet(row(1, Array(repeating: long, count: 9)) + data).columnNames == nil)
    }

    @Test func `a cell far from the others says its column`() async throws {
        let near = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>x</v></c><c r=\"D1\"><v>4</v></c></row>"
        let far = "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>y</v></c><c r=\"XFD2\"><v>5</v></c></row>"
        #expect(try await sheet(near + far).text == "x,,,4\ny,XFD: 5")
    }

    @Test func `a filter says which row names the columns`() async throws {
        let rows = row(1, ["Printed by", "Ada"]) + row(2, ["Vessel", "Height"]) + row(3, ["Tug", "9 m"])
        let documents = try await read(
            workbookFile([TestSheet(name: "S", rows: rows, tail: "<autoFilter ref=\"A2:B3\"/>")]))
        #expect(documents.first?.columnNames == "Printed by,Ada\nVessel,Height")
    }

    @Test func `empty sheets are left out, and a workbook of such is empty`() async throws {
        let empty = TestSheet(name: "Empty", rows: "<row r=\"1\"><c/></row>")
        let full = TestSheet(name: "Full", rows: row(1, ["x"]), state: "state=\"veryHidden\"")
        #expect(try await read(workbookFile([empty, full])).map(\.member) == [.sheet("Full")])
        await #expect(throws: ParseError.empty) { try await read(workbookFile([empty])) }
    }

    @Test func `a damaged sheet does not spoil the others`() async throws {
        let damaged = TestSheet(name: "Bad", rows: "<row>")
        let documents = try await read(workbookFile([damaged, TestSheet(name: "Good", rows: row(1, ["x"]))]))
        #expect(documents.map(\.text) == ["x"])
        #expect(documents.first?.warnings == ["The sheet Bad could not be read: its XML is damaged."])
        await #expect(throws: ParseError.corrupt("its XML is damaged")) { try await read(workbookFile([damaged])) }
    }

    @Test func `what is no workbook of this kind is refused`() async throws {
        let rels =
            "<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" Target=\"xl/workbook.bin\"/></Relationships>"
        let binary = ZipBuilder().adding("_rels/.rels", rels).adding("xl/workbook.bin", "x")
        await #expect(
            throws: ParseError.corrupt("it is a binary workbook (XLSB), which is not supported; save it as XLSX")
        ) { try await Fixture.read(binary.bytes, as: "a.xlsb") }
        await #expect(throws: ParseError.corrupt("it holds no workbook")) {
            try await read(ZipBuilder().adding("xl/other.xml", "<x/>"))
        }
        #expect(throws: ParseError.encrypted) { try Fixture.read("encrypted.docx", as: "a.xlsx") }
    }

    @Test func `a formula stands for a value that nobody has reckoned`() async throws {
        let document = try await sheet(
            "<row><c><f>SUM(D2:E2)</f><v></v></c><c><f>1+1</f><v>2</v></c><c t=\"str\"><f>A1</f><v></v></c></row>")
        #expect(document.text == "=SUM(D2:E2),2")
    }

    // MARK: Attacks (A7, A46)

    @Test func `entries that lead out of the archive mean nothing`() async throws {
        let zip = workbookFile([TestSheet(name: "S", rows: row(1, ["safe"]))])
            .adding("../../lectern-evil", "x").adding("xl/worksheets/sheet9.xml", .link(target: "/etc/passwd"))
        #expect(try await read(zip).map(\.text) == ["safe"])
        #expect(!FileManager.default.fileExists(atPath: "/tmp/lectern-evil"))
    }

    @Test func `a sheet of many rows in a distant column is refused by its text`() async throws {
        var limits = ParseLimits()
        limits.maximumTextBytes = 1 << 20
        let rows = (1...6000).map { "<row r=\"\($0)\"><c r=\"GR\($0)\"><v>1</v></c></row>" }.joined()
        await #expect(throws: ParseError.tooLarge("it has more than 1 MiB of text")) {
            try await read(workbookFile([TestSheet(name: "S", rows: rows)]), limits: limits)
        }
    }

    @Test func `a long text that many cells refer to is refused by what it would become`() async throws {
        var limits = ParseLimits()
        limits.maximumTextBytes = 1 << 20
        let rows = (1...20).map { _ in "<row>" + String(repeating: "<c t=\"s\"><v>0</v></c>", count: 10) + "</row>" }
        let strings = "<si><t>\(String(repeating: "x", count: 32_000))</t></si>"
        await #expect(throws: ParseError.tooLarge("it has more than 1 MiB of text")) {
            try await read(workbookFile([TestSheet(name: "S", rows: rows.joined())], strings: strings), limits: limits)
        }
    }

    @Test func `blank rows are counted over all sheets`() async throws {
        let far = TestSheet(name: "S", rows: row(1, ["a"]) + row(1_048_576, ["b"]))
        let documents = try await read(workbookFile([far]))
        #expect(documents.first?.divisions?.starts.count == 1_048_576)
        #expect(documents.first?.text == "a\n\nb")
        await #expect(throws: ParseError.tooLarge("it has millions of blank rows")) {
            try await read(workbookFile(Array(repeating: far, count: 3)))
        }
    }

    @Test func `places beyond a sheet's are passed over`() async throws {
        let document = try await sheet(
            """
            <row r="99999999999999999999"><c r="ZZZZZZZZ1"><v>1</v></c><c r="XFE1"><v>2</v></c></row>
            <row r="-5"><c r="A"><v>3</v></c><c r="A9"><v>4</v></c></row>
            """)
        #expect(document.text == "1,2\n3")
    }

    @Test func `entities are not expanded`() async throws {
        let zip = workbookFile([]).adding(
            "xl/worksheets/sheet1.xml", "<!DOCTYPE x [<!ENTITY a \"aaa\">]><worksheet><sheetData/></worksheet>")
        await #expect(throws: ParseError.empty) { try await read(zip) }
        let strings = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
        await #expect(throws: ParseError.corrupt("its XML is damaged")) {
            try await read(workbookFile([TestSheet(name: "S", rows: row(1, ["x"]))], strings: strings))
        }
    }
}
