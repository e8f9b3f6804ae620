/// What operators decide about chats.
package struct ChatConfiguration: Sendable, Equatable {
    /// Whether a question that follows others is rewritten by the language model before it is searched with. Costs a call.
    package var condensesQuestions = false
    /// Whether the language model puts each question in other words, which are searched with as well. Costs a call.
    package var variesQuestions = false
    /// Whether it says what each question is about in general, which is searched with as well. Costs a call.
    package var stepsBack = false
    /// What operators may ask for at most: each round of calls costs a request to the model, with all that came before.
    static let mostToolCalls = 100
    /// Calls of tools that one answer may take.
    package var maximumToolCalls = 10
    /// The instruction of workspaces that have none of their own.
    package var systemPrompt = SystemPrompt.standard

    package init() {}
}

extension SettingsSnapshot {
    package var chatConfiguration: ChatConfiguration {
        var configuration = ChatConfiguration()
        configuration.condensesQuestions = flag("LECTERN_CONDENSE_QUESTIONS")
        configuration.variesQuestions = flag("LECTERN_MULTI_QUERY")
        configuration.stepsBack = flag("LECTERN_STEP_BACK")
        configuration.maximumToolCalls =
            amount(for: "AGENT_MAX_TOOL_CALLS").map { min($0, ChatConfiguration.mostToolCalls) }
            ?? configuration.maximumToolCalls
        configuration.systemPrompt = systemPrompt
        return configuration
    }
}

/// What a language model is wanted for; a workspace may name one for each.
package enum ModelPurpose: Sendable {
    case chat
    /// Answering with tools.
    case agent
}
