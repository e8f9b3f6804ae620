import Domain
import Testing

@testable import DocumentParsers

@Suite struct FrontMatterTests {
    @Test(arguments: [
        "---\ntitle: Pumpenraum\n# intern: x\n---\n# Aufbau\nUnder the yard.\n",
        "---\r\ntags:\r\n- pump\r\ntitle: Pumpenraum\r\n---\r\n\r\n# Aufbau\r\nUnder the yard.\r\n",
        "\u{FEFF}---\ntitle: Pumpenraum\n...\n# Aufbau\nUnder the yard.\n",
        "--- \ntitle: \"Pumpenraum\"\nnote: |\n  --- text\n  # no heading\n---\t\n# Aufbau\nUnder the yard.\n",
        "+++\ntitle = \"Pumpenraum\"\n# intern\n+++\n\nAufbau\n======\nUnder the yard.\n",
        "---\ntitle: Pumpenraum\n" + (0..<500).map { "k\($0): v\n" }.joined() + "---\n# Aufbau\nUnder the yard.\n",
    ])
    func `front matter opens no section, names none and hides none`(text: String) async throws {
        let document = try await Fixture.read(Array(text.utf8), as: "a.md")
        #expect(document.title == "Pumpenraum")
        #expect(document.headings == [ParsedDocument.Heading(offset: 0, level: 1, title: "Aufbau")])
    }

    @Test func `text between front matter and the first heading has none`() async throws {
        let text = "---\ntitle: a\n---\nWords.\n\n# Aufbau\n"
        #expect(try await Fixture.read(Array(text.utf8), as: "a.md").linesAtHeadings == ["# Aufbau"])
    }

    @Test(arguments: ["---\n\n# A\n\ntext\n", "---\ntitle: x\n# A\n", "--- x\n# A\n"])
    func `a rule is no front matter`(text: String) async throws {
        #expect(try await Fixture.read(Array(text.utf8), as: "a.md").headings.map(\.title) == ["A"])
    }

    @Test(arguments: [
        (
            "a.md", "# One ##\n\n```\n# no\n```\n\n~~~~\n~~~\n# no\n~~~~\n\nTwo\n---\n\n1. item\n---\n\n#hash\n",
            ["One", "Two"]
        ),
        (
            "a.rst", "=====\nTitle\n=====\n\nPart\n!!!!\n\n在庫一覧\n--------\n\ntext::\n\n  code\n  ----\n",
            ["Title", "Part", "在庫一覧"]
        ),
        (
            "a.adoc",
            "= Title\n:a: b\n\nPart One\n--------\n\n[source]\n----\nno\n== no\n----\n\n```\n== no\n```\n\n== Two\n",
            ["Title", "Part One", "Two"]
        ),
        ("a.org", "* TODO One :tag:\n#+BEGIN_SRC sh\n* no\n#+END_SRC\n** Two\n", ["One", "Two"]),
    ])
    func `headings of every markup are found, and nothing within code`(
        name: String, text: String, titles: [String]
    ) async throws {
        #expect(try await Fixture.read(Array(text.utf8), as: name).headings.map(\.title) == titles)
    }
}
