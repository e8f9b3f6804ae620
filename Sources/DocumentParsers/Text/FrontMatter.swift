import Domain

/// The block between two lines of `---` which many programs put before Markdown; of its YAML only plain scalars are read.
struct FrontMatter {
    private(set) var outline = Outline()
    /// Lines of the text which it takes up, the delimiters included.
    let lineCount: Int

    /// How many lines are searched for the end of the block.
    private static let longest = 200

    /// - Returns: nil where the text does not begin with such a block.
    init?(_ text: String) {
        guard text.hasPrefix("---\n") || text.hasPrefix("--- ") else { return nil }
        let lines = text.utf8.prefix(64 << 10).split(
            separator: 0x0A, maxSplits: Self.longest, omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
        let end = lines.dropFirst().firstIndex { ["---", "..."].contains($0.trimmed) }
        guard let end, end < Self.longest else { return nil }
        lineCount = end + 1
        for line in lines[1..<end] {
            guard let colon = line.firstIndex(of: ":"), line.first?.isWhitespace == false else { continue }
            outline.set(String(line[..<colon]), to: Self.scalar(line[line.index(after: colon)...]))
        }
    }

    /// The value without quotes; lists, maps and block scalars count as nothing.
    private static func scalar(_ value: Substring) -> String {
        let text = value.trimmed
        guard let first = text.first, !"[{|>&*!".contains(first) else { return "" }
        guard first == "\"" || first == "'", text.count >= 2, text.last == first else { return text }
        return String(text.dropFirst().dropLast())
    }
}
