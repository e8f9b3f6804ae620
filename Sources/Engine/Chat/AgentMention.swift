/// `@agent` at the beginning of a question: a wish that the model use its tools, in any mode.
package struct AgentMention {
    /// What is asked besides.
    package let question: String

    /// `nil` where the question does not begin so.
    package init?(_ message: String) {
        let text = message.drop(while: \.isWhitespace)
        guard text.hasPrefix("@agent") else { return nil }
        let rest = text.dropFirst("@agent".count)
        guard rest.first.map({ !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "-" }) ?? true else { return nil }
        let question = rest.drop { $0.isWhitespace || $0 == ":" || $0 == "," }
        self.question = question.isEmpty ? "Hello!" : String(question)
    }
}
