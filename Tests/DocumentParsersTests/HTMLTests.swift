import Domain
import Foundation
import Testing

@testable import DocumentParsers

@Suite struct HTMLTests {
    private func read(_ html: String) async throws -> ParsedDocument {
        try await Fixture.read(Array(html.utf8), as: "page.html")
    }

    @Test func `signs by which headings link to themselves are no part of them`() async throws {
        let document = try await read(
            ##"<h1>Orphaning a package<a class="headerlink" href="#o" title="Permalink">¶</a></h1><p>Text.</p>"##)
        #expect(document.text == "# Orphaning a package\n\nText.")
    }

    @Test func `links and images keep addresses that somebody can follow`() async throws {
        let long = "https://example.com/?q=" + String(repeating: "x", count: 200)
        let document = try await read(
            """
            <base href="https://example.com/docs/"><h2><a href="x.html">Title</a></h2>
            <p>See <a href="guide.html">the <b>guide</b> </a>or <a href="#part">below</a>, <a href="\(long)">long</a>,
            <a href="javascript:go()">script</a>, <a href="https://a.org/">https://a.org/</a>.
            <p><a href="/card"><img src="/i/plan.png"><img src="data:image/png;base64,AAAA" alt="inline">
            <img src="/badge.svg" alt="passing"></a><table><tr><td><a href="/t">cell</a></td><td>b</td></tr></table>
            <pre><a href="/c">code</a></pre><a href="/block"><p>Block</p></a>
            """)
        #expect(
            document.text == """
                ## Title

                See [the guide](https://example.com/docs/guide.html) or below, long, script, https://a.org/.

                [![plan.png](https://example.com/i/plan.png)inline](https://example.com/card)

                [cell](https://example.com/t) | b

                ```
                code
                ```

                Block
                """)
        #expect(try await read("<p><a href='x.html'>relative</a> <img src='p.png' alt='plan'>").text == "relative plan")
    }

    @Test(arguments: [
        ("", "https://a.org/docs/x.html", "https://a.org/y", "https://a.org/docs/?q"),
        ("<base href='/other/'>", "https://a.org/other/x.html", "https://a.org/y", "https://a.org/other/?q"),
        ("<base href='https://b.org/c/d'>", "https://b.org/c/x.html", "https://b.org/y", "https://b.org/c/d?q"),
        ("<base href='javascript:0'>", "https://a.org/docs/x.html", "https://a.org/y", "https://a.org/docs/?q"),
    ])
    func `relative links of a page that was fetched start from its address, or from what it says`(
        base: String, sibling: String, rooted: String, query: String
    ) async throws {
        let page =
            base
            + "<p><a href='x.html'>a</a> <a href=' /y '>b</a> <a href='?q'>c</a> <a href=''>d</a> <img src='i.png'>"
        let address = try #require(LinkAddress("https://a.org/docs/?page=1#here"))
        let text = try await Fixture.read(Array(page.utf8), as: "page.html", from: address).text
        #expect(text.hasPrefix("[a](\(sibling)) [b](\(rooted)) [c](\(query)) d ![i.png]("))
        let upload = try await read("<p><a href='x.html'>a</a> <a href='//c.org/z'>b</a>")
        #expect(upload.text == "a b")
    }

    @Test func `the address counts only where the text can depend on it`() async throws {
        let address = LinkAddress("https://a.org/docs/?page=1#here")
        let file = try TemporaryFile(Array("<p>x".utf8))
        defer { file.remove() }
        for (name, address, expected) in [
            ("a.html", address, "https://a.org/docs/"), ("a.xml", address, "https://a.org/docs/"), ("a.html", nil, ""),
            ("a.txt", address, ""),
        ] {
            let circumstances = try await InProcessDocumentReader().circumstances(
                path: file.path, fileName: name, address: address)
            #expect(circumstances == expected, "\(name)")
        }
    }

