package import Domain

/// Puts a prompt together that fits into a model's context window.
///
/// The question comes first, then the instruction, then passages from the best down, then history from the newest back;
/// each is taken while there is room, so that an overflow costs the least important piece and not all of them.
package struct PromptAssembler: Sendable {
    /// A passage with what stands in the prompt for it.
    package struct Passage: Sendable {
        /// As it is quoted, header included.
        package var quoted: String
        package var passage: ContextPassage
        /// What the answer is said to draw on where it cites this.
        package var source: Source?
        /// Where it ends in its document, in UTF-16 code units; `nil` where that does not matter.
        package var end: Int?

        package init(quoted: String, passage: ContextPassage, source: Source? = nil, end: Int? = nil) {
            self.quoted = quoted
            self.passage = passage
            self.source = source
            self.end = end
        }
    }

    /// Tokens, prompt and answer together.
    package let contextWindow: Int
    package let options: GenerationOptions
    private let tokens: TokenCounter
    /// Tokens that are kept free for the tools: what they are, and what they will say.
    package let reservedForTools: Int

    /// - Parameter runsTools: whether what tools say will join the prompt before the answer ends.
    package init(
        contextWindow: Int, options: GenerationOptions, runsTools: Bool = false, tokens: TokenCounter = .estimate
    ) {
        self.contextWindow = max(contextWindow, 256)
        self.options = options
        self.tokens = tokens
        let definitions = tokens.cost(of: options.tools)
        let results = runsTools ? min(self.contextWindow / 4, 8192) : 0
        reservedForTools = min(definitions + results, self.contextWindow / 2)
    }

    /// Tokens that whole documents may take, so that question, passages and history have their share.
    package var roomForDocuments: Int { (contextWindow - reservedForAnswer - reservedForTools) * 6 / 10 }

    /// `[CONTEXT n]:`, its end, and the number by which it is cited.
    private static let tokensPerPassage = 20

    /// - Parameters:
    ///   - documents: parts of whole documents, in order; they leave passages a share of the room.
    ///   - passages: what was found, the best first.
    ///   - history: oldest first.
    ///   - continuation: what came after the question.
    package func prompt(
        instruction: String, documents: [Passage] = [], passages: [Passage], history: [Message], question: Message,
        continuation: [Message] = []
    ) -> Prompt {
        var room = contextWindow - reservedForAnswer - reservedForTools
        let continuation = shortened(continuation, to: room * 3 / 4)
        room -= continuation.reduce(0) { $0 + cost(of: $1) }
        let asked = Message(
            role: .user, text: shortened(question.text, to: room * 7 / 10), media: question.media)
        room -= cost(of: asked)
        // The instruction gives way before the question does, but not to nothing.
        let system = shortened(instruction, to: max(64, room / 2))
        room -= tokens.cost(of: Message(role: .system, text: system))

        let historyShare = min(room * 3 / 10, history.reduce(0) { $0 + cost(of: $1) })
        let passageShare = min((room - historyShare) * 4 / 10, passages.reduce(0) { $0 + cost(of: $1) })
        let whole = fitting(documents, into: room - historyShare - passageShare)
        room -= whole.reduce(0) { $0 + cost(of: $1) }
        let found = fitting(passages, into: room - historyShare)
        room -= found.reduce(0) { $0 + cost(of: $1) }
        let (kept, sources) = Self.numbered(whole + found)
        let turns = newest(history, fitting: room)

        let context = SystemPrompt.context(kept.map { ($0.passage, $0.quoted) })
        return Prompt(
            messages: [Message(role: .system, text: system + context)] + turns + [asked] + continuation,
            question: question.text, passages: kept.map(\.passage), sources: sources, options: options)
    }

    /// The passages with the numbers of their sources: all parts of a document that is read as a whole have one.
    private static func numbered(_ passages: [Passage]) -> (passages: [Passage], sources: [Source]) {
        var numbers = SourceNumbers()
        let numbered = passages.map { passage in
            var passage = passage
            passage.passage.number = passage.source.map { numbers.number(of: $0) }
            return passage
        }
        return (numbered, numbers.sources)
    }

    /// At most half of what the tools leave, so that there is always room for the question.
    package var reservedForAnswer: Int {
        min(options.maximumTokens ?? max(256, contextWindow / 6), (contextWindow - reservedForTools) / 2)
    }

    /// The first passage may be cut, since a part of the best one is worth more than none.
    private func fitting(_ passages: [Passage], into room: Int) -> [Passage] {
        var room = room
        var kept: [Passage] = []
        for var passage in passages {
            if cost(of: passage) > room, kept.isEmpty, room > 64 {
                passage.quoted = shortened(passage.quoted, to: room - cost(aroundQuoteOf: passage))
            }
            let cost = cost(of: passage)
            guard cost <= room else { break }
            room -= cost
            kept.append(passage)
        }
        return kept
    }

    /// Whole chats, the newest ones; a question is not sent without its answer.
    private func newest(_ history: [Message], fitting room: Int) -> [Message] {
        var room = room
        var start = history.count
        while start > 0 {
            var begin = start - 1
            while begin > 0, history[begin].role != .user { begin -= 1 }
            let cost = history[begin..<start].reduce(0) { $0 + self.cost(of: $1) }
            guard cost <= room else { break }
            room -= cost
            start = begin
        }
        return Array(history[start...])
    }

    private func cost(of message: Message) -> Int { tokens.cost(of: message) }

    private func cost(of passage: Passage) -> Int {
        tokens.tokens(in: passage.quoted) + cost(aroundQuoteOf: passage)
    }

    private func cost(aroundQuoteOf passage: Passage) -> Int {
        tokens.tokens(in: passage.passage.citation) + Self.tokensPerPassage
    }

    /// Every turn has to stay, since a call without its result is refused; where they are too long together, the longest
    /// texts are cut to one length, and the others stay whole.
    private func shortened(_ turns: [Message], to share: Int) -> [Message] {
        let costs = turns.map { cost(of: $0) }
        guard costs.reduce(0, +) > share else { return turns }
        var room = share
        var limit = 0
        for (place, cost) in costs.sorted().enumerated() {
            limit = room / (costs.count - place)
            guard cost <= limit else { break }
            room -= cost
        }
        return zip(turns, costs).map { turn, cost in
            guard cost > limit else { return turn }
            var turn = turn
            turn.text = shortened(turn.text, to: max(16, limit - (cost - tokens.tokens(in: turn.text))))
            return turn
        }
    }

    private func shortened(_ text: String, to limit: Int) -> String { tokens.shortened(text, to: max(1, limit)) }
}
