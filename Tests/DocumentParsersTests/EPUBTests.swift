import Domain
import Foundation
import Testing

@testable import DocumentParsers

@Suite struct EPUBTests {
    private func page(_ body: String) -> String {
        "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>t</title></head><body>\(body)</body></html>"
    }

    /// A book of EPUB 2 with an NCX file that names some of its pages.
    private func book(
        pages: [(name: String, body: String)], contents: [(title: String, target: String)] = [],
        spine: String? = nil, container: String = "OEBPS/book.opf"
    ) -> ZipBuilder {
        let items = pages.map { page in
            "<item id=\"\(page.name)\" href=\"\(page.name).xhtml\" media-type=\"application/xhtml+xml\"/>"
        }.joined()
        let points = contents.map { entry in
            "<navPoint><navLabel><text>\(entry.title)</text></navLabel><content src=\"\(entry.target)\"/></navPoint>"
        }.joined()
        let order = spine ?? pages.map { "<itemref idref=\"\($0.name)\"/>" }.joined()
        var zip = ZipBuilder()
            .adding("mimetype", "application/epub+zip")
            .adding(
                "META-INF/container.xml",
                "<container><rootfiles><rootfile full-path=\"\(container)\"/></rootfiles></container>"
            )
            .adding(
                "OEBPS/book.opf",
                """
                <!DOCTYPE package PUBLIC "x" "http://example.org/x.dtd">
                <package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>The Book</dc:title>
                <dc:creator>Ada Thorn</dc:creator><dc:creator>M. Ito</dc:creator>
                <dc:description>&lt;p&gt;About &lt;b&gt;it&lt;/b&gt;&lt;/p&gt;</dc:description><dc:date>2021-03-04</dc:date>
                </metadata><manifest>\(items)<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>
                <spine toc="ncx">\(order)</spine></package>
                """
            )
            .adding("OEBPS/toc.ncx", "<ncx><navMap>\(points)</navMap></ncx>")
        for (name, body) in pages { zip = zip.adding("OEBPS/\(name).xhtml", page(body)) }
        return zip
    }

    @Test(arguments: ["book-2.epub", "book-3.epub"])
    func `a book of pandoc is read by chapters`(name: String) throws {
        let document = try Fixture.read(name)
        let lines = document.text.split(separator: "\n").map(String.init)
        for line in ["# The Tower", "## The Lamp", "It burned rape-seed oil.", "# The Keepers"] {
            #expect(lines.filter { $0 == line }.count == 1, "\(line)")
        }
        #expect(document.text.contains("On a granite ledge."))
        #expect(document.title == "The Lighthouse Book")
        #expect(document.author == "Ada Thorn")
        #expect(document.description == "A short history")
        #expect(document.publishedMilliseconds == 1_614_816_000_000)
        #expect(document.divisions?.unit == .chapter)
        #expect(document.pages.contains { $0.hasPrefix("# The Keepers") })
    }

    @Test func `a chapter begins where the table of contents says`() async throws {
        let zip = book(
            pages: [
                ("cover", "<p>Cover</p>"), ("one", "<p class=\"title\">One</p><p>First.</p>"),
                ("one-b", "<p>More.</p>"),
                ("two", "<h2>Two</h2><p>Second.</p>"), ("aside", "<p>Beside.</p>"),
            ],
            contents: [("Chapter One", "one.xhtml"), ("Two", "two.xhtml#x"), ("Gone", "gone.xhtml")],
            spine: """
                <itemref idref="cover"/><itemref idref="aside" linear="no"/><itemref idref="one"/>
                <itemref idref="one-b"/><itemref idref="two"/>
                """)
        let document = try await Fixture.read(zip.bytes, as: "a.epub")
        #expect(document.text == "Cover\n\nOne\n\nFirst.\n\nMore.\n\n## Two\n\nSecond.\n\nBeside.")
        #expect(document.pages.map(\.trimmed) == ["Cover", "One\n\nFirst.\n\nMore.", "## Two\n\nSecond.\n\nBeside."])
        #expect(document.headings.map(\.title) == ["Chapter One", "Two"])
        #expect(document.author == "Ada Thorn, M. Ito")
        #expect(document.description == "About it")
    }

    @Test func `notes keep their marks`() async throws {
        let zip = book(pages: [
            (
                "one",
                """
                <p>Claim<a epub:type="noteref" href="#n">[1]</a>.</p><aside epub:type="footnote" id="n"><p>Source.</p></aside>
                """
            )
        ])
        #expect(try await Fixture.read(zip.bytes, as: "a.epub").text == "Claim[^1].\n\nSource.")
    }

    @Test func `books that shops protect are encrypted, obfuscated fonts do not matter`() async throws {
        let encryption = { (algorithm: String) in
            "<encryption><EncryptedData><EncryptionMethod Algorithm=\"\(algorithm)\"/></EncryptedData></encryption>"
        }
        let name = "META-INF/encryption.xml"
        let zip = book(pages: [("one", "<p>Text</p>")])
        let open = zip.adding(name, encryption("http://www.idpf.org/2008/embedding"))
        #expect(try await Fixture.read(open.bytes, as: "a.epub").text == "Text")
        let closed = zip.adding(name, encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc"))
        await #expect(throws: ParseError.encrypted) { try await Fixture.read(closed.bytes, as: "a.epub") }
    }

    @Test func `names never lead out of the archive, and what is missing is said`() async throws {
        let zip = book(
            pages: [("one", "<p>Text</p>")],
            spine: "<itemref idref=\"one\"/><itemref idref=\"one\"/><itemref idref=\"x\"/>")
        #expect(try await Fixture.read(zip.bytes, as: "a.epub").text == "Text")
        let outside = book(pages: [("one", "<p>Text</p>")], container: "../../OEBPS/./x/../book.opf")
        #expect(try await Fixture.read(outside.bytes, as: "a.epub").text == "Text")
        let nothing = ZipBuilder().adding("mimetype", "application/epub+zip")
        await #expect(throws: ParseError.corrupt("it holds no package of a book")) {
            try await Fixture.read(nothing.bytes, as: "a.epub")
        }
        await #expect(throws: ParseError.empty) {
            try await Fixture.read(book(pages: [("one", "")]).bytes, as: "a.epub")
        }
        await #expect(throws: ParseError.corrupt("its archive is damaged")) {
            try await Fixture.read(Array(zip.bytes.prefix(60)), as: "a.epub")
        }
    }
}
