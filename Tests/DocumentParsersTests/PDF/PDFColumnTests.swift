import Domain
import Foundation
import Testing

@testable import DocumentParsers

/// Columns, headings, notes and heads of files that typesetters, browsers and office programs made; see
/// `script/fixtures/pdf_fixtures.py`.
@Suite struct PDFColumnTests {
    /// The text without its line breaks, as a reader takes it.
    private func running(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static let history = """
        The lighthouse at Alder Point was built in 1871 on a ledge of granite that the sea covers at spring tides. \
        The foundation alone took two summers, because the masons could work for no more than three hours a day. \
        Its lamp burned rapeseed oil at first, and paraffin from 1889 onwards, until the harbour was wired in 1926. \
        Three keepers lived there with their families; the last of them, Ada Thorn, left the station in the autumn of 1962.
        """

    @Test(arguments: [
        "chromium-three-columns.pdf", "groff-two-columns.pdf", "latex-two-columns.pdf", "writer-report.pdf",
    ])
    func `columns are read one after the other, words whole`(name: String) throws {
        let text = running(try Fixture.read("pdf/\(name)").text).replacing("^1", with: "")
        #expect(text.contains(Self.history))
        let places = [
            "ledge of granite", "the autumn of 1962.", "The fishing fleet of the village",
            "the first official figures are from that time. Between 1890 and 1914", "a wrecked schooner.",
            "The stone pier was finished in 1903 and carries", "adjoining meadow as its rent.",
        ].map { text.range(of: $0)?.lowerBound }
        #expect(!places.contains(nil), "\(text)")
        #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
    }

    @Test func `headings at the top of columns stay with their columns`() throws {
        let groff = try Fixture.read("pdf/groff-two-columns.pdf").text
        #expect(groff.contains("1. Building\nThe lighthouse at Alder Point"))
        #expect(groff.contains("2. Traffic\nThe fishing fleet"))
        let latex = try Fixture.read("pdf/latex-two-columns.pdf")
        #expect(latex.headings.map(\.title) == ["1 Introduction", "2 Measurements", "2.1 Flow", "3 Pier"])
        #expect(latex.headings.map(\.level) == [1, 1, 2, 1])
        #expect(latex.linesAtHeadings == latex.headings.map(\.title))
    }

    @Test func `what an office program exports has the headings of its outline`() throws {
        let document = try Fixture.read("pdf/writer-report.pdf")
        #expect(document.headings.map(\.title) == ["The Lighthouse", "Lenses", "Administration"])
        #expect(document.headings.map(\.level) == [1, 2, 1])
        #expect(document.pages.count == 3)
        // Soft hyphens, at line ends and elsewhere.
        let text = running(document.pages[2])
        #expect(
            text.contains("Die Immobilienverwaltung der Hafenbehörde verkauft ihre Wertpapiere und kauft Leuchttürme."))
        #expect(!document.text.unicodeScalars.contains("\u{AD}"))
    }

    @Test func `notes at the foot of a column stand behind the text of the page`() throws {
        let latex = try Fixture.read("pdf/latex-two-columns.pdf")
        #expect(
            running(latex.pages[0]).hasSuffix(
                "with glass from a wrecked schooner. 1The officers filed their affidavits at five offices. 1"))
        let writer = try Fixture.read("pdf/writer-report.pdf")
        #expect(running(writer.pages[0]).contains("the last of them, Ada Thorn"))
        #expect(writer.pages[0].hasSuffix("broke two panes of the\n\n1 Called Station 7 in the log.\n"))
    }

    @Test func `heads and feet of pages go, with the numbers in them`() throws {
        let writer = try Fixture.read("pdf/writer-report.pdf").text
        #expect(writer.components(separatedBy: "Harbour Board — Alder Point").count == 2)
        #expect(!writer.contains("of 3") && !writer.contains("Page"))
        let labelled = try Fixture.read("pdf/page-labels.pdf")
        #expect(labelled.pages.count == 7)
        // Roman numbers count pages as others do. Places are those in the file, whatever the pages are called.
        #expect(labelled.pages.allSatisfy { $0.contains("of the guide begins here.") })
        #expect(labelled.pages[3].hasPrefix("Part D of the guide begins here."))
        #expect(!labelled.text.contains("\ni") && !labelled.text.contains("\n1"))
    }

    @Test func `slides keep their lines behind their bullets`() throws {
        #expect(
            try Fixture.read("pdf/impress-slides.pdf").pages == [
                "The Tour\n\n• Start at the pier\n• Walk to the light\n", "Prices\n\n• Adults 4.50\n• Children free\n",
                "Times\n\n• Daily at ten\n• Not in fog",
            ])
    }

    @Test func `a manual page keeps its options and their signs`() throws {
        let text = try Fixture.read("pdf/groff-manual.pdf").text
        for line in [
            "NAME\nrsync-lamp - keep the lamp in step", "--dry-run\nShow what would be done, and do none of it;",
            "--log-file=/var/log/lamp.log\n", "1 the lamp was turned\n", "75 the lamp could not be reached",
        ] { #expect(text.contains(line), "\(line)") }
    }

    @Test func `pages on their side are read upright, turned or not`() throws {
        let pages = try Fixture.read("pdf/rotated.pdf").pages
        #expect(pages.count == 5)
        for (page, turn) in zip(pages, [90, 180, 270, 0]) {
            #expect(
                page == """
                    This page is turned by \(turn) degrees.
                    Page \(turn) is read from left to right
                    and then from top to bottom, as \(turn) others are.

                    AX-\(turn) \(Double(turn) + 42.5) Nm
                    BX-\(turn) \(Double(turn) + 43.5) Nm
                    CX-\(turn) \(Double(turn) + 44.5) Nm

                    """)
        }
        #expect(pages[4].contains("Drawing DX-4471 of the harbour board\n"))
        #expect(pages[4].contains("The drawing of the lens is in the archive.\nIts number stands in the margin."))
    }
}
