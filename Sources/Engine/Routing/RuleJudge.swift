import Domain

/// Has a language model say which of several descriptions fits a question.
struct RuleJudge {
    let model: any LanguageModel
    let tokens: TokenCounter

    private static let instruction = """
        Here is a numbered list of kinds of messages, and a message. Say which kind the message is of: write the number alone, \
        or 0 where it is of none of them. Do not answer the message.
        """
    /// Tokens of the message that are shown.
    private static let maximumTokens = 2000

    /// The place of the description that fits, from 0; `nil` where none does, or the model does not say. Throws only when the
    /// task is cancelled: without a judgement the question goes on as if no description fitted.
    func place(of question: String, among descriptions: [String]) async throws -> Int? {
        guard model.followsInstructions else { return nil }
        let list = descriptions.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "\n")
        let message = tokens.prefix(of: question, tokens: Self.maximumTokens)
        let reply = try await model.briefReply(
            to: "\(list)\n\nThe message:\n\(message)", question: question, instruction: Self.instruction)
        // A model that thinks aloud ends with what it was asked for, on a line of its own.
        let last = reply?.split(whereSeparator: \.isNewline).last?.filter { !$0.isWhitespace && !$0.isPunctuation }
        let number = last.flatMap { Int($0) } ?? 0
        return descriptions.indices.contains(number - 1) ? number - 1 : nil
    }
}
