import Domain
import Persistence

/// A question with what is known before anything is searched.
struct ChatTurn {
    /// Without `@agent`.
    var request: ChatRequest
    /// As it was sent, and is stored.
    let prompt: String
    let mode: ChatMode
    /// Whether the model is offered tools, if it takes them.
    let mayUseTools: Bool
    /// Whether there is no answer unless documents hold one.
    let mayRefuse: Bool
    /// Oldest first.
    let history: [PastChat]
    let pinned: [WorkspaceDocument]
    /// What came with the question.
    let attached: AttachmentReader.Outcome
    /// Whether the workspace holds anything that can be searched.
    let searches: Bool
    /// Why documents that are there cannot be searched.
    let obstacle: ServiceError?

    init(
        _ request: ChatRequest, history: [PastChat], pinned: [WorkspaceDocument],
        attached: AttachmentReader.Outcome, searchability: Searchability
    ) {
        let mention = request.suppliedHistory == nil ? AgentMention(request.message) : nil
        var plain = request
        plain.message = mention?.question ?? request.message
        self.request = plain
        prompt = request.message
        mode = request.usesDocuments ? request.mode ?? request.workspace.settings.chatMode : .chat
        // A caller that brings its own history runs its own tools.
        mayUseTools = request.suppliedHistory == nil && (mention != nil || mode == .automatic)
        // A picture is something to answer from.
        mayRefuse = mode == .query && mention == nil && request.media.isEmpty
        self.history = history
        self.pinned = pinned
        self.attached = attached
        let wantsSearch = request.usesDocuments && !request.message.isEmpty
        switch searchability {
        case .ready: (searches, obstacle) = (wantsSearch, nil)
        case .empty: (searches, obstacle) = (false, nil)
        case .blocked(let problem): (searches, obstacle) = (false, wantsSearch ? problem : nil)
        }
    }

    var workspace: Workspace { request.workspace }

    var scope: SearchScope { request.search ?? SearchScope(of: workspace) }

    /// What was said before the question, oldest first.
    var messagesBefore: [Message] { request.suppliedHistory ?? history.flatMap(\.messages) }

    /// What was asked before, oldest first.
    var questionsBefore: [String] { messagesBefore.filter { $0.role == .user }.map(\.text) }

    /// Whether there is nothing that an answer could be drawn from.
    var hasNoSource: Bool { !searches && pinned.isEmpty && attached.passages.isEmpty }

    /// Bytes of UTF-8 that the prompt takes from here.
    var textBytes: Int {
        messagesBefore.reduce(request.message.utf8.count) { $0 + $1.text.utf8.count }
            + request.continuation.reduce(0) { $0 + $1.text.utf8.count }
    }

    /// For the event log.
    var event: Event { Self.event(of: request) }

    static func event(of request: ChatRequest) -> Event {
        .chatSent(
            workspace: request.workspace.name, model: request.workspace.settings.chatModel,
            thread: request.threadName)
    }
}
