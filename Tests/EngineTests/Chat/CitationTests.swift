import Domain
import Testing

@testable import Engine

@Suite struct CitationTests {
    private func source(_ excerpt: String, at start: Int = 0, head: Int = 0) -> Source {
        var source = Source(id: "s\(excerpt.count)", title: "t")
        source.excerpt = excerpt
        source.place = Source.Place(range: start..<start + excerpt.utf16.count - head)
        return source
    }

    private static let harbour = "The harbour is old. It opens at seven, and closes at nine.\n\nShips wait outside."

    @Test func `a number leads to its source, and to the words there that say what it is behind`() {
        let answer =
            "It is an old harbour. It opens at seven, and closes at nine [1]. Ships have to wait outside [1][2]."
        let citations = Citation.citations(in: answer, [source(Self.harbour, at: 100), source("Nothing of it.")])
        #expect(citations.map(\.number) == [1, 1, 2])
        #expect(citations.map(\.source) == [0, 0, 1])
        #expect(citations.map(\.quote?.text) == ["It opens at seven, and closes at nine", "Ships wait outside", nil])
        #expect(citations[0].quote?.range == 120..<157)
    }

    @Test func `a number that points to nothing is told`() {
        #expect(
            Citation.citations(in: "Seven [3].", [source(Self.harbour)]) == [
                Citation(number: 3, source: nil, quote: nil)
            ])
    }

    @Test func `a range counts in the document, whose tables begin elsewhere`() {
        let head = "Bolt | Torque\n"
        let citation = Citation.citations(
            in: "Use 20 Nm for AX-2 [1].",
            [source(head + "AX-1 | 10 Nm\nAX-2 | 20 Nm", at: 500, head: head.utf16.count)])
        #expect(citation[0].quote?.range.map { $0.lowerBound >= 500 } == true)
        let inHead = Citation.citations(
            in: "Bolt Torque [1]", [source(head + "AX-1 | 10 Nm", at: 500, head: head.utf16.count)])
        #expect(inHead[0].quote != nil && inHead[0].quote?.range == nil)
    }

    @Test(arguments: [
        ("See `a[1]`, [1](https://a.b), the year [2024] and [x].", [Int]()), ("By Anna Smith[1]. 安娜[2]。", [1, 2]),
        ("According to [1]: yes.", [1]),
        ("```\nx [1]\n```", []), ("Sources:\n[1] The harbour", []), ("Both say so [1, 2].", [1, 2]),
        ("```\nrun it\n```\n[2]", [2]), ("- An item [1]\n- Another one. [3]", [1, 3]),
    ])
    func `numbers in brackets are citations where they prove something`(answer: String, numbers: [Int]) {
        #expect(Citation.marks(in: answer).map(\.number) == numbers)
    }

    @Test func `what is proved is the sentence before`() {
        let answer = "First this. Then that, in 7 days [1]. And so on. [2]\n```\nmake all\n```\n[3]"
        #expect(Citation.marks(in: answer).map(\.statement) == ["Then that, in 7 days", "And so on.", "make all"])
    }

    @Test func `words are compared whatever their case, and each character where no spaces are set`() {
        #expect(QuoteFinder("港口七点开门。九点关门。").quote(of: "九点关门")?.text == "九点关门")
        #expect(QuoteFinder("THE  Harbour\nopens.").quote(of: "the harbour opens")?.text == "THE  Harbour\nopens")
        #expect(QuoteFinder("").quote(of: "x") == nil && QuoteFinder("x").quote(of: "…") == nil)
    }
}
