import Domain
import Testing

@testable import DocumentParsers

@Suite struct CSVTests {
    private func read(_ text: String, as name: String = "a.csv") async throws -> ParsedDocument {
        try await Fixture.read(Array(text.utf8), as: name)
    }

    @Test func `line breaks, delimiters and doubled marks within quotation marks end nothing`() async throws {
        let document = try await read("id,note\r\n1,\"first\r\nsecond, \"\"third\"\"\"\r\n2,plain\r\n")
        #expect(document.pages == ["id,note\n", "1,\"first\nsecond, \"\"third\"\"\"\n", "2,plain\n"])
        #expect(document.divisions?.unit == .row)
        #expect(document.columnNames == "id,note")
    }

    @Test(arguments: [
        ("Name;Preis\nRohr;1,50\nHahn;2,75\n", UInt8(ascii: ";")), ("a\tb\n1\t2\n", UInt8(ascii: "\t")),
        ("name|size\npump, big|3\nvalve, small|4\n", UInt8(ascii: "|")), ("a,b\n1,2\n", UInt8(ascii: ",")),
        ("just one column\nand another; line\n", UInt8(ascii: ",")), ("1,5;2,5\n3,5;4,5\n", UInt8(ascii: ";")),
    ])
    func `the delimiter is the one that gives all rows as many cells`(text: String, delimiter: UInt8) {
        var text = text
        #expect(text.withUTF8 { CSVDialect.delimiter(of: $0, prefersTab: false) } == delimiter)
    }

    @Test func `the line that tells Excel the delimiter is no row`() async throws {
        let document = try await read("\u{FEFF}sep=;\r\nname;note\r\n\"a;b\";\"x\ny\"\r\n")
        #expect(document.pages == ["name;note\n", "\"a;b\";\"x\ny\"\n"])
        #expect(document.columnNames == "name;note")
    }

    @Test(
        arguments: [
            ("1,佐藤\n2,鈴木\n", nil), ("id,name\n1,佐藤\n", "id,name"), (",name\n0,a\n", ",name"), ("a,a\n1,2\n", nil),
            ("Köln,3\nBonn,4\n", nil), ("name\n", nil), ("Name,E-Mail\nMira,m@x.org\n", "Name,E-Mail"),
            ("Mira,m@x.org\nJo,j@x.org\n", nil), ("\"a, b\",c\n1,2\n", "\"a, b\",c"),
            ("Name,2023,2024\nAnn,5,6\nBob,7,8\n", "Name,2023,2024"),
            ("Report 2024,,\n,,\nName,Qty,Where\nAnn,5,x\nBob,7,y\n", "Report 2024,,\n,,\nName,Qty,Where"),
            ("Name,Qty,,Dbl\nAnn,5,x,6\n", "Name,Qty,,Dbl"),
        ] as [(String, String?)])
    func `a first row that names the columns is told from one of values`(text: String, names: String?) async throws {
        #expect(try await read(text).columnNames == names)
    }

    @Test func `a mark that nothing closes is a letter`() async throws {
        let document = try await read("size,name\n\"5 inch,pipe\n6 inch,\"tube\n7,x\n")
        #expect(document.pages == ["size,name\n", "\"5 inch,pipe\n", "6 inch,\"tube\n", "7,x\n"])
    }

    @Test func `rows without end are told apart only so far`() async throws {
        let document = try await read(String(repeating: "\n", count: CSVParser.maximumRows + 10) + "x")
        #expect(document.divisions?.starts.count == CSVParser.maximumRows)
    }

    @Test func `tables under other names, and in two bytes a character, are read as tables`() async throws {
        #expect(try await read("a\tb\n1\t\"x\ny\"\n", as: "a.tsv").pages == ["a\tb\n", "1\t\"x\ny\"\n"])
        let wide = try encoded("größe\tort\n1\tKöln\n", as: "UTF-16")
        #expect(try await Fixture.read(wide, as: "a.tsv").columnNames == "größe\tort")
    }

    @Test func `a quotation that is never closed is searched once`() async throws {
        // Each of a million fields opens one: linear work, or this would not end.
        let text = String(repeating: "\"x,", count: 1_000_000)
        #expect(try await read(text).text.utf8.count == 3_000_000)
    }
}
