import Domain
import Testing

@testable import DocumentParsers

@Suite struct PlainLettersTests {
    @Test(arguments: [
        ("soft.txt", "Immo\u{AD}bilien und Wert\u{AD}papiere", "Immobilien und Wertpapiere"),
        ("soft.txt", "Wert\u{AD}\n  papiere", "Wertpapiere"), ("soft.txt", "end\u{AD}\nNew", "end\nNew"),
        ("soft.csv", "a,b\nImmo\u{AD}bilien,1\nx\u{AD}\ny,2\n", "a,b\nImmobilien,1\nx\ny,2\n"),
        ("soft.json", "{\"a\": \"Immo\\u00adbilien\"}", "{\"a\": \"Immobilien\"}"),
        ("soft.html", "<p>Immo&shy;bilien &#173;o\u{FB03}ce", "Immobilien office"),
        ("soft.xml", "<a><b>Immo\u{AD}bilien</b></a>", "b: Immobilien"),
        (
            "ligatures.md", "o\u{FB03}ce pro\u{FB01}le \u{FB02}ow \u{FB00} \u{FB04} \u{FB05}",
            "office profile flow ff ffl st"
        ),
    ])
    func `soft hyphens and ligatures are no letters, in every format`(
        name: String, text: String, expected: String
    ) async throws {
        #expect(try await Fixture.read(Array(text.utf8), as: name).text == expected)
    }

    @Test func `headings and rows stay where they were`() async throws {
        let text = "# Im\u{AD}mo\n\nO\u{FB03}ce\u{AD} 😀 x\u{AD}y\n\n## Pro\u{FB01}l\n\nx\n"
        let document = try await Fixture.read(Array(text.utf8), as: "a.md")
        #expect(document.linesAtHeadings == ["# Immo", "## Profil"])
        #expect(document.headings.map(\.title) == ["Immo", "Profil"])
        #expect(document.title == "Immo")
        let table = try await Fixture.read(Array("n\u{AD}ame,\u{FB01}x\na\u{AD}\n\u{FB01},1\n".utf8), as: "a.csv")
        #expect(table.pages == ["name,fix\n", "a\n", "fi,1\n"])
        #expect(table.columnNames == "name,fix")
        // A title over the names is a line of its own, as it is in the text.
        let names = "Boats of the har\u{AD}\nbour\u{AD}\nname,fi\u{AD}x"
        let titled = ParsedDocument(
            text: names + "\n1,2\n", divisions: Divisions(.row, starts: [0, 24, 34]), columnNames: names
        ).withPlainLetters
        #expect(titled.columnNames == "Boats of the harbour\nname,fix")
        #expect(titled.text == "Boats of the harbour\nname,fix\n1,2\n")
    }
}
