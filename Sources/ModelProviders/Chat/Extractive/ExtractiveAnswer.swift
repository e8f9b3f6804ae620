import Domain

/// The text of an extractive answer, in the pieces in which it is streamed. Passages are cited by their places in the
/// prompt, which are those of the sources that are sent along.
struct ExtractiveAnswer {
    let pieces: [String]

    init(quotations: [ExtractiveCandidate], passages: [ContextPassage]) {
        guard !quotations.isEmpty else {
            pieces = [
                passages.isEmpty
                    ? "No language model is configured, so I can only quote documents, and none were found for this."
                    : "No language model is configured, so I can only quote documents, and nothing in those found "
                        + "answers this."
            ]
            return
        }
        var pieces = ["No language model is configured; these passages of your documents answer best:\n\n"]
        let number = { (passage: Int) in passages[passage].number ?? passage + 1 }
        pieces += quotations.map { Self.line($0, number: number($0.passage)) }
        let cited = Dictionary(quotations.map { (number($0.passage), $0.passage) }) { first, _ in first }
        let sources = cited.sorted { $0.key < $1.key }.map { "[\($0)] \(Self.singleLine(passages[$1].citation))" }
        pieces.append("\nSources:\n")
        pieces += sources.dropLast().map { $0 + "\n" } + sources.suffix(1)
        self.pieces = pieces
    }

    private static func line(_ quotation: ExtractiveCandidate, number: Int) -> String {
        let text = withoutMarkers(quotation.unit.text)
        if quotation.unit.kind == .code {
            // More than the code itself holds, so that it cannot end the block.
            let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: text) + 1))
            return "\(fence)\n\(text)\n\(fence)\n[\(number)]\n"
        }
        let start = quotation.isCutAtStart ? "… " : ""
        let end = quotation.isCutAtEnd ? " …" : ""
        // Rows of a table mean little without the names of their columns.
        let columns = quotation.unit.kind == .tableRow && !quotation.context.isEmpty ? "\(quotation.context): " : ""
        return "- \(singleLine(withoutMarkers(columns)))\(start)\(singleLine(text))\(end) [\(number)]\n"
    }

    /// A document that writes `[2]` or `[3, 4]` must not seem to cite: its brackets around numbers become parentheses, but for those in
    /// code.
    private static func withoutMarkers(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        var isCode = false
        while let next = rest.firstIndex(where: { $0 == "[" || $0 == "`" }) {
            result += rest[..<next]
            rest = rest[next...]
            let inside = rest.dropFirst().prefix { $0.isNumber || $0 == "," || $0 == " " }
            if rest.first == "`" {
                isCode.toggle()
            } else if !isCode, inside.contains(where: \.isNumber), inside.endIndex < rest.endIndex,
                rest[inside.endIndex] == "]"
            {
                result += "(" + inside + ")"
                rest = rest[rest.index(after: inside.endIndex)...]
                continue
            }
            result.append(rest.removeFirst())
        }
        return result + rest
    }

    private static func singleLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }

    private static func longestRun(of character: Character, in text: String) -> Int {
        text.split { $0 != character }.map(\.count).max() ?? 0
    }
}
