/// Finds text that is written in columns from top to bottom, which follow one another from right to left, as in Japanese books
/// and newspapers. Tools give it as lines of single signs, one from each column.
enum VerticalText {
    /// So many signs, nearly all of them alone, are no accident.
    private static let leastSigns = 8
    private static let leastShare = 0.8

    /// The lines, those of vertical text replaced by its columns.
    static func upright(_ lines: [PlacedLine]) -> [PlacedLine] {
        let isVertical = marked(lines)
        guard isVertical.contains(true) else { return lines }
        var result: [PlacedLine] = []
        for tier in tiers(zip(lines, isVertical).filter(\.1).map(\.0)) {
            guard let columns = columns(tier) else { return lines }
            result += columns
        }
        // What else stands on the page is read before or behind, as its beginning does.
        let first = isVertical.firstIndex(of: true) ?? 0
        let others = zip(lines.indices, isVertical).filter { !$0.1 }.map(\.0)
        return others.filter { $0 < first }.map { lines[$0] } + result + others.filter { $0 > first }.map { lines[$0] }
    }

    /// Which lines are of blocks that hold single signs.
    private static func marked(_ lines: [PlacedLine]) -> [Bool] {
        var words: [Int: (signs: Int, all: Int)] = [:]
        var all = 0
        for line in lines {
            let signs = line.words.count { $0.text.count == 1 && Spacelessness.signs(in: $0.text) == 1 }
            words[line.block, default: (0, 0)].signs += signs
            words[line.block, default: (0, 0)].all += line.words.count
            all += signs
        }
        guard all >= leastSigns else { return Array(repeating: false, count: lines.count) }
        return lines.map { line in
            words[line.block].map { Double($0.signs) >= leastShare * Double($0.all) } ?? false
        }
    }

    /// Parts of the page one below the other; each is read before the next.
    private static func tiers(_ lines: [PlacedLine]) -> [[PlacedLine]] {
        var tiers: [(box: Box, lines: [PlacedLine])] = []
        for line in lines.sorted(by: { $0.box.top < $1.box.top }) {
            if let last = tiers.last, line.box.top - last.box.bottom <= line.box.height {
                tiers[tiers.count - 1].box = last.box.union(line.box)
                tiers[tiers.count - 1].lines.append(line)
            } else {
                tiers.append((line.box, [line]))
            }
        }
        return tiers.map(\.lines)
    }

    /// `nil` where the lines are not written so.
    private static func columns(_ lines: [PlacedLine]) -> [PlacedLine]? {
        let words = lines.flatMap(\.words)
        var columns: [[PlacedWord]] = []
        for word in words.sorted(by: { $0.box.middle.x > $1.box.middle.x }) {
            if let last = columns.last?.last, abs(last.box.middle.x - word.box.middle.x) <= 0.5 * last.box.width {
                columns[columns.count - 1].append(word)
            } else {
                columns.append([word])
            }
        }
        columns = columns.map { $0.sorted { $0.box.top < $1.box.top } }
        guard isCloserDownwards(columns) else { return nil }
        return columns.map { column in
            var line = PlacedLine(block: lines.first?.block ?? 0)
            let box = column.dropFirst().reduce(column[0].box) { $0.union($1.box) }
            line.append(PlacedWord(text: column.map(\.text).joined(), box: box))
            return line
        }
    }

    /// Whether signs stand closer together in a column than columns do.
    private static func isCloserDownwards(_ columns: [[PlacedWord]]) -> Bool {
        let down = columns.flatMap { zip($0, $0.dropFirst()).map { $1.box.middle.y - $0.box.middle.y } }.sorted()
        let across = zip(columns, columns.dropFirst()).map { $0[0].box.middle.x - $1[0].box.middle.x }.sorted()
        guard !down.isEmpty else { return false }
        // A single column is what labels beside a picture are, too.
        guard !across.isEmpty else { return columns[0].count >= leastSigns }
        return across[across.count / 2] > 1.1 * down[down.count / 2]
    }
}
