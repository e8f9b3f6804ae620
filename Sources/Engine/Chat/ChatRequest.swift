package import Domain

/// A question to a workspace.
package struct ChatRequest: Sendable {
    package var caller: Caller
    package var workspace: Workspace
    package var conversation: Conversation
    package var message: String
    /// `nil` takes the workspace's.
    package var mode: ChatMode?
    package var media: [MediaAttachment] = []
    package var documents: [AttachedDocument] = []
    /// What came along and could not be used, and why; the answer says so.
    package var warnings: [String] = []
    /// The thread that the conversation is in, as the event log names it.
    package var threadName: String?
    /// Forgets the conversation before the question is answered, if there is one.
    package var resetsHistory = false
    /// Used instead of the workspace's system prompt, unchanged.
    package var suppliedInstruction: String?
    /// Used instead of the stored history. A caller that brings its own brings its own tools too, if any.
    package var suppliedHistory: [Message]?
    /// What came after the question: the model's calls of tools, and their results.
    package var continuation: [Message] = []
    /// Whether the workspace's documents are searched; where they are not, query mode refuses nothing.
    package var usesDocuments = true
    /// Searched in place of the workspace.
    package var search: SearchScope?
    /// Whether what the search came to is told before the answer begins.
    package var reportsSearch = false
    /// Whether reasoning is told apart from the answer; otherwise it stands in the answer, between `<think>` tags.
    package var separatesReasoning = false
    /// Whether what there is of an answer that breaks off is kept, as it is where the reader has seen it already.
    package var keepsPartialAnswer = false
    /// Whether the question is kept among the workspace's chats.
    package var isStored = true
    /// Tools among these are the client's: calls of them end the answer, and the client brings their results.
    package var options = GenerationOptions()

    package init(by caller: Caller, workspace: Workspace, conversation: Conversation, message: String) {
        self.caller = caller
        self.workspace = workspace
        self.conversation = conversation
        self.message = message
    }
}

/// What came of a question.
package struct ChatAnswer: Sendable {
    package enum Kind: Sendable {
        case answer
        /// The history was reset, and nothing was asked.
        case reset
        /// Query mode, and the workspace holds nothing.
        case refusedEmpty
        /// Query mode, and nothing that the workspace holds is near the question.
        case refusedIrrelevant
        /// The model said nothing.
        case empty
    }

    package var kind: Kind
    package var text: String
    /// What the model thought, where the request wants it apart.
    package var reasoning = ""
    package var sources: [Source] = []
    /// `nil` where no model was asked.
    package var metrics: ChatMetrics?
    package var chatID: Chat.ID?
    /// What the model had done before it answered.
    package var toolUses: [ToolUse] = []
    /// The same in words for people, as they were sent while it happened.
    package var thoughts: [String] = []
    /// What came with the question and could not be used, and why.
    package var warnings: [String] = []
    /// Why the answer ends early, or is missing.
    package var failure: String?
    package var finishReason = ReplySummary.FinishReason.stop
    /// What the model wants of the client's tools.
    package var toolCalls: [ToolCall] = []
    /// Of the tokens of the text, where they were asked for and are known.
    package var probabilities: [TokenProbability] = []

    /// Whether it is no answer because no document holds one.
    package var isRefusal: Bool { kind == .refusedEmpty || kind == .refusedIrrelevant }

    package init(kind: Kind, text: String) {
        self.kind = kind
        self.text = text
    }
}

/// What is told of an answer while it is made.
package enum ChatEvent: Sendable, Equatable {
    /// What the answer can draw on, where the request wants to know; comes before everything else.
    case searched(SearchReport)
    /// The next piece of the answer.
    case text(String)
    /// The next piece of what the model thinks, where the request wants it apart.
    case reasoning(String)
    /// How likely the tokens of the text before were, where the request wants to know and the model does.
    case probabilities([TokenProbability])
    /// A stretch of a call of the client's tools, while it is made.
    case toolCallPiece(ToolCallPiece)
    /// What is being done before the answer goes on.
    case thought(String)
}

extension PastChat {
    /// Models are not shown what they thought before: it costs tokens, and their vendors advise against it.
    private var answerWithoutThoughts: String {
        guard answer.hasPrefix("<think>"), let end = answer.firstRange(of: "</think>")?.upperBound else {
            return answer
        }
        return String(answer[end...].drop(while: \.isWhitespace))
    }

    /// The chat as turns of a prompt.
    var messages: [Message] {
        [
            Message(role: .user, text: AgentMention(prompt)?.question ?? prompt, media: attachments),
            Message(role: .assistant, text: answerWithoutThoughts),
        ]
    }
}
