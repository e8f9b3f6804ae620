import Domain

/// Has the language model write a follow-up as a question that stands for itself, to search with.
struct QuestionCondenser {
    let model: any LanguageModel
    let tokens: TokenCounter

    private static let instruction = """
        Rewrite the user's last message as one search query that can be understood without the conversation: replace \
        pronouns and omissions by what they stand for, keep names, numbers and the language, add nothing. If it already \
        stands for itself, repeat it. Write the query alone.
        """
    /// Messages that are shown.
    private static let maximumMessages = 6
    /// Tokens of each message that are shown.
    private static let maximumMessageTokens = 300
    /// A longer reply is no query.
    private static let maximumLength = 1000

    /// The query; `nil` where the model gives none that can be used. Throws only when the task is cancelled: a search with
    /// the question as it is beats no answer.
    ///
    /// - Parameter history: oldest first.
    func query(for question: String, after history: [Message]) async throws -> String? {
        var lines = history.filter { $0.role != .tool }.suffix(Self.maximumMessages).map { message in
            (message.role == .user ? "User: " : "Assistant: ") + shortened(message.text)
        }
        lines.append("User: \(shortened(question))")
        var options = GenerationOptions(temperature: 0, maximumTokens: 200)
        options.toolChoice = nil
        let prompt = Prompt(
            messages: [
                Message(role: .system, text: Self.instruction),
                Message(role: .user, text: lines.joined(separator: "\n")),
            ], question: question, options: options)
        var reply = ""
        do {
            _ = try await model.reply(to: prompt) { event in
                if case .text(let piece) = event { reply += piece }
                if reply.utf8.count > 4 * Self.maximumLength { throw ReplyTooLong() }
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            try Task.checkCancellation()
            return nil
        }
        let query = reply.trimmed
        return query.isEmpty || query.count > Self.maximumLength ? nil : query
    }

    private func shortened(_ text: String) -> String {
        String(tokens.prefix(of: text, tokens: Self.maximumMessageTokens))
    }

    private struct ReplyTooLong: Error {}
}
