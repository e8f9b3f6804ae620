import Domain
import Synchronization

/// Says what it was told to say, and keeps what it was asked.
final class RecordingModel: LanguageModel {
    let providerName = "RecordingLLM"
    let modelID = "recording"
    let contextWindow: Int
    let supportsTools: Bool
    let acceptsImages = true
    let acceptsResponseFormats: Bool
    private let replies: Mutex<[[ReplyEvent]]>
    private let asked = Mutex<[Prompt]>([])

    /// - Parameter replies: one for each prompt; the last one stands for all that follow.
    init(
        _ replies: [ReplyEvent]..., supportsTools: Bool = true, acceptsResponseFormats: Bool = true,
        contextWindow: Int = 8192
    ) {
        self.replies = Mutex(replies.isEmpty ? [[.text("Hi")]] : replies)
        self.supportsTools = supportsTools
        self.acceptsResponseFormats = acceptsResponseFormats
        self.contextWindow = contextWindow
    }

    var prompts: [Prompt] { asked.withLock { $0 } }

    func reply(to prompt: Prompt, emit: (ReplyEvent) async throws -> Void) async throws -> ReplySummary {
        asked.withLock { $0.append(prompt) }
        let events = replies.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        for event in events { try await emit(event) }
        return ReplySummary(promptTokens: 310, completionTokens: events.count)
    }
}

/// Takes a stream of events apart: all but the last must be JSON.
func chunks(in text: String) throws -> (chunks: [JSON], last: String) {
    var events = text.split(separator: "\n\n").map { String($0.dropFirst("data: ".count)) }
    let last = events.popLast() ?? ""
    return (try events.map { try JSON(parsing: $0) }, last)
}
