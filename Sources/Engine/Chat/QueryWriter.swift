import Domain

/// Has the language model write what to search with.
struct QueryWriter {
    let model: any LanguageModel
    let tokens: TokenCounter

    private static let condensing = """
        Rewrite the user's last message as one search query that can be understood without the conversation: replace \
        pronouns and omissions by what they stand for, keep names, numbers and the language, add nothing. If it already \
        stands for itself, repeat it. Write the query alone.
        """
    private static let varying = """
        Write three search queries that find what answers the user's question, each in other words than the question and \
        than each other: synonyms, the terms that a document would use. Keep names, numbers and the language. One query a \
        line, without numbers or quotation marks; nothing else.
        """
    private static let steppingBack = """
        Write one search query for the more general subject that has to be understood to answer the user's question: the \
        system, rule or event behind it. Keep the language. Write the query alone.
        """
    /// Messages that are shown.
    private static let maximumMessages = 6
    /// Tokens of each message that are shown.
    private static let maximumMessageTokens = 300
    /// A longer query is none.
    private static let maximumLength = 1000
    private static let maximumVariants = 3

    /// A follow-up as a question that stands for itself; `nil` where the model gives none that can be used. Throws only when the
    /// task is cancelled: a search with the question as it is beats no answer.
    ///
    /// - Parameter history: oldest first.
    func condensed(_ question: String, after history: [Message]) async throws -> String? {
        var lines = history.filter { $0.role != .tool }.suffix(Self.maximumMessages).map { message in
            (message.role == .user ? "User: " : "Assistant: ") + shortened(message.text)
        }
        lines.append("User: \(shortened(question))")
        let reply = try await model.briefReply(
            to: lines.joined(separator: "\n"), question: question, instruction: Self.condensing)
        return reply.flatMap { $0.count > Self.maximumLength ? nil : $0 }
    }

    /// The question in other words; empty where the model gives none that can be used. Throws only when the task is cancelled.
    func variants(of question: String) async throws -> [String] {
        let reply =
            try await model.briefReply(
                to: shortened(question), question: question, instruction: Self.varying) ?? ""
        let lines = reply.split(whereSeparator: \.isNewline).map(Self.withoutListMark).filter {
            !$0.isEmpty && $0.count <= Self.maximumLength && $0 != question
        }
        return Array(lines.unique.prefix(Self.maximumVariants))
    }

    /// What the question is about in general; `nil` where the model gives nothing that can be used. Throws only when the task is
    /// cancelled.
    func generalQuestion(behind question: String) async throws -> String? {
        let reply = try await model.briefReply(
            to: shortened(question), question: question, instruction: Self.steppingBack)
        return reply.flatMap { $0.count > Self.maximumLength || $0 == question ? nil : $0 }
    }

    /// Models number what they were asked not to number.
    private static func withoutListMark(_ line: Substring) -> String {
        let text = line.drop { $0.isWhitespace || "-*•\"".contains($0) }
        let digits = text.prefix { $0.isNumber }
        let rest = text[digits.endIndex...]
        let isNumbered = !digits.isEmpty && digits.count <= 2 && (rest.first == "." || rest.first == ")")
        return String(isNumbered ? rest.dropFirst() : text).trimmed.trimmingSuffix { $0 == "\"" }
    }

    private func shortened(_ text: String) -> String {
        String(tokens.prefix(of: text, tokens: Self.maximumMessageTokens))
    }
}

extension String {
    fileprivate func trimmingSuffix(while condition: (Character) -> Bool) -> String {
        var text = self[...]
        while let last = text.last, condition(last) { text.removeLast() }
        return String(text)
    }
}
