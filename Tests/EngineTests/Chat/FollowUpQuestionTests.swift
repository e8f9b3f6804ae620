import Testing

@testable import Engine

@Suite struct FollowUpQuestionTests {
    private static let earlier = ["What does the Aurora heat pump cost?", "and in summer?"]

    @Test(arguments: [
        "How much does it weigh?", "and in 2024?", "why?", "What about them?", "Und im Winter?",
        "combien coûte-t-elle ?",
        "Is that so?", "But who sells these?",
    ])
    func `a question that leans on the one before is searched with it`(question: String) throws {
        let followUp = try #require(FollowUpQuestion(question, after: Self.earlier))
        #expect(followUp.combined == "What does the Aurora heat pump cost?\n\(question)")
    }

    @Test(arguments: [
        "What is the capital of France?", "Which licence covers the source code?", "Wer leitet die Abteilung Vertrieb?",
        "", "???",
    ])
    func `a question that stands for itself is searched alone`(question: String) {
        #expect(FollowUpQuestion(question, after: Self.earlier) == nil)
    }

    @Test func `where nothing was asked before there is nothing to lean on`() {
        #expect(FollowUpQuestion("and in 2024?", after: []) == nil)
    }

    @Test func `a chain of follow-ups leans on what began it, or on the last of them`() throws {
        #expect(FollowUpQuestion("why?", after: ["and?", "so?"])?.combined == "so?\nwhy?")
    }
}

@Suite struct AgentMentionTests {
    @Test(arguments: [
        ("@agent list the files", "list the files"), ("  @agent: go", "go"), ("@agent", "Hello!"), ("@agent\nx", "x"),
    ])
    func `the wish is taken off the question`(message: String, question: String) {
        #expect(AgentMention(message)?.question == question)
    }

    @Test(arguments: ["agent", "ask @agent", "@agents", "@agent_x", "@agent-x", "@Agent x", ""])
    func `anything else is a question as it is`(message: String) {
        #expect(AgentMention(message) == nil)
    }
}
