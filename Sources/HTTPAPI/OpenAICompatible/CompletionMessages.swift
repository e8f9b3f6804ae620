import Domain
import Engine
import HTTPTypes

/// The conversation in a chat completion request.
struct CompletionMessages {
    /// All system and developer messages; `nil` where there are none.
    let instruction: String?
    /// What came before the question.
    let history: [Message]
    /// The last message of the user.
    let question: Message
    /// What came after it: calls of tools and their results.
    let continuation: [Message]
    /// Files in messages of the user.
    let documents: [AttachedDocument]

    init(_ fields: OpenAIFields) throws {
        var reader = MessageReader()
        let items = fields["messages"]?.arrayValue ?? []
        for (index, item) in items.enumerated() { try reader.add(item, named: "messages[\(index)]") }
        try reader.finish()
        let last = items.last?["role"]
        guard last == "user" || last == "tool", let place = reader.turns.lastIndex(where: { $0.role == .user }) else {
            throw APIError.openAI(
                .badRequest,
                "No user prompt found. Must be last element in message array with 'user' role.",
                parameter: "messages")
        }
        instruction = reader.instructions.isEmpty ? nil : reader.instructions.joined(separator: "\n\n")
        history = Array(reader.turns[..<place])
        question = reader.turns[place]
        continuation = Array(reader.turns[(place + 1)...])
        documents = reader.documents
        guard !question.text.isEmpty || !question.media.isEmpty || !documents.isEmpty else {
            throw APIError.openAI(.badRequest, "The last message of the user is empty.", parameter: "messages")
        }
    }
}

/// Takes messages one by one and sees that each call of a tool has its result.
private struct MessageReader {
    private(set) var instructions: [String] = []
    private(set) var turns: [Message] = []
    private(set) var documents: [AttachedDocument] = []
    /// Calls of the last assistant message that have no result yet.
    private var pending: [String] = []

    mutating func add(_ item: JSON, named name: String) throws {
        let fields = try OpenAIFields(item, named: name)
        let content = try CompletionContent(fields)
        switch try fields.requiredText("role") {
        case "system", "developer": instructions.append(content.text)
        case "user":
            try finish()
            turns.append(Message(role: .user, text: content.text, media: content.media))
            documents += content.documents
        case "assistant":
            try finish()
            let calls = try Self.calls(in: fields)
            pending = calls.map(\.id)
            turns.append(Message(role: .assistant, text: content.text, media: content.media, toolCalls: calls))
        case "tool":
            let id = try fields.requiredText("tool_call_id")
            guard let place = pending.firstIndex(of: id) else {
                throw fields.invalid("tool_call_id", "names no call of the assistant message before it")
            }
            pending.remove(at: place)
            turns.append(Message(role: .tool, text: content.text, toolCallID: id))
        default: throw fields.invalid("role", "must be system, developer, user, assistant or tool")
        }
    }

    func finish() throws {
        guard let call = pending.first else { return }
        throw APIError.openAI(
            .badRequest, "The tool call \(call) has no result: each call needs a message of the role tool.",
            parameter: "messages")
    }

    private static func calls(in fields: OpenAIFields) throws -> [ToolCall] {
        try (fields.array("tool_calls") ?? []).enumerated().map { index, item in
            let call = try OpenAIFields(item, named: fields.name(of: "tool_calls[\(index)]"))
            guard try call.text("type") ?? "function" == "function" else {
                throw call.invalid("type", "must be function")
            }
            let function = try call.requiredObject("function")
            return ToolCall(
                id: try call.requiredText("id"), name: try function.requiredText("name"),
                arguments: try function.text("arguments") ?? "")
        }
    }
}
