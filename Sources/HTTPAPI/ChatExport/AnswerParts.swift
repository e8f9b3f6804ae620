import Domain

/// An answer, and apart from it what its model thought on the way, which stands between tags.
struct AnswerParts {
    let text: String
    /// `nil` where there is nothing of it.
    let reasoning: String?

    private static let tags = ["thought_chain", "thinking", "thought", "think"]

    init(_ answer: String) {
        var (text, thoughts) = ("", [String]())
        var rest = answer[...]
        while let tag = Self.nextTag(in: rest) {
            let inside = rest[tag.range.upperBound...]
            let end = inside.firstRange(of: "</\(tag.name)>")
            // One that is never closed belongs to an answer that broke off while its model was thinking.
            guard end != nil || (text + rest[..<tag.range.lowerBound]).trimmed.isEmpty else { break }
            text += rest[..<tag.range.lowerBound]
            thoughts.append((end.map { inside[..<$0.lowerBound] } ?? inside).trimmed)
            rest = end.map { inside[$0.upperBound...] } ?? ""
        }
        self.text = (text + rest).trimmed
        let reasoning = thoughts.filter { !$0.isEmpty }.joined(separator: "\n\n")
        self.reasoning = reasoning.isEmpty ? nil : reasoning
    }

    private static func nextTag(in text: Substring) -> (name: String, range: Range<String.Index>)? {
        tags.compactMap { name in text.firstRange(of: "<\(name)>").map { (name, $0) } }
            .min { $0.range.lowerBound < $1.range.lowerBound }
    }
}