    @Test func `a page becomes its article without what surrounds it`() async throws {
        let document = try await read(
            """
            <!doctype html><title> Tea &amp; Toast </title><meta name="author" content="Jo Ray">
            <meta name="description" content="How to"><meta property="article:published_time" content="2024-05-06">
            <script>var x = "<p>SCRIPT</p>"</script><style>p { color: red }</style>
            <header><h1>SITE</h1></header><nav><a href="/">MENU</a></nav>
            <main><article><header><h1>The&nbsp;Title</h1></header>
            <p>First   <b>bold</b> <a href="http://example.com">link</a>.<br>Next 😀 line.
            <h2>List</h2><ul><li>one<ul><li>inner</ul><li><p>two</p></ul><ol><li>a<li>b</ol>
            <p style="display: none">HIDDEN<p hidden>HIDDEN<div aria-hidden="true">HIDDEN</div><noscript>NO</noscript>
            <p>Last.</article></main><aside>SIDE</aside><footer>FOOT</footer>
            """)
        #expect(
            document.text == """
                # The Title

                First bold [link](http://example.com).
                Next 😀 line.

                ## List

                - one
                  - inner
                - two

                1. a
                2. b

                Last.
                """)
        #expect(document.linesAtHeadings == ["# The Title", "## List"])
        #expect(document.headings.map(\.level) == [1, 2])
        #expect(document.title == "Tea & Toast")
        #expect(document.author == "Jo Ray")
        #expect(document.description == "How to")
        #expect(document.publishedMilliseconds == 1_714_953_600_000)
    }

    @Test func `tables are rows, and code keeps its form`() async throws {
        let document = try await read(
            """
            <table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>two<br>lines</td></tr></table>
            <pre><code>if x {
                y()
            }</code></pre><p>Call <code>y()</code>.</p><blockquote>Said<br>so</blockquote>
            """)
        #expect(
            document.text == """
                | A | B |
                | --- | --- |
                | 1 | two lines |

                ```
                if x {
                    y()
                }
                ```

                Call `y()`.

                > Said
                > so
                """)
    }

    @Test func `what stands in margins and says something stays, and where to go does not`() async throws {
        #expect(
            try await read(
                "<main><h1>Guide</h1><p>One.</p><aside><p>CAUTION: remove power first.</p></aside><p>Two.</main>"
            )
            .text == "# Guide\n\nOne.\n\nCAUTION: remove power first.\n\nTwo.")
        #expect(
            try await read(
                "<header><h1>Invoice 4711</h1><p>For ACME</p></header><p>Total 99</p><footer><p>Bank account DE12345</p></footer>"
            )
            .text == "# Invoice 4711\n\nFor ACME\n\nTotal 99\n\nBank account DE12345")
        #expect(
            try await read(
                """
                <header><a href="/">Site</a> <a href="/a">About us</a> Search</header><p>Text of the page.</p>
                <aside>More: <a href="/b">Other pages to read</a></aside><footer>© 2024 Example Inc. All rights reserved.</footer>
                """
            ).text == "Text of the page.")
    }

    @Test func `cells keep their bars, tables stand apart, and lists count as they say`() async throws {
        let document = try await read(
            """
            <table><tr><th>Flag<th>Use<tr><td>a|b<td><code>x || y</code></table>
            <table><tr><td>1<td>2<tr><td>3<td></table>
            <ol start=5><li>five<li>six<li value=10>ten<li>eleven</ol><ol start=x><li>one</ol>
            <ol reversed><li>third<li>second<li>first</ol><ol reversed start=9><li>nine<li>eight</ol>
            """)
        #expect(
            document.text == """
                | Flag | Use |
                | --- | --- |
                | a\\|b | `x \\|\\| y` |

                | 1 | 2 |
                | --- | --- |
                | 3 |  |

                5. five
                6. six
                10. ten
                11. eleven

                1. one

                3. third
                2. second
                1. first

                9. nine
                8. eight
                """)
    }

    @Test func `numbers that are raised are not read as digits of what they stand behind`() async throws {
        let text = try await read(
            "<p>10<sup>3</sup> m<sup>-2</sup>, CO<sub>2</sub>, the 1<sup>st</sup>, e<sup>x</sup>, said<sup><a href=#n>4</a></sup>"
        ).text
        #expect(text == "10^3 m^-2, CO2, the 1st, e^x, said[^4]")
    }

    @Test func `cells that take several columns or rows leave room, and headings in cells are cells`() async throws {
        let spans = try await read(
            """
            <table><tr><th rowspan=2>Part<th colspan=2>Torque<tr><th>min<th>max<tr><td>AX<td>4<td>5</table>
            <table><thead><tr><th><h3>Part</h3><th><h3>Price</h3></thead><tr><td>BX<td>6<tr><td colspan=0><td></table>
            """)
        #expect(
            spans.text == """
                | Part | Torque |  |
                | --- | --- | --- |
                |  | min | max |
                | AX | 4 | 5 |

                | Part | Price |
                | --- | --- |
                | BX | 6 |
                """)
        #expect(spans.headings.isEmpty)
        let outer = "<table><tr><th>A<th>B<tr><td>1<td><table><tr><td>x<td>y</table></table>"
        #expect(try await read(outer).text == "| A | B |\n| --- | --- |\n| 1 | x y |")
    }

    @Test func `numbers of characters may be those of Windows`() async throws {
        let document = try await read(
            "<title>a &#150; b</title><p>don&#146;t &#150; 5 &#128; &#x93;q&#x94;</p><pre>x&#133;</pre>")
        #expect(document.text == "don’t – 5 € “q”\n\n```\nx…\n```")
        #expect(document.title == "a – b")
    }

    @Test func `what is struck out says so, notes are marks, and lists count in letters`() async throws {
        let document = try await read(
            """
            <p>The limit is <del>30</del><ins>50</ins> km/h, built in 1871.<a class="footnote-ref" href="#fn1">1</a>
            It burned<sup id="cite_ref-2"><a href="#note-2">[2]</a></sup> oil<sup><a href="#fn3">3</a></sup>.</p>
            <ol type=a><li>one<li>two</ol><ol type=I start=4><li>four</ol>
            <p>half: <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>, <math><msup><mn>10</mn><mn>3</mn></msup></math></p>
            """)
        #expect(
            document.text == """
                The limit is ~~30~~50 km/h, built in 1871.[^1] It burned oil[^3].

                a. one
                b. two

                IV. four

                half: 1/2, 10^3
                """)
    }

    @Test func `tables that only lay out a page are not rows`() async throws {
        let document = try await read(
            "<table><tr><td><h1>Title</h1><p>One</p><table><tr><td>1</td><td>2</td></tr></table></td></tr></table>")
        #expect(document.text == "# Title\n\nOne\n\n1 | 2")
    }

    @Test func `a teaser that is an article does not replace the page`() async throws {
        let long = String(repeating: "A long story. ", count: 40)
        let document = try await read("<p>\(long)</p><article>Buy now</article>")
        #expect(document.text.hasPrefix("A long story."))
        #expect(document.text.hasSuffix("Buy now"))
    }

    @Test func `where to go next is no text, in pages that say so by a class`() async throws {
        let docBook =
            "<div class='navheader'><table><tr><th>Chapter 2. Boats</th></tr></table></div><p>The boat leaves at noon.</p>"
            + "<div class='navfooter'><hr/><table><tr><td>The manual</td><td>Chapter 3. Harbours</td></tr></table></div>"
        #expect(try await read(docBook).text == "The boat leaves at noon.")
        let publican = "<ul class='docnav top'><li class='previous'><a href='a'><b>Prev</b>4.19. Snow</a></ul>"
        #expect(try await read(publican + "<p>The boat leaves at noon.</p>").text == "The boat leaves at noon.")
        let crumbs = "<ol class='breadcrumb small'><li><a href='/'>Home</a><li><a href='/x'>Travel</a></ol>"
        #expect(try await read(crumbs + "<p>The boat leaves at noon.</p>").text == "The boat leaves at noon.")
        // The class of an element that has the text is no reason to lose it.
        let text = "<div class='navigation'><a href='/'>Home</a><p>The boat leaves at noon, and comes back.</p></div>"
        #expect(try await read(text).text.contains("comes back"))
    }

    @Test func `a page of nothing but a menu keeps it`() async throws {
        #expect(try await read("<nav><a>Home</a></nav>").text == "Home")
        await #expect(throws: ParseError.empty) { try await read("<script>x</script><p> </p>") }
    }

    @Test(arguments: ["div", "b", "ul><li", "table><tr><td", "blockquote", "a-strange-element"])
    func `a hundred thousand nested elements are read to the end`(element: String) async throws {
        let document = try await read("<p>start</p>" + String(repeating: "<\(element)>", count: 100_000) + "the end")
        #expect(document.text.hasPrefix("start"))
        #expect(document.text.hasSuffix("the end"))
        #expect(document.text.utf8.count < 10_000)
    }

    @Test func `a text node over ten megabytes is not cut`() async throws {
        let words = String(repeating: "word ", count: 2_200_000)
        let document = try await read("<p>\(words)</p><h2>End</h2>")
        #expect(document.text.utf8.count == words.utf8.count - 1 + "\n\n## End".utf8.count)
        #expect(document.headings.map(\.offset) == [words.utf16.count + 1])
    }

    @Test func `the declared encoding counts unless the page is valid UTF-8`() async throws {
        let declaration = Array("<meta charset=\"iso-8859-2\"><p>".utf8)
        let polish = try #require("Zażółć gęślą jaźń".data(using: .isoLatin2))
        #expect(try await Fixture.read(declaration + Array(polish), as: "a.html").text == "Zażółć gęślą jaźń")
        #expect(try await Fixture.read(declaration + Array("Zażółć".utf8), as: "a.html").text == "Zażółć")
    }
}
