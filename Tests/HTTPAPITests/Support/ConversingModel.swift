import Domain
import OrderedJSON
import Synchronization

/// Replies with one list of events after the other, the last one again and again, and remembers what it was asked.
final class ConversingModel: LanguageModel {
    let providerName = "ConversingLLM"
    let modelID: String
    let contextWindow: Int
    let supportsTools: Bool
    let acceptsImages: Bool
    let acceptsResponseFormats: Bool

    /// What it does with one prompt.
    enum Reply: Sendable {
        case events([ReplyEvent])
        case failure(ServiceError)

        static func text(_ text: String) -> Reply { .events([.text(text)]) }

        static func call(_ name: String, _ arguments: String) -> Reply {
            let values = (try? JSON(parsing: arguments))?.objectValue?.attributes.map { ($0.name, $0.value) }
            return .events([
                .toolCall(
                    ToolCall(
                        id: "c", name: name, arguments: arguments,
                        values: values.map { Dictionary($0, uniquingKeysWith: { $1 }) }))
            ])
        }
    }

    private let state: Mutex<(replies: [Reply], prompts: [Prompt])>

    init(
        _ replies: [Reply] = [.text("Hi")], id: String = "conversing", contextWindow: Int = 8192,
        supportsTools: Bool = true, acceptsImages: Bool = true, acceptsResponseFormats: Bool = true
    ) {
        modelID = id
        self.contextWindow = contextWindow
        self.supportsTools = supportsTools
        self.acceptsImages = acceptsImages
        self.acceptsResponseFormats = acceptsResponseFormats
        state = Mutex((replies, []))
    }

    var prompts: [Prompt] { state.withLock { $0.prompts } }

    /// The system message of the last prompt.
    var instruction: String { prompts.last?.messages.first?.text ?? "" }

    func reply(to prompt: Prompt, emit: (ReplyEvent) async throws -> Void) async throws -> ReplySummary {
        let reply = state.withLock { state in
            state.prompts.append(prompt)
            return state.replies.count > 1 ? state.replies.removeFirst() : state.replies[0]
        }
        switch reply {
        case .failure(let error): throw error
        case .events(let events):
            for event in events { try await emit(event) }
            let calls = events.contains { if case .toolCall = $0 { true } else { false } }
            return ReplySummary(
                promptTokens: 310, completionTokens: events.count, finishReason: calls ? .toolCalls : .stop)
        }
    }
}
