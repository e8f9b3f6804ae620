/// Lines at the edges of pages that are no part of the text: the title of a chapter above or below each of its pages, the
/// number of the page. Left in, they stand in the middle of every sentence that goes over to the next page.
enum RunningHeads {
    /// Lines at each edge of a page that are looked at.
    private static let depth = 2
    /// As many pages must have a line for it to be a running head.
    private static let leastPages = 3
    /// Points between two pages' lines of one height: less than from one line to the next.
    private static let sameHeight: Float = 9
    /// Of the usual letters of a page; what is larger is a heading.
    private static let largest: Float = 1.2
    /// A page with fewer lines is kept as it is: it may be a slide, whose first line is its title.
    private static let leastLines = 6

    /// A line that begins or ends with the page number and is no longer, in words, is a running head whatever else it says,
    /// where at least half of the pages number themselves so.
    private static let mostWords = 12

    /// What running heads have in common: the line, but for a number that counts the pages.
    private struct Pattern: Hashable {
        /// `nil` stands for any text.
        let text: String?
        /// The number less that of the page in the file; `nil` where the line has no such number.
        let offset: Int?
    }

    /// A line as it stands on one page.
    private struct Sighting: Hashable {
        let page: Int
        /// In the page's lines.
        let place: Int
    }

    /// The pages without their running heads; of those without a page number the first is kept, so that no word is lost.
    static func removed(from pages: [PageText]) -> [PageText] {
        let edges = pages.map(edges)
        var sightings: [Pattern: [Sighting]] = [:]
        for (page, places) in edges.enumerated() {
            for place in places {
                for pattern in Set(patterns(of: pages[page].lines[place].text, page: page)) {
                    sightings[pattern, default: []].append(Sighting(page: page, place: place))
                }
            }
        }
        var heads: [Sighting: [Pattern]] = [:]
        for (pattern, all) in sightings where all.count >= leastPages {
            for sighting in recurring(all, of: pattern, in: pages) { heads[sighting, default: []].append(pattern) }
        }
        var seen: Set<Pattern> = []
        return zip(pages, edges).enumerated().map { number, entry in
            var (page, places) = entry
            places.removeAll { place in
                let found = heads[Sighting(page: number, place: place)] ?? []
                return !found.contains { $0.offset != nil || !seen.insert($0).inserted }
            }
            guard !places.isEmpty else { return page }
            page.lines = page.lines.indices.filter { !places.contains($0) }.map { page.lines[$0] }
            return page
        }
    }

    /// Those that stand at one height of as many pages as make a running head. What says no page number must be on pages that
    /// follow one another, or on every second: sentences that recur here and there are text.
    private static func recurring(_ sightings: [Sighting], of pattern: Pattern, in pages: [PageText]) -> [Sighting] {
        let top = { (sighting: Sighting) in pages[sighting.page].lines[sighting.place].top }
        let levels = sightings.sorted { top($0) < top($1) }.split(where: { top($1) - top($0) > sameHeight })
        let isNumbered = pattern.offset != nil
        let least = pattern.text == nil ? max(leastPages + 1, (pages.count + 1) / 2) : leastPages
        return levels.flatMap { level in
            let ordered = level.sorted { $0.page < $1.page }
            let runs = isNumbered ? [ordered[...]] : ordered.split(where: { $1.page - $0.page > 2 })
            return runs.filter { Set($0.map(\.page)).count >= least }.joined()
        }
    }

    /// The places of the first and last lines that may be no part of the text: white space parts them from it, and they are no
    /// larger. A heading that counts (`Invoice 4711`, `Invoice 4712`) is what its page is about.
    private static func edges(of page: PageText) -> [Int] {
        let lines = page.lines
        guard lines.count >= leastLines else { return [] }
        let places = lines.indices.prefix(depth) + lines.indices.suffix(depth)
        let sizes = lines.map(\.letterHeight).filter { $0 > 0 }.sorted()
        guard !sizes.isEmpty else { return Array(places) }
        let usual = sizes[sizes.count / 2]
        return places.filter { place in
            let isApart =
                place < depth
                ? lines[place + 1...depth].contains(where: \.isAfterGap)
                : lines[(lines.count - depth)...place].contains(where: \.isAfterGap)
            return isApart && lines[place].letterHeight < largest * usual
        }
    }

    private static func patterns(of line: String, page: Int) -> [Pattern] {
        let words = line.split(whereSeparator: \.isWhitespace)
        var patterns = [Pattern(text: words.joined(separator: " "), offset: nil)]
        for (place, word) in words.enumerated() {
            guard let number = Int(word) ?? RomanNumeral.value(of: word), 0...99_999 ~= number else {
                continue
            }
            var others = words
            others[place] = "#"
            patterns.append(Pattern(text: others.joined(separator: " "), offset: number - page))
            if words.count <= mostWords, place == 0 || place == words.count - 1 {
                patterns.append(Pattern(text: nil, offset: number - page))
            }
        }
        return patterns
    }
}

extension Array {
    /// Stretches between whose last and next element `isEnd` holds.
    fileprivate func split(where isEnd: (Element, Element) -> Bool) -> [ArraySlice<Element>] {
        var stretches: [ArraySlice<Element>] = []
        var start = startIndex
        for index in indices.dropFirst() where isEnd(self[index - 1], self[index]) {
            stretches.append(self[start..<index])
            start = index
        }
        return isEmpty ? [] : stretches + [self[start...]]
    }
}
