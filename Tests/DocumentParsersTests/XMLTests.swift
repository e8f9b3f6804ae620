import Domain
import Testing

@testable import DocumentParsers

@Suite struct XMLTests {
    private func read(_ text: String, as name: String = "a.xml") async throws -> ParsedDocument {
        try await Fixture.read(Array(text.utf8), as: name)
    }

    @Test func `DocBook becomes prose with headings, lists, code and tables`() async throws {
        let document = try await read(
            """
            <?xml version="1.0"?>
            <!DOCTYPE article PUBLIC "-//OASIS//DTD DocBook XML V4.5//EN" "http://example.com/docbookx.dtd">
            <article><articleinfo><title>Pumps &eacute;</title></articleinfo>
            <section><title>Building</title><para>The <emphasis>room</emphasis>
              lies <command>under</command> the yard.</para>
            <itemizedlist><listitem><para>one</para></listitem><listitem><para>two</para></listitem></itemizedlist>
            <programlisting>a = 1
              b</programlisting>
            <informaltable><tgroup><tbody><row><entry>x</entry><entry>y</entry></row></tbody></tgroup></informaltable>
            </section></article>
            """)
        #expect(
            document.text == """
                # Pumps é

                # Building

                The room lies under the yard.

                - one
                - two

                ```
                a = 1
                  b
                ```

                x | y
                """)
        #expect(document.headings.map(\.title) == ["Pumps é", "Building"])
        #expect(document.title == "Pumps é")
    }

    @Test func `a feed is records, its HTML text`() async throws {
        let document = try await read(
            """
            <rss version="2.0"><channel><title>News</title><link>https://example.com</link>
            <item><title>First</title><description>&lt;p&gt;Hello &lt;b&gt;you&lt;/b&gt;&lt;/p&gt;</description></item>
            <item><title>Second</title><description><![CDATA[<p>More &amp; more</p>]]></description></item>
            </channel></rss>
            """, as: "feed.rss")
        #expect(
            document.text == """
                version: 2.0
                title: News
                link: https://example.com

                title: First
                description: Hello you

                title: Second
                description: More & more
                """)
        #expect(document.divisions?.unit == .record)
        #expect(document.divisions?.starts.count == 2)
        #expect(document.title == "News")
    }

    @Test func `records that say nothing begin within the text`() async throws {
        let items = "<item><title>a</title><d>x</d></item><item><title>b</title></item><item/><item/>"
        let document = try await read("<rss><channel><title>n</title>\(items)</channel></rss>")
        #expect(document.text.hasSuffix("title: b"))
        #expect(document.pages.count == 4 && document.pages.suffix(2) == ["", ""])
    }

    @Test func `data is lines of names and values`() async throws {
        let document = try await read(
            """
            <stock date="2031-01-02"><part id="AX-17"><torque unit="Nm">42.5</torque><place><hall>7</hall></place></part>
            <part id="BX-18"><torque unit="Nm">43.5</torque></part></stock>
            """)
        #expect(
            document.text == """
                date: 2031-01-02

                id: AX-17
                torque: 42.5 (unit: Nm)
                place:
                  hall: 7

                id: BX-18
                torque: 43.5 (unit: Nm)
                """)
        #expect(document.pages.last?.hasPrefix("id: BX-18") == true)
    }

    @Test func `of a picture the words are read`() async throws {
        let document = try await read(
            """
            <svg xmlns="http://www.w3.org/2000/svg"><title>Plan</title><style>text { fill: red }</style>
            <text x="1"><tspan>Hall</tspan> <tspan>7</tspan></text><path d="M0 0"/></svg>
            """, as: "plan.svg")
        #expect(document.text == "Plan\n\nHall 7")
    }

    @Test func `the declaration of an encoding counts`() async throws {
        let text = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><a><b>Привет</b></a>"
        #expect(try await Fixture.read(encoded(text, as: "CP1251"), as: "a.xml").text == "b: Привет")
        #expect(try await Fixture.read(encoded(text, as: "UTF-16"), as: "a.xml").text == "b: Привет")
    }

    @Test(arguments: ["<a><b>", "no markup", "<a>&undefined;</a>", "<a b=c>x</a>"])
    func `what is not well-formed is text as it is`(text: String) async throws {
        #expect(try await read(text).text == text)
    }

    @Test func `entities are neither expanded nor fetched`() async throws {
        var bomb = "<!DOCTYPE r [<!ENTITY a0 \"ha\">"
        for level in 1...30 { bomb += "<!ENTITY a\(level) \"&a\(level - 1);&a\(level - 1);\">" }
        bomb += "<!ENTITY file SYSTEM \"file:///etc/passwd\">]><r><b>&a30;</b><c>&file;</c><d e=\"x\">y</d></r>"
        let text = try await read(bomb).text
        #expect(text.contains("d: y (e: x)") || text == bomb)
        #expect(!text.contains("root:"))
        #expect(text.utf8.count <= bomb.utf8.count)
    }

    @Test func `nesting without end is text, and many elements are read in one pass`() async throws {
        let deep = String(repeating: "<a>", count: 100_000) + "x"
        #expect(try await read(deep).text == deep)
        let many = "<r>" + String(repeating: "<i n='1'/>", count: 50_000) + "</r>"
        #expect(try await read(many).divisions?.starts.count == 50_000)
    }
}
