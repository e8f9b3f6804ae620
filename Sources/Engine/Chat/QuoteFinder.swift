import Domain

/// Finds the words of a source that say what an answer states.
struct QuoteFinder {
    private struct Word {
        let text: String
        /// UTF-16.
        let range: Range<Int>
    }

    private let text: String
    private let words: [Word]
    private let linesAreRows: Bool

    /// The share of a statement's words that a sentence has to hold.
    private static let leastShare = 0.5

    /// - Parameter linesAreRows: whether each line stands for itself.
    init(_ text: String, linesAreRows: Bool = false) {
        self.text = text
        self.linesAreRows = linesAreRows
        words = Self.words(in: text)
    }

    /// The statement itself where the source says it in these words, else the sentence that holds most of its words; `nil` where none
    /// holds half of them.
    func quote(of statement: String) -> (text: String, range: Range<Int>)? {
        let wanted = Self.words(in: statement).map(\.text)
        guard !wanted.isEmpty, !words.isEmpty else { return nil }
        if let start = place(of: wanted) { return quote(start..<start + wanted.count) }
        let distinct = Set(wanted)
        var best: (range: Range<Int>, share: Double)?
        for sentence in sentences {
            let held = Set(words[sentence].map(\.text)).intersection(distinct).count
            // Of two that hold as much, the shorter one says it, and the later one: the head of a table holds as much as its row.
            let share = Double(held) / Double(distinct.count) - Double(sentence.count) * 1e-4
            if held > 0, share >= best?.share ?? 0 { best = (sentence, share) }
        }
        guard let best, best.share >= Self.leastShare - 0.01 else { return nil }
        return quote(best.range)
    }

    private func quote(_ range: Range<Int>) -> (text: String, range: Range<Int>) {
        let units = words[range.lowerBound].range.lowerBound..<words[range.upperBound - 1].range.upperBound
        return (String(decoding: text.utf16.dropFirst(units.lowerBound).prefix(units.count), as: UTF16.self), units)
    }

    private func place(of wanted: [String]) -> Int? {
        guard wanted.count <= words.count else { return nil }
        return (0...words.count - wanted.count).first { start in
            zip(words[start...], wanted).allSatisfy { $0.text == $1 }
        }
    }

    /// Words from one full stop, or end of a line that ends a paragraph or a row, to the next.
    private var sentences: [Range<Int>] {
        let units = Array(text.utf16)
        var sentences: [Range<Int>] = []
        var start = 0
        var isRow = false
        for index in words.indices {
            let end = words[index].range.upperBound
            let next = index + 1 < words.count ? words[index + 1].range.lowerBound : units.count
            let between = String(decoding: units[end..<max(end, next)], as: UTF16.self)
            let ends =
                between.contains { ".!?。！？".contains($0) } && between.contains { $0.isWhitespace || "。！？".contains($0) }
            isRow = isRow || between.contains("|")
            let isBlock =
                between.contains("\n\n") || between.contains("\n-") || (isRow || linesAreRows) && between.contains("\n")
            if between.contains("\n") { isRow = between.hasSuffix("| ") || between.hasSuffix("|") }
            guard ends || isBlock || index + 1 == words.count else { continue }
            sentences.append(start..<index + 1)
            start = index + 1
        }
        return sentences
    }

    /// Runs of letters and digits, in one case; in scripts without spaces each character.
    private static func words(in text: String) -> [Word] {
        var words: [Word] = []
        var current = ""
        var start = 0
        var offset = 0
        func close() {
            if !current.isEmpty { words.append(Word(text: current.caseFolded, range: start..<offset)) }
            current = ""
        }
        for character in text {
            let isWide = character.unicodeScalars.first.map { $0.value >= 0x2E80 } ?? false
            if character.isLetter || character.isNumber {
                if isWide { close() }
                if current.isEmpty { start = offset }
                current.append(character)
            } else {
                close()
            }
            offset += character.utf16.count
            if isWide { close() }
        }
        close()
        return words
    }
}
