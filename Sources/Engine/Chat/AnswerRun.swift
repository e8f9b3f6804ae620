import Domain

/// One answer while it is made: asks the model, runs the tools that it calls, and asks again, until it answers.
struct AnswerRun {
    let model: any LanguageModel
    /// `nil` where the model is offered none, or those of the client, which are the client's to run.
    let tools: ChatTools?
    /// Calls of tools in all.
    let maximumToolCalls: Int
    private let tokens: TokenCounter

    private(set) var writer: ReplyWriter
    private(set) var uses: [ToolUse] = []
    private(set) var thoughts: [String] = []
    /// What the prompt was given, and what the tools brought up.
    private var numbers = SourceNumbers()
    /// Calls of the client's tools, for the client.
    private(set) var clientCalls: [ToolCall] = []
    private(set) var probabilities: [TokenProbability] = []
    private(set) var finishReason = ReplySummary.FinishReason.stop
    private(set) var promptTokens = 0
    private(set) var completionTokens = 0

    /// A result shorter than this is not worth a call.
    private static let leastRoom = 128

    init(
        model: any LanguageModel, tools: ChatTools?, maximumToolCalls: Int, separatesReasoning: Bool,
        tokens: TokenCounter
    ) {
        writer = ReplyWriter(separatesReasoning: separatesReasoning)
        self.model = model
        self.tools = tools
        self.maximumToolCalls = maximumToolCalls
        self.tokens = tokens
    }

    /// Whether nothing has been said or done yet.
    var hasNotBegun: Bool { writer.text.isEmpty && uses.isEmpty }

    /// What `emit` throws is passed on; what has come until then stays.
    mutating func answer(_ prompt: Prompt, emit: (ChatEvent) async throws -> Void) async throws {
        var prompt = prompt
        numbers = SourceNumbers(prompt.sources)
        while true {
            let (said, calls) = try await ask(prompt, emit: emit)
            guard let tools, !calls.isEmpty else {
                clientCalls = prompt.options.tools.isEmpty ? [] : calls
                break
            }
            prompt.messages.append(Message(role: .assistant, text: said, toolCalls: calls))
            for call in calls {
                let result = try await use(tools, call, room: room(in: prompt), emit: emit)
                prompt.messages.append(Message(role: .tool, text: result, toolCallID: call.id))
            }
            // The model has seen all that it will see: now it has to answer.
            if uses.count >= maximumToolCalls || room(in: prompt) < Self.leastRoom {
                prompt.options.toolChoice = ToolChoice.none
            }
        }
        for event in writer.end() { try await emit(event) }
    }

    private mutating func ask(
        _ prompt: Prompt, emit: (ChatEvent) async throws -> Void
    ) async throws -> (said: String, calls: [ToolCall]) {
        var said = ""
        var calls: [ToolCall] = []
        let summary: ReplySummary
        do {
            summary = try await model.reply(to: prompt) { event in
                switch event {
                case .toolCall(let call): calls.append(call)
                case .probabilities(let items): probabilities += items
                // Calls of our own tools are no business of the client's.
                case .toolCallPiece(let piece) where tools == nil && mayCall(prompt.options):
                    try await emit(.toolCallPiece(piece))
                default: break
                }
                if case .text(let piece) = event {
                    // What is said after a tool was used begins a paragraph.
                    if said.isEmpty, writer.hasText, !uses.isEmpty {
                        for event in writer.addParagraph() { try await emit(event) }
                    }
                    said += piece
                }
                for event in writer.events(of: event) { try await emit(event) }
            }
        } catch {
            // What was spent on an answer that breaks off counts, too.
            await count(prompt, said, calls)
            throw error
        }
        finishReason = summary.finishReason
        await count(prompt, said, calls, summary)
        // A model that may not call tools and does is not asked again and again.
        if !mayCall(prompt.options) { calls = [] }
        return (said, calls)
    }

    private func mayCall(_ options: GenerationOptions) -> Bool {
        !options.tools.isEmpty && options.toolChoice != ToolChoice.none
    }

    /// - Parameter summary: what the model knows of it itself; the rest is counted here.
    private mutating func count(
        _ prompt: Prompt, _ said: String, _ calls: [ToolCall], _ summary: ReplySummary? = nil
    ) async {
        let bytes = prompt.messages.reduce(said.utf8.count) { $0 + $1.text.utf8.count }
        let counts = await tokens.computing(bytes) { tokens in
            let prompt = summary?.promptTokens ?? tokens.cost(of: prompt)
            return (prompt, summary?.completionTokens ?? tokens.tokens(in: said) + tokens.cost(ofArguments: calls))
        }
        promptTokens += counts.0
        completionTokens += counts.1
    }

    /// What the model is told of the call.
    private mutating func use(
        _ tools: ChatTools, _ call: ToolCall, room: Int, emit: (ChatEvent) async throws -> Void
    ) async throws -> String {
        var told: [String] = []
        func note(_ thought: String) async throws {
            told.append(thought)
            try await emit(.thought(thought))
        }
        let outcome: DocumentTools.Outcome
        if uses.count >= maximumToolCalls || room < Self.leastRoom {
            outcome = .error("no more tools can be used for this question; answer with what you have.")
        } else {
            try await note(tools.thought(about: call))
            do {
                outcome = try await tools.run(call, room: room, number: { numbers.number(of: $0) }, note: note)
            } catch let error as ServiceError {
                outcome = .error(error.message)
            }
        }
        thoughts += told
        let result = tokens.shortened(outcome.text, to: max(room, 16))
        uses.append(ToolUse(name: call.name, arguments: call.arguments, result: result, isError: outcome.isError))
        for source in outcome.sources { _ = numbers.number(of: source) }
        return result
    }

    /// Tokens that are left for what one more tool says.
    private func room(in prompt: Prompt) -> Int {
        let assembler = PromptAssembler(contextWindow: model.contextWindow, options: prompt.options, tokens: tokens)
        let used = prompt.messages.reduce(0) { $0 + tokens.cost(of: $1) }
        let left = assembler.contextWindow - assembler.reservedForAnswer - used
        return min(left * 6 / 10, 8192)
    }
}

extension AnswerRun {
    /// The answer as far as it has come.
    ///
    /// - Parameters:
    ///   - sources: what the prompt was given and the answer draws on; where tools have brought up something, the numbers of that
    ///     follow those of all that the prompt was given.
    ///   - duration: `nil` where the answer was cut off.
    func chatAnswer(sources given: [Source], duration: Duration?) -> ChatAnswer {
        var answer = ChatAnswer(kind: .answer, text: writer.text)
        answer.reasoning = writer.reasoning
        let known = Set(numbers.sources.map(\.identity))
        answer.sources = uses.isEmpty ? given : numbers.sources + given.filter { !known.contains($0.identity) }
        answer.toolUses = uses
        answer.thoughts = thoughts
        answer.toolCalls = clientCalls
        answer.probabilities = probabilities
        answer.finishReason =
            switch finishReason {
            case .toolCalls where clientCalls.isEmpty: .stop
            case .stop where !clientCalls.isEmpty: .toolCalls
            default: finishReason
            }
        answer.metrics = metrics(duration)
        return answer
    }

    private func metrics(_ duration: Duration?) -> ChatMetrics {
        let seconds = duration.map { duration in
            let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
            return seconds.sixDecimals
        }
        return ChatMetrics(
            promptTokens: promptTokens, completionTokens: completionTokens, duration: seconds, model: model.modelID,
            provider: model.providerName, timestamp: .now)
    }
}
