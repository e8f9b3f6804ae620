/// How the lines of a column follow one another: those of running text go on in the middle of a sentence, those of a table's
/// column each begin anew.
struct ColumnText {
    private(set) var lineCount = 0
    /// Two signs of a script without spaces count as a word.
    private var words = 0
    private(set) var characters = 0
    private(set) var numbers = 0
    private var transitions = 0
    private var continuations = 0
    private var widths: [Float] = []
    private var box = Box()
    private var previous: PlacedLine?

    init(_ lines: [PlacedLine]) {
        for line in lines { add(line) }
    }

    private mutating func add(_ line: PlacedLine) {
        lineCount += 1
        words += line.words.reduce(0) { $0 + max(1, Spacelessness.signs(in: $1.text) / 2) }
        characters += line.words.reduce(0) { $0 + $1.text.count }
        if line.words.allSatisfy({ $0.text.contains(where: \.isNumber) }) { numbers += 1 }
        if let previous {
            transitions += 1
            if Self.goesOn(from: previous, to: line) { continuations += 1 }
        }
        widths.append(line.box.width)
        box = lineCount == 1 ? line.box : box.union(line.box)
        previous = line
    }

    var meanWords: Double { lineCount == 0 ? 0 : Double(words) / Double(lineCount) }
    var meanCharacters: Double { lineCount == 0 ? 0 : Double(characters) / Double(lineCount) }
    var isNumeric: Bool { 2 * numbers > lineCount }

    /// The share of lines that begin in the middle of a sentence.
    var continuity: Double { transitions == 0 ? 0 : Double(continuations) / Double(transitions) }

    /// The share of lines, but for the last, that reach almost to the end of the longest.
    private var fill: Double {
        let lines = widths.dropLast()
        guard !lines.isEmpty else { return 0 }
        return Double(lines.count { $0 >= 0.8 * box.width }) / Double(lines.count)
    }

    var isRunningText: Bool {
        guard lineCount >= 2, continuity >= 0.4 else { return false }
        if meanWords >= 3.5, fill >= 0.5 { return true }
        // Narrow columns, whose lines hold few words but are full.
        return lineCount >= 5 && meanWords >= 2 && fill >= 0.8
    }

    /// Whether the second line continues the first one's sentence. Scripts without capitals are told by where sentences end.
    static func goesOn(from line: PlacedLine, to next: PlacedLine) -> Bool {
        guard let end = line.words.last?.text.last, let start = next.words.first?.text.first else { return false }
        if ".!?:;。！？".contains(end) { return false }
        if start.isLowercase { return true }
        return start.isLetter && !start.isUppercase
    }
}
