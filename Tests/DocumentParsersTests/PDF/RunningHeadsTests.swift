import Domain
import FoundationEssentials
import Testing

@testable import DocumentParsers

@Suite struct RunningHeadsTests {
    private static let body = [
        "The first line.", "The second line.", "The third line.", "The fourth line.", "And so on",
    ]

    /// Five lines of text with `head` above and `foot` below them, on each page.
    private static func joined(pages: Int, head: (Int) -> String, foot: (Int) -> String) -> String {
        text((0..<pages).map { page in [head(page)] + body.map { "\($0) \(page * 7)" } + [foot(page)] })
    }

    private static func text(_ pages: [[String]]) -> String {
        let texts = pages.enumerated().map { number, lines in
            PageText(number: number + 1, lines: lines.filter { !$0.isEmpty }.map { TextRow(text: $0) })
        }
        return DocumentComposer.document(texts).text
    }

    @Test func `page numbers go, and with them the titles beside them`() {
        for foot in ["Chapter 6: Features          #", "#", "Page # of 340", "#   Features of 2024"] {
            let text = Self.joined(pages: 4, head: { _ in "" }) { foot.replacing("#", with: "\($0 + 98)") }
            #expect(!text.contains("98") && !text.contains("Features") && !text.contains("Page"), "\(foot)")
            #expect(text.contains("And so on 0\nThe first line. 7"))
        }
    }

    @Test func `page numbers go with whatever stands beside them where the pages are numbered throughout`() {
        let chapters = ["Valves", "Pumps", "Pipes", "Tools"]
        let text = Self.joined(pages: 8, head: { _ in "" }) { "\(chapters[$0 / 2]) \($0 + 21)" }
        #expect(!chapters.contains { text.contains($0) })
    }

    @Test func `a title on every page stays once`() {
        let text = Self.joined(pages: 5, head: { _ in "The  Manual" }, foot: { _ in "" })
        #expect(text.components(separatedBy: "The  Manual").count == 2)
        #expect(text.hasPrefix("The  Manual\n"))
    }

    @Test func `what does not count the pages or is on few of them stays`() {
        let figures = Self.joined(pages: 4, head: { _ in "" }, foot: { "Total \([17, 90, 4, 33][$0])" })
        #expect(["Total 17", "Total 90", "Total 4", "Total 33"].allSatisfy(figures.contains))
        let twice = Self.joined(pages: 2, head: { _ in "Title" }, foot: { "\($0 + 1)" })
        #expect(twice.components(separatedBy: "Title").count == 3 && twice.hasSuffix("\n2"))
    }

    @Test func `sentences that recur at other heights or here and there stay, and so does a table of contents`() {
        let option = "Prints a short help and exits."
        let page = { (number: Int, edge: TextRow) in
            PageText(
                number: number + 1,
                lines: Self.body.enumerated().map { TextRow(text: "\($1) \(number * 7)", top: Float($0) * 12) } + [edge]
            )
        }
        let lower = (0..<5).map { page($0, TextRow(text: option, top: 600 + Float($0) * 30)) }
        #expect(DocumentComposer.document(lower).text.components(separatedBy: option).count == 6)
        let scattered = (0..<16).map { page($0, TextRow(text: $0 % 4 == 0 ? option : "End \($0 * $0)", top: 700)) }
        #expect(DocumentComposer.document(scattered).text.components(separatedBy: option).count == 5)
        let contents = (0..<6).map {
            page($0, TextRow(text: "Chapter of \(option.dropLast($0)) \($0 + 1)", top: 600 - 40 * Float($0)))
        }
        #expect(DocumentComposer.document(contents).text.components(separatedBy: "Chapter of").count == 7)
        let odd = (0..<9).map { page($0, TextRow(text: $0 % 2 == 0 ? option : "End \($0 * $0)", top: 700)) }
        #expect(DocumentComposer.document(odd).text.components(separatedBy: option).count == 2)
    }

    @Test func `headings that count, and lines that go on with the text, stay`() {
        let pages = { (edge: @escaping (Int) -> TextRow, isHead: Bool) in
            (0..<4).map { number in
                let body = Self.body.enumerated().map { place, text in
                    TextRow(
                        text: "\(text) \(number * 7)", letterHeight: 10, top: 60 + Float(place) * 12,
                        isAfterGap: isHead && place == 0)
                }
                return PageText(number: number + 1, lines: isHead ? [edge(number)] + body : body + [edge(number)])
            }
        }
        let title = { TextRow(text: "Invoice \($0 + 4711)", letterHeight: 18, top: 30) }
        #expect(DocumentComposer.document(pages(title, true)).text.components(separatedBy: "Invoice").count == 5)
        let sum = { TextRow(text: "Total: \($0 + 120) EUR", letterHeight: 10, top: 120) }
        #expect(DocumentComposer.document(pages(sum, false)).text.components(separatedBy: "Total").count == 5)
        let foot = { TextRow(text: "Page \($0 + 1)", letterHeight: 9, top: 700, isAfterGap: true) }
        #expect(!DocumentComposer.document(pages(foot, false)).text.contains("Page"))
        let head = { TextRow(text: "Chapter 2   \($0 + 41)", letterHeight: 10, top: 30) }
        #expect(!DocumentComposer.document(pages(head, true)).text.contains("Chapter"))
    }

    @Test func `pages of a few lines are kept as they are`() {
        let text = Self.text((1...5).map { ["Agenda", "Point", "\($0)"] })
        #expect(text.components(separatedBy: "Agenda").count == 6)
        #expect(text.hasSuffix("\n5"))
    }
}
