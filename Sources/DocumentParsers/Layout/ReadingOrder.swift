/// Parts a page into what is read one after the other: columns of running text, and what spans them.
///
/// Poppler's order is right for most of what stands in one column, and is kept there. What stands at the top of columns it reads
/// before all of them, and it mixes columns that begin at different heights.
struct ReadingOrder {
    /// Columns within columns.
    private static let maximumDepth = 6
    /// A page with more lines is no page of columns, and finding them takes longer than in proportion.
    private static let maximumLines = 4000
    /// Lines at the ends of a column that are no running text of several lines, such as its heading.
    private static let maximumEndLines = 3

    let lines: [PlacedLine]
    let prose: [RunningTextFinder.Block]

    /// Places of lines, each once; in the order of reading, as far as the lines of a region do not stand side by side.
    func regions() -> [[Int]] {
        let all = Array(lines.indices)
        guard lines.count <= Self.maximumLines, prose.count < RunningTextFinder.maximumBlocks else { return [all] }
        return regions(all, depth: 0)
    }

    private func regions(_ members: [Int], depth: Int) -> [[Int]] {
        let blocks = blocks(in: members)
        guard depth < Self.maximumDepth, let gutter = gutter(between: blocks) else {
            return members.isEmpty ? [] : [depth == 0 ? members : fromTopToBottom(members)]
        }
        let crossing = crossing(gutter, members)
        // Where something spans the gutter, the columns above and below it are columns of their own.
        var result: [[Int]] = []
        var rest = members
        for span in crossing {
            let above = rest.filter { lines[$0].box.middle.y < span.lowerBound }
            let within = rest.filter { span.contains(lines[$0].box.middle.y) }
            rest = rest.filter { lines[$0].box.middle.y > span.upperBound }
            result += columns(above, at: gutter, depth: depth)
            result += regions(within, depth: depth + 1)
        }
        return result + columns(rest, at: gutter, depth: depth)
    }

    private func blocks(in members: [Int]) -> [RunningTextFinder.Block] {
        let members = Set(members)
        return prose.filter { $0.lines.allSatisfy(members.contains) }
    }

    // MARK: Gutters

    /// The middle of the space between two columns of running text, the one that parts most of it; the leftmost of several.
    private func gutter(between blocks: [RunningTextFinder.Block]) -> Float? {
        var best: (place: Float, support: Float)?
        for left in blocks {
            let beside = blocks.filter { Self.areBeside(left.box, $0.box) }
            guard let right = beside.min(by: { $0.box.left < $1.box.left }) else { continue }
            let place = (left.box.right + right.box.left) / 2
            let support = support(of: place, blocks)
            if support > (best?.support ?? 0) || (support == best?.support && place < best?.place ?? 0) {
                best = (place, support)
            }
        }
        return best?.place
    }

    /// Whether the second stands to the right of the first, with room between them.
    private static func areBeside(_ left: Box, _ right: Box) -> Bool {
        right.left - left.right >= 4 && left.verticalOverlap(right) >= 12
    }

    /// How much running text stands side by side at a gutter, in points of height, less what crosses it.
    private func support(of place: Float, _ blocks: [RunningTextFinder.Block]) -> Float {
        let left = blocks.filter { $0.box.right <= place }
        let right = blocks.filter { $0.box.left >= place }
        let crossing = blocks.filter { $0.box.left < place && place < $0.box.right }
        let beside = left.reduce(Float(0)) { sum, block in
            sum + right.reduce(0) { $0 + max(0, $1.box.verticalOverlap(block.box)) }
        }
        return beside - crossing.reduce(0) { $0 + $1.box.height }
    }

    /// The stretches of the page's height where something spans the gutter, from top to bottom.
    private func crossing(_ gutter: Float, _ members: [Int]) -> [ClosedRange<Float>] {
        let spanning = members.map { lines[$0] }.filter {
            !$0.isVertical && $0.box.left < gutter - 2 && $0.box.right > gutter + 2
        }
        var spans: [ClosedRange<Float>] = []
        for box in spanning.map(\.box).sorted(by: { $0.top < $1.top }) {
            if let last = spans.last, box.top - last.upperBound < 0.8 * box.height {
                spans[spans.count - 1] = last.lowerBound...max(last.upperBound, box.bottom)
            } else {
                spans.append(box.top...max(box.top, box.bottom))
            }
        }
        return spans
    }

