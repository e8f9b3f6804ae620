import Domain

/// The block between two lines of `---`, or of `+++`, which many programs put before Markdown; of its YAML or TOML only plain
/// scalars are read.
struct FrontMatter {
    private(set) var outline = Outline()
    /// Lines of the text which it takes up, the delimiters included.
    let lineCount: Int

    /// How many lines are searched for the end of the block.
    private static let longest = 2000

    /// - Returns: nil where the text does not begin with such a block.
    init?(_ text: String) {
        guard text.hasPrefix("---") || text.hasPrefix("+++") else { return nil }
        let lines = text.utf8.prefix(256 << 10).split(
            separator: 0x0A, maxSplits: Self.longest, omittingEmptySubsequences: false
        ).map { String(decoding: $0, as: UTF8.self) }
        let mark = lines[0].trimmed
        guard mark == "---" || mark == "+++" else { return nil }
        let isTOML = mark == "+++"
        let end = lines.dropFirst().firstIndex { line in
            let end = line.trimmed
            return line.first?.isWhitespace == false && (end == mark || end == "..." && !isTOML)
        }
        guard let end, end < Self.longest else { return nil }
        lineCount = end + 1
        for line in lines[1..<end] {
            guard let colon = line.firstIndex(of: isTOML ? "=" : ":"), line.first?.isWhitespace == false else {
                continue
            }
            outline.set(line[..<colon].trimmed, to: Self.scalar(line[line.index(after: colon)...]))
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
