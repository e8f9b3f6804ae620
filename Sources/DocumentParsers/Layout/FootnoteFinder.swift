/// Finds the notes at the foot of a page or of its columns, which stand in the middle of the sentence that goes on in the next
/// column.
struct FootnoteFinder {
    let lines: [PlacedLine]

    /// The letters of notes are smaller than those of the text by this factor at least.
    private static let largestShare: Float = 0.93
    private static let marks: Set<Character> = ["*", "†", "‡", "§", "¶", "∗"]

    /// The regions without their notes, the notes of all of them, and the regions below these, such as the number of the page.
    func notes(in regions: [[Int]]) -> (body: [[Int]], notes: [Int], tail: [[Int]]) {
        // In a single column they stand at the end of the page anyway.
        guard regions.count > 1, lines.count <= PageComposer.maximumLines else { return (regions, [], []) }
        let usual = usualHeight
        var body: [[Int]] = []
        var notes: [Int] = []
        for region in regions {
            let start = start(of: region, usual: usual)
            body.append(Array(region[..<start]))
            notes += region[start...]
        }
        guard let bottom = notes.map({ lines[$0].box.bottom }).max() else { return (regions, [], []) }
        let isBelow = { (region: [Int]) in region.allSatisfy { lines[$0].box.top >= bottom } }
        let count = body.reversed().prefix(while: isBelow).count
        return (Array(body.dropLast(count)), notes, Array(body.suffix(count)))
    }

    /// Where in the region its notes begin: the first line of small letters behind which there are no others, and that begins
    /// with the mark of a note.
    private func start(of region: [Int], usual: Float) -> Int {
        let small = region.reversed().prefix { lines[$0].letterHeight <= Self.largestShare * usual }.count
        let first = region.count - small
        return region.indices.dropFirst(max(first, 1)).first { isMarked(lines[region[$0]]) } ?? region.count
    }

    private func isMarked(_ line: PlacedLine) -> Bool {
        guard let text = line.words.first?.text, let first = text.first else { return false }
        return first.isNumber || Self.marks.contains(first)
    }

    /// The size of most letters of the page.
    private var usualHeight: Float {
        var letters: [Float: Int] = [:]
        for line in lines {
            letters[(line.letterHeight * 10).rounded() / 10, default: 0] += line.words.reduce(0) {
                $0 + $1.text.utf8.count
            }
        }
        return letters.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
    }
}
