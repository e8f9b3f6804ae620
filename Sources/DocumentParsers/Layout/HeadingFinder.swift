/// An entry of a document's own outline.
struct OutlineEntry: Equatable {
    /// 1 for the highest.
    var level: Int
    var title: String
    /// Counted from 1.
    var page: Int
}

/// Marks the lines that are headings: those that the document's outline names, or else those in larger letters than the text.
enum HeadingFinder {
    /// Larger than the text by this factor; fonts of one size differ by a tenth.
    private static let leastRatio: Float = 1.15
    /// Two sizes within this factor are one.
    private static let tolerance: Float = 1.04
    private static let maximumLines = 3
    private static let maximumLength = 200

    static func marked(_ pages: [PageText], outline: [OutlineEntry]) -> [PageText] {
        let named = markedByOutline(pages, outline)
        // An outline whose words are not in the text is that of another version, or of pictures.
        if named.found >= 2, 5 * named.found >= 3 * outline.count { return named.pages }
        return markedBySize(pages)
    }

    // MARK: The outline

    private static func markedByOutline(
        _ pages: [PageText], _ outline: [OutlineEntry]
    ) -> (pages: [PageText], found: Int) {
        var pages = pages
        var found = 0
        let places = Dictionary(pages.enumerated().map { ($1.number, $0) }, uniquingKeysWith: { first, _ in first })
        var next = (page: 0, line: 0)
        for entry in outline {
            guard let page = places[entry.page], page >= next.page else { continue }
            let title = letters(entry.title[...])
            let first = page == next.page ? next.line : 0
            guard !title.isEmpty, let lines = range(of: title, in: pages[page].lines, from: first) else { continue }
            merge(&pages[page].lines, lines, level: entry.level)
            next = (page, lines.lowerBound + 1)
            found += 1
        }
        return (pages, found)
    }

    /// The lines that hold these letters and nothing else but a number in front.
    private static func range(of title: String, in rows: [TextRow], from first: Int) -> Range<Int>? {
        guard first < rows.count else { return nil }
        for start in first..<rows.count where rows[start].headingLevel == nil {
            var held = ""
            for end in start..<min(start + maximumLines, rows.count) {
                held += letters(rows[end].text[...])
                // A line of its own in front of the title is a label as short as `Chapter 4`.
                if end == start, !title.hasPrefix(held), !held.hasSuffix(title), wordCount(rows[start].text) > 2 {
                    break
                }
                if held.count > title.count + 24 { break }
                if held == title || (held.hasSuffix(title) && isNumber(held.dropLast(title.count))) {
                    return start..<end + 1
                }
            }
        }
        return nil
    }

    private static func wordCount(_ text: String) -> Int { text.split(whereSeparator: \.isWhitespace).count }

    /// As in `2.3.1`, `A.2`, `Chapter 4`, `Kapitel 4`: a word at most, and a number.
    private static func isNumber(_ label: Substring) -> Bool {
        label.count <= 2 || (label.count <= 16 && label.last?.isNumber == true)
    }

    /// Without case, spaces and signs, which outlines and texts spell differently.
    private static func letters(_ text: Substring) -> String {
        text.prefix(400).filter { $0.isLetter || $0.isNumber }.lowercased()
    }

    /// Makes one row of the lines of a heading.
    private static func merge(_ rows: inout [TextRow], _ range: Range<Int>, level: Int) {
        var row = rows[range.lowerBound]
        row.text = rows[range].map(\.text).joined(separator: String(TextRow.lineEnd))
        row.headingLevel = level
        rows.replaceSubrange(range, with: [row])
    }

    // MARK: Sizes

    private static func markedBySize(_ pages: [PageText]) -> [PageText] {
        let usual = usualHeight(pages)
        guard usual > 0 else { return pages }
        let isLarge = { (row: TextRow) in row.letterHeight >= leastRatio * usual && !row.isTableRow }
        let all = pages.reduce(0) { $0 + $1.lines.count }
        let large = pages.reduce(0) { $0 + $1.lines.count(where: isLarge) }
        // On slides and posters most lines are large.
        guard large > 0, 3 * large <= all else { return pages }
        var pages = pages
        var heights: Set<Float> = []
        for page in pages.indices {
            for range in headings(in: pages[page].lines, isLarge).reversed() {
                let height = pages[page].lines[range.lowerBound].letterHeight
                heights.insert(height)
                merge(&pages[page].lines, range, level: 1)
            }
        }
        let levels = levels(of: heights)
        for page in pages.indices {
            for line in pages[page].lines.indices where pages[page].lines[line].headingLevel != nil {
                pages[page].lines[line].headingLevel = levels[pages[page].lines[line].letterHeight] ?? 6
            }
        }
        return pages
    }

    private static func headings(in rows: [TextRow], _ isLarge: (TextRow) -> Bool) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        while start < rows.count {
            var end = start + 1
            guard isLarge(rows[start]) else {
                start = end
                continue
            }
            let height = rows[start].letterHeight
            while end < rows.count, isLarge(rows[end]), rows[end].letterHeight < height * tolerance,
                height < rows[end].letterHeight * tolerance, !rows[end].isAfterGap
            {
                end += 1
            }
            let length = rows[start..<end].reduce(0) { $0 + $1.text.count }
            let letters = rows[start..<end].reduce(0) { $0 + $1.text.count(where: \.isLetter) }
            if end - start <= maximumLines, length <= maximumLength, letters >= 2 { ranges.append(start..<end) }
            start = end
        }
        return ranges
    }

    /// That of most letters.
    private static func usualHeight(_ pages: [PageText]) -> Float {
        var letters: [Float: Int] = [:]
        for row in pages.lazy.flatMap(\.lines) where row.letterHeight > 0 {
            letters[row.letterHeight.inTenths, default: 0] += row.text.utf8.count
        }
        return letters.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
    }

    /// The largest is the highest; there are six.
    private static func levels(of heights: Set<Float>) -> [Float: Int] {
        var levels: [Float: Int] = [:]
        var level = 0
        var current = Float.infinity
        for height in heights.sorted(by: >) {
            if height * tolerance <= current {
                level += 1
                current = height
            }
            levels[height] = min(level, 6)
        }
        return levels
    }
}

extension Float {
    fileprivate var inTenths: Float { (self * 10).rounded() / 10 }
}
