import Domain

extension ChatService {
    /// Answers one question several times over, each as a whole.
    package func wholeAnswers(_ request: ChatRequest, count: Int) async throws -> [ChatAnswer] {
        try await running.run(in: request.conversation, for: request.caller) {
            try await answers(request, count: count) { _, _ in }
        }
    }

    /// Answers one question several times over, side by side, from one search. A refusal is the same each time.
    ///
    /// - Parameter emit: is given which of the answers a piece belongs to, from 0; may be called by several tasks at once.
    /// - Throws: as `answer` does; where one answer fails, the others end.
    package func answers(
        _ request: ChatRequest, count: Int, emit: @escaping @Sendable (Int, ChatEvent) async throws -> Void
    ) async throws -> [ChatAnswer] {
        if count == 1 { return [try await answer(request) { try await emit(0, $0) }] }
        let turn: ChatTurn
        let context: ChatContext
        switch try await preparation(of: request) {
        case .refusal(let answer): return [ChatAnswer](repeating: answer, count: count)
        case .question(let prepared, let found): (turn, context) = (prepared, found)
        }
        return try await withThrowingTaskGroup { group in
            for index in 0..<count {
                var turn = turn
                // The same seed would make the same answer.
                turn.request.options.seed = turn.request.options.seed.map { $0 &+ index }
                group.addTask { [turn] in
                    (index, try await answer(turn, drawingOn: context) { try await emit(index, $0) })
                }
            }
            var answers = [ChatAnswer?](repeating: nil, count: count)
            for try await (index, answer) in group { answers[index] = answer }
            return answers.compactMap(\.self)
        }
    }
}
