import Domain

/// Turns a model's events into the text that is sent and stored; reasoning stands between `<think>` tags.
struct ReplyWriter {
    private(set) var text = ""
    private var isThinking = false

    mutating func pieces(of event: ReplyEvent) -> [String] {
        var pieces: [String] = []
        switch event {
        case .reasoning(let piece):
            pieces = [isThinking ? piece : "<think>" + piece]
            isThinking = true
        case .text(let piece):
            pieces = end() + [piece]
            text += piece
            return pieces
        case .toolCall:
            return end()
        }
        text += pieces.joined()
        return pieces
    }

    var hasText: Bool { !text.isEmpty }

    /// Ends a paragraph; gives what was added.
    mutating func addParagraph() -> String {
        let pieces = end().joined() + "\n\n"
        text += "\n\n"
        return pieces
    }

    /// Closes a thought that is still open.
    mutating func end() -> [String] {
        guard isThinking else { return [] }
        isThinking = false
        text += "</think>"
        return ["</think>"]
    }
}
