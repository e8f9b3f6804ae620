import Domain

/// Turns a model's events into what is sent and stored. Reasoning stands between `<think>` tags, or apart.
struct ReplyWriter {
    let separatesReasoning: Bool
    private(set) var text = ""
    /// Where it stands apart.
    private(set) var reasoning = ""
    private var isThinking = false

    init(separatesReasoning: Bool) { self.separatesReasoning = separatesReasoning }

    mutating func events(of event: ReplyEvent) -> [ChatEvent] {
        switch event {
        case .reasoning(let piece) where separatesReasoning:
            reasoning += piece
            return [.reasoning(piece)]
        case .reasoning(let piece):
            let opening = isThinking ? "" : "<think>"
            isThinking = true
            return [add(opening + piece)]
        case .text(let piece):
            hasAnswer = hasAnswer || !piece.isEmpty
            return end() + [add(piece)]
        case .probabilities(let items): return [.probabilities(items)]
        case .toolCallPiece, .toolCall: return end()
        }
    }

    var hasText: Bool { !text.isEmpty }

    /// Whether anything but thoughts has been said.
    private(set) var hasAnswer = false

    /// Ends a paragraph; gives what was added.
    mutating func addParagraph() -> [ChatEvent] { end() + [add("\n\n")] }

    /// Closes a thought that is still open.
    mutating func end() -> [ChatEvent] {
        guard isThinking else { return [] }
        isThinking = false
        return [add("</think>")]
    }

    private mutating func add(_ piece: String) -> ChatEvent {
        text += piece
        return .text(piece)
    }
}
