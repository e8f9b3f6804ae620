import Domain
import Testing

@testable import DocumentParsers

/// Locked, damaged and scanned files.
@Suite struct PDFDamageTests {
    @Test(arguments: ["aes-256-owner.pdf", "rc4-40-owner.pdf"])
    func `a file that anybody may open is read whatever it forbids`(name: String) throws {
        #expect(try Fixture.read("pdf/\(name)") == Fixture.read("pdf/page-labels.pdf"))
    }

    @Test func `a file that asks for a password is encrypted`() {
        #expect(throws: ParseError.encrypted) { try Fixture.read("pdf/aes-256-user.pdf") }
    }

    @Test(arguments: ["wrong-offsets.pdf", "junk-before.pdf"])
    func `what readers repair is read`(name: String) throws {
        let document = try Fixture.read("pdf/\(name)")
        #expect(document.text == (try Fixture.read("pdf/page-labels.pdf").text))
        #expect(document.warnings == [])
    }

    @Test func `a file that was cut short is damaged`() {
        #expect(throws: ParseError.corrupt("it is damaged or not a PDF file")) { try Fixture.read("pdf/cut-short.pdf") }
    }

    @Test func `a page that damage has emptied is named`() throws {
        let document = try Fixture.read("pdf/broken-page.pdf")
        #expect(document.pages.count == 7)
        #expect(document.pages[0] == "")
        #expect(document.pages[1].hasPrefix("Part B of the guide begins here."))
        #expect(document.warnings == ["Page 1 was found without text, and the file is damaged."])
    }

    @Test func `what libraries write where nobody has said anything is no title`() throws {
        let document = try Fixture.read("pdf/page-labels.pdf")
        #expect(document.title == nil && document.author == nil && document.description == nil)
    }

    @Test func `a page that is a picture is read among pages of letters`() throws {
        let document = try Fixture.read("pdf/mixed-pages.pdf")
        #expect(document.pages.count == 3)
        #expect(document.pages[0].hasPrefix("The first page is of letters."))
        for line in [
            "The second page is a picture.", "Its keeper was called Ada Thorn.", "The lamp is 47 metres above the sea.",
        ] { #expect(document.pages[1].contains(line), "\(line)") }
        #expect(document.pages[2].hasPrefix("The third page is of letters again."))
        #expect(document.warnings == [])
    }

    @Test func `a scan with letters below its picture is read once`() throws {
        #expect(
            try Fixture.read("pdf/searchable-scan.pdf").text == """
                The second page is a picture.
                Its keeper was called Ada Thorn.
                The lamp is 47 metres above the sea.
                """)
    }

    @Test func `a picture on its side is read, and so is what was stamped on it`() throws {
        let text = try Fixture.read("pdf/stamped-scan.pdf").text
        for line in [
            "Minutes of the harbour board", "The mooring fees are raised by five per cent.",
            "Archive of the harbour 1903/17",
        ] { #expect(text.contains(line), "\(line)") }
    }

    @Test func `a picture of a few lines is read under a sentence that was stamped on it`() throws {
        let text = try Fixture.read("pdf/stamped-note.pdf").text
        for line in ["The north gate is closed at nine,", "This content was downloaded from 192.0.2.7"] {
            #expect(text.contains(line), "\(line)")
        }
    }

    @Test func `pages that are pictures are counted and those left out are named`() throws {
        var limits = ParseLimits()
        limits.maximumRecognizedPages = 0
        let path = try Fixture.path("pdf/mixed-pages.pdf")
        let document = try DocumentDispatcher().read(path: path, fileName: "a.pdf", limits: limits)[0]
        #expect(document.pages[1] == "")
        #expect(document.warnings == ["Page 2 was not read."])
    }
}
