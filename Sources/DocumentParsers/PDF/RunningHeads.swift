/// Lines at the edges of pages that are no part of the text: the title of a chapter above or below each of its pages, the
/// number of the page. Left in, they stand in the middle of every sentence that goes over to the next page.
enum RunningHeads {
    /// Lines at each edge of a page that are looked at.
    private static let depth = 2
    /// As many pages must have a line for it to be a running head.
    private static let leastPages = 3
    /// A page with fewer lines that are not blank is kept as it is: it may be a slide, whose first line is its title.
    private static let leastLines = 6

    /// What running heads have in common: the line, but for a number that counts the pages.
    private struct Pattern: Hashable {
        let text: String
        /// The number less that of the page in the file; `nil` where the line has no such number.
        let offset: Int?
    }

    /// The pages without their running heads; of those without a page number the first is kept, so that no word is lost.
    static func removed(from pages: [[Substring]]) -> [[Substring]] {
        let edges = pages.map(edges)
        var counts: [Pattern: Int] = [:]
        for (page, places) in edges.enumerated() {
            for pattern in Set(places.flatMap { patterns(of: pages[page][$0], page: page) }) {
                counts[pattern, default: 0] += 1
            }
        }
        var seen: Set<Pattern> = []
        return zip(pages, edges).enumerated().map { page, entry in
            let (lines, places) = entry
            let heads = places.filter { place in
                let found = patterns(of: lines[place], page: page).filter { counts[$0, default: 0] >= leastPages }
                return found.contains { $0.offset != nil || !seen.insert($0).inserted }
            }
            return lines.indices.filter { !heads.contains($0) }.map { lines[$0] }
        }
    }

    /// The places of the first and last lines that are not blank.
    private static func edges(of lines: [Substring]) -> [Int] {
        let filled = lines.indices.filter { !lines[$0].allSatisfy(\.isWhitespace) }
        guard filled.count >= leastLines else { return [] }
        return Array(filled.prefix(depth) + filled.suffix(depth))
    }

    private static func patterns(of line: Substring, page: Int) -> [Pattern] {
        let words = line.split(whereSeparator: \.isWhitespace)
        var patterns = [Pattern(text: words.joined(separator: " "), offset: nil)]
        for (place, word) in words.enumerated() {
            guard let number = Int(word), 0...99_999 ~= number else { continue }
            var others = words
            others[place] = "#"
            patterns.append(Pattern(text: others.joined(separator: " "), offset: number - page))
        }
        return patterns
    }
}
