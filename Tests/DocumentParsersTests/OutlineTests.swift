import Domain
import OrderedJSON
import Testing

@testable import DocumentParsers

@Suite struct OutlineTests {
    private func read(_ text: String, as name: String) async throws -> ParsedDocument {
        try await Fixture.read(Array(text.utf8), as: name)
    }

    @Test func `Markdown headings are found, but not in code`() async throws {
        let document = try await read(
            """
            # Top 😀 ##
            Text with #hash and 😀.
            ```sh
            # a comment
            ~~~
            ```
            Second part
            -----------
                # indented code
            - item
            ---
            #NoSpace
            ### Deep #1
            | a | b |
            ===
            """, as: "a.md")
        #expect(document.headings.map(\.title) == ["Top 😀", "Second part", "Deep #1"])
        #expect(document.headings.map(\.level) == [1, 2, 3])
        #expect(document.linesAtHeadings == ["# Top 😀 ##", "Second part", "### Deep #1"])
        #expect(document.title == "Top 😀")
    }

    @Test func `front matter gives title, author and date, and stays in the text`() async throws {
        let text = "---\ntitle: \"On: Boats\"\nauthor: Ana Lima\ndate: 2020-02-03\ntags: [a, b]\n---\n# Heading\n"
        let document = try await read(text, as: "a.md")
        #expect(document.text == text)
        #expect(document.title == "On: Boats")
        #expect(document.author == "Ana Lima")
        #expect(document.publishedMilliseconds == 1_580_688_000_000)
        // What stands above the heading is no section of its own.
        #expect(document.headings == [ParsedDocument.Heading(offset: 0, level: 1, title: "Heading")])
    }

    @Test func `a rule at the start is no front matter`() async throws {
        let document = try await read("---\n# Heading\ntitle: x\n", as: "a.md")
        #expect(document.title == "Heading")
    }

    @Test func `AsciiDoc sections are found outside listings`() async throws {
        let document = try await read(
            "= Title\n:author: Ana\n\n== One\n----\n== not\n----\n=== Two\n", as: "a.adoc")
        #expect(document.headings.map(\.title) == ["Title", "One", "Two"])
        #expect(document.headings.map(\.level) == [1, 2, 3])
        #expect(document.author == "Ana")
    }

    @Test func `Org headlines lose keywords and tags`() async throws {
        let document = try await read("#+TITLE: Plan\n* TODO First :work:\n** Second\ntext *bold*\n", as: "a.org")
        #expect(document.title == "Plan")
        #expect(document.headings.map(\.title) == ["First", "Second"])
        #expect(document.linesAtHeadings == ["* TODO First :work:", "** Second"])
    }

    @Test func `reStructuredText levels follow the order of underlines`() async throws {
        let document = try await read(
            "=====\nTitle\n=====\n\n:Author: Ana\n\nOne\n---\ntext\n\nTwo\n~~~\n\nThree\n-----\n", as: "a.rst")
        #expect(document.headings.map(\.title) == ["Title", "One", "Two", "Three"])
        #expect(document.headings.map(\.level) == [1, 2, 3, 2])
        #expect(document.author == "Ana")
        #expect(document.linesAtHeadings == ["Title", "One", "Two", "Three"])
    }

    @Test func `JSON and CSV stay as they are`() async throws {
        for (text, name) in [("{\"a\": [1, 2]}\n", "a.json"), ("a,\"b, c\"\n# x,2\n", "a.csv")] {
            let document = try await read(text, as: name)
            #expect(document.text == text)
            #expect(document.headings.isEmpty)
        }
    }
}
