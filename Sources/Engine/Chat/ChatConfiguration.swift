/// What operators decide about chats.
package struct ChatConfiguration: Sendable, Equatable {
    /// Whether a question that follows others is rewritten by the language model before it is searched with. Costs a call.
    package var condensesQuestions = false
    /// Calls of tools that one answer may take.
    package var maximumToolCalls = 10

    package init() {}
}

extension SettingsSnapshot {
    package var chatConfiguration: ChatConfiguration {
        var configuration = ChatConfiguration()
        configuration.condensesQuestions = flag("LECTERN_CONDENSE_QUESTIONS")
        configuration.maximumToolCalls = amount(for: "AGENT_MAX_TOOL_CALLS") ?? configuration.maximumToolCalls
        return configuration
    }
}

/// What a language model is wanted for; a workspace may name one for each.
package enum ModelPurpose: Sendable {
    case chat
    /// Answering with tools.
    case agent
}