    // MARK: Columns

    /// What stands above the columns, what is left and right of the gutter, what stands below.
    private func columns(_ members: [Int], at gutter: Float, depth: Int) -> [[Int]] {
        let blocks = blocks(in: members)
        let left = blocks.filter { $0.box.right <= gutter }
        let right = blocks.filter { $0.box.left >= gutter }
        guard left.contains(where: { block in right.contains { $0.box.verticalOverlap(block.box) > 0 } }) else {
            return regions(members, depth: depth + 1)
        }
        var extent = blocks.dropFirst().reduce(blocks[0].box) { $0.union($1.box) }
        let sides = [true, false].map { isLeft in
            members.filter { !lines[$0].isVertical && (lines[$0].box.middle.x < gutter) == isLeft }
        }
        let ends = sides.map { self.ends(of: $0, beyond: extent) }
        // Rows that stand above or below both columns alike are no part of either.
        let isHeading = ends.allSatisfy { isEnd(of: $0.above.reversed()) }
        let isTail = ends.allSatisfy { isEnd(of: $0.below) }
        let ended = Set(ends.flatMap { (isHeading ? $0.above : []) + (isTail ? $0.below : []) })
        for index in ended { extent = extent.union(lines[index].box) }
        let isInside = { (index: Int) in
            ended.contains(index) || (extent.top...extent.bottom).contains(self.lines[index].box.middle.y)
        }
        let above = members.filter { !isInside($0) && lines[$0].box.middle.y < extent.top }
        let below = members.filter { !isInside($0) && lines[$0].box.middle.y > extent.bottom }
        let inside = members.filter(isInside)
        return regions(above, depth: depth + 1)
            + regions(inside.filter { lines[$0].box.middle.x < gutter }, depth: depth + 1)
            + regions(inside.filter { lines[$0].box.middle.x >= gutter }, depth: depth + 1)
            + regions(below, depth: depth + 1)
    }

    /// The lines that follow closely on the column's text beyond the running text: headings, the end of a paragraph.
    private func ends(of side: [Int], beyond extent: Box) -> (above: [Int], below: [Int]) {
        let sorted = side.sorted { lines[$0].box.top < lines[$1].box.top }
        let inside = sorted.filter { (extent.top...extent.bottom).contains(lines[$0].box.middle.y) }
        var above: [Int] = []
        var top = inside.map { lines[$0].box.top }.min() ?? extent.top
        for index in sorted.reversed() where lines[index].box.middle.y < extent.top {
            let box = lines[index].box
            guard top - box.bottom <= 1.3 * box.height else { break }
            above.append(index)
            top = box.top
        }
        var below: [Int] = []
        var bottom = inside.map { lines[$0].box.bottom }.max() ?? extent.bottom
        for index in sorted where lines[index].box.middle.y > extent.bottom {
            let box = lines[index].box
            guard box.top - bottom <= 0.8 * box.height else { break }
            below.append(index)
            bottom = box.bottom
        }
        return (above, below)
    }

    /// Whether lines, from top to bottom, may be the heading of a column, or the end of a paragraph in it.
    private func isEnd(of side: [Int]) -> Bool {
        side.count <= Self.maximumEndLines || ColumnText(side.map { lines[$0] }).continuity >= 0.4
    }

    /// In the order of their heights, where no two stand side by side.
    private func fromTopToBottom(_ members: [Int]) -> [Int] {
        let sorted = members.sorted { (lines[$0].box.top, $0) < (lines[$1].box.top, $1) }
        let areApart = zip(sorted, sorted.dropFirst()).allSatisfy { upper, lower in
            let (box, next) = (lines[upper].box, lines[lower].box)
            return box.verticalOverlap(next) <= 0.5 * min(box.height, next.height)
        }
        return areApart ? sorted : members
    }
}
