import Domain
import Engine
import HTTPTypes
import OrderedJSON

/// The conversation in a request for an answer.
struct CompletionMessages: Sendable {
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

    /// A message in the form of chat completions, and what errors call it.
    typealias NamedMessage = (name: String, message: JSON)

    /// Those of a chat completion request.
    init(_ fields: OpenAIFields) throws {
        let items = fields["messages"]?.arrayValue ?? []
        try self.init(
            items.enumerated().map { (name: "messages[\($0)]", message: $1) }, in: "messages",
            orElse: "No user prompt found. Must be last element in message array with 'user' role.")
    }

    /// - Parameters:
    ///   - parameter: that the messages came in.
    ///   - complaint: where they hold no question.
    init(_ items: [NamedMessage], in parameter: String, orElse complaint: String) throws {
        var reader = MessageReader(parameter: parameter)
        for item in items { try reader.add(item.message, named: item.name) }
        try reader.finish()
        let last = items.last?.message["role"]
        guard ["user", "tool", "function"].contains(last),
            let place = reader.turns.lastIndex(where: { $0.role == .user })
        else { throw APIError.openAI(.badRequest, complaint, parameter: parameter) }
        instruction = reader.instructions.isEmpty ? nil : reader.instructions.joined(separator: "\n\n")
        history = Array(reader.turns[..<place])
        question = reader.turns[place]
        continuation = Array(reader.turns[(place + 1)...])
        documents = reader.documents
        guard !question.text.isEmpty || !question.media.isEmpty || !documents.isEmpty else {
            throw APIError.openAI(.badRequest, "The last message of the user is empty.", parameter: parameter)
        }
    }
}

/// Takes messages one by one and sees that each call of a tool has its result.
private struct MessageReader {
    let parameter: String
    private(set) var instructions: [String] = []
    private(set) var turns: [Message] = []
    private(set) var documents: [AttachedDocument] = []
    /// Calls of the last assistant message that have no result yet.
    private var pending: [String] = []
    /// Calls under their old name, which knows no ids, are given numbers.
    private var functionCallCount = 0

    init(parameter: String) { self.parameter = parameter }

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
            let calls = try Self.calls(in: fields) + functionCall(in: fields)
            pending = calls.map(\.id)
            turns.append(Message(role: .assistant, text: content.text, media: content.media, toolCalls: calls))
        case "tool":
            let id = try fields.requiredText("tool_call_id")
            guard let place = pending.firstIndex(of: id) else {
                throw fields.invalid("tool_call_id", "names no call of the assistant message before it")
            }
            pending.remove(at: place)
            turns.append(Message(role: .tool, text: content.text, toolCallID: id))
        case "function": try addFunctionResult(fields, content.text)
        default: throw fields.invalid("role", "must be system, developer, user, assistant, tool or function")
        }
    }

    // MARK: Functions, as tools were called

    /// The assistant's `function_call`, if there is one.
    private mutating func functionCall(in fields: OpenAIFields) throws -> [ToolCall] {
        guard let call = try fields.object("function_call") else { return [] }
        return [functionCall(try call.requiredText("name"), try call.text("arguments") ?? "")]
    }

    private mutating func functionCall(_ name: String, _ arguments: String) -> ToolCall {
        functionCallCount += 1
        return ToolCall(id: "function_call_\(functionCallCount)", name: name, arguments: arguments)
    }

    /// A result belongs to the call before it. One that no call precedes is given one, since providers refuse it otherwise.
    private mutating func addFunctionResult(_ fields: OpenAIFields, _ text: String) throws {
        let name = try fields.requiredText("name")
        var call = turns.last?.toolCalls.last { pending.contains($0.id) && $0.name == name }
        if call == nil {
            try finish()
            let missing = functionCall(name, "{}")
            turns.append(Message(role: .assistant, text: "", toolCalls: [missing]))
            call = missing
        }
        pending.removeAll { $0 == call?.id }
        turns.append(Message(role: .tool, text: text, toolCallID: call?.id))
    }

    // MARK: Tools

    func finish() throws {
        guard let call = pending.first else { return }
        throw APIError.openAI(
            .badRequest,
            "The tool call \(call) has no result: each call needs "
                + (parameter == "messages" ? "a message of the role tool." : "an item function_call_output."),
            parameter: parameter)
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
