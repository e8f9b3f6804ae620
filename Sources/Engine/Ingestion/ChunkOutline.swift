import Domain

/// Tells the pages and headings that a stretch of a document lies under, for stretches asked about in reading order.
struct ChunkOutline {
    private let pageStarts: [Int]
    private let headings: [ParsedDocument.Heading]
    /// The page where the last stretch began, as an index.
    private var page = 0
    private var nextHeading = 0
    private var path: [ParsedDocument.Heading] = []
    private var previousEnd = 0

    init(pageStarts: [Int], headings: [ParsedDocument.Heading]) {
        self.pageStarts = pageStarts
        self.headings = headings
    }

    /// The headings are those over the first character that the stretch does not repeat from its predecessor.
    mutating func place(of range: Range<Int>) -> (pages: ClosedRange<Int>?, headingPath: [String]) {
        let own = min(max(range.lowerBound, previousEnd), range.upperBound - 1)
        previousEnd = max(previousEnd, range.upperBound)
        while nextHeading < headings.count, headings[nextHeading].offset <= own {
            let heading = headings[nextHeading]
            while let last = path.last, last.level >= heading.level { path.removeLast() }
            path.append(heading)
            nextHeading += 1
        }
        return (pages(of: range), path.map(\.title))
    }

    private mutating func pages(of range: Range<Int>) -> ClosedRange<Int>? {
        guard !pageStarts.isEmpty else { return nil }
        page = index(ofPageAt: range.lowerBound, from: page)
        return page + 1...index(ofPageAt: range.upperBound - 1, from: page) + 1
    }

    private func index(ofPageAt offset: Int, from first: Int) -> Int {
        var index = first
        while index + 1 < pageStarts.count, pageStarts[index + 1] <= offset { index += 1 }
        return index
    }
}
