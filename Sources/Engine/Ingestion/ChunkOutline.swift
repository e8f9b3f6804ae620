import Domain

/// Tells the divisions and headings that a stretch of a document lies under, for stretches asked about in reading order.
struct ChunkOutline {
    private let divisions: Divisions?
    private let headings: [ParsedDocument.Heading]
    /// The division where the last stretch began, as an index.
    private var current = 0
    private var nextHeading = 0
    private var path: [ParsedDocument.Heading] = []
    private var previousEnd = 0

    init(of document: ParsedDocument) {
        divisions = document.divisions
        headings = document.headings
    }

    /// The headings are those over the first character that the stretch does not repeat from its predecessor.
    mutating func place(of range: Range<Int>) -> (locator: Locator?, headingPath: [String]) {
        let own = min(max(range.lowerBound, previousEnd), range.upperBound - 1)
        previousEnd = max(previousEnd, range.upperBound)
        while nextHeading < headings.count, headings[nextHeading].offset <= own {
            let heading = headings[nextHeading]
            while let last = path.last, last.level >= heading.level { path.removeLast() }
            path.append(heading)
            nextHeading += 1
        }
        return (locator(of: range), path.map(\.title))
    }

    private mutating func locator(of range: Range<Int>) -> Locator? {
        guard let divisions, !divisions.starts.isEmpty else { return nil }
        current = index(in: divisions.starts, at: range.lowerBound, from: current)
        let last = index(in: divisions.starts, at: range.upperBound - 1, from: current)
        return Locator(divisions.unit, divisions.firstNumber + current...divisions.firstNumber + last)
    }

    private func index(in starts: [Int], at offset: Int, from first: Int) -> Int {
        var index = first
        while index + 1 < starts.count, starts[index + 1] <= offset { index += 1 }
        return index
    }
}
