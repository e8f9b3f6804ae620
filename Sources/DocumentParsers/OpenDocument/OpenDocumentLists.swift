import Domain

/// The numbers of the lists and headings of an OpenDocument file (ISO/IEC 26300-3, 5.3 and 16.30): which item gets which.
struct OpenDocumentLists {
    private struct Level {
        /// `1`, `a`, `A`, `i` or `I`.
        var format: String
        var prefix: String
        var suffix: String
        var start: Int
        /// How many levels show their numbers, this one among them.
        var shownLevels: Int
    }

    /// The style of headings, which has no name in a file.
    static let outline = ""
    private static let levels = 10
    /// Levels that are numbered, from 0.
    private var styles: [String: [Int: Level]] = [:]
    private var current: String?
    private var counters: [String: [Int?]] = [:]

    // MARK: Styles

    /// Takes an element in front of the body.
    mutating func read(_ element: XMLCursor.Element) {
        let attributes = element.attributes
        switch element.name {
        case "list-style": current = attributes["name"]
        case "outline-style": current = Self.outline
        case "list-level-style-number", "outline-level-style":
            guard let current, let level = attributes["level"].flatMap(Int.init), 1...Self.levels ~= level else {
                return
            }
            let format = attributes["num-format"] ?? ""
            guard !format.isEmpty else { return }
            styles[current, default: [:]][level - 1] = Level(
                format: format, prefix: attributes["num-prefix"] ?? "", suffix: attributes["num-suffix"] ?? "",
                start: attributes["start-value"].flatMap(Int.init) ?? 1,
                shownLevels: attributes["display-levels"].flatMap(Int.init) ?? 1)
        default: break
        }
    }

    // MARK: Items

    /// A list begins.
    ///
    /// - Parameter level: 0 for the outermost.
    mutating func begin(_ style: String?, level: Int, continues: Bool) {
        guard let style, level < Self.levels, !continues else { return }
        forget(style, from: level)
    }

    /// The number of the next item, or heading; `nil` where it has none.
    ///
    /// - Parameter start: what it is counted as, where the file says so.
    mutating func nextLabel(_ style: String?, level: Int, start: Int? = nil) -> String? {
        guard let style, let levels = styles[style], 0..<Self.levels ~= level else { return nil }
        let first = levels[level]?.start ?? 1
        let number = start ?? counters[style]?[level].map { $0 &+ 1 } ?? first
        forget(style, from: level)
        counters[style]?[level] = number
        guard let own = levels[level] else { return nil }
        let shown = max(0, level + 1 - max(1, own.shownLevels))...level
        let numbers = shown.compactMap { place -> String? in
            guard place == level || levels[place] != nil else { return nil }
            let number = counters[style]?[place] ?? levels[place]?.start ?? 1
            return ListNumber.text(number, format: levels[place]?.format ?? "1")
        }
        let label = (own.prefix + numbers.joined(separator: ".") + own.suffix).trimmed
        return label.isEmpty ? nil : label
    }

    private mutating func forget(_ style: String, from level: Int) {
        var numbers = counters[style] ?? Array(repeating: nil, count: Self.levels)
        for place in level..<Self.levels { numbers[place] = nil }
        counters[style] = numbers
    }
}
