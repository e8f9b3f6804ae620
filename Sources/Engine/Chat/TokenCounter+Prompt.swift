import Concurrency
package import Domain

/// What a prompt takes of a model's window, in tokens.
extension TokenCounter {
    /// What chat formats add to each message.
    private static let perMessage = 4
    /// What they add to each call of a tool.
    private static let perCall = 8
    /// What a picture takes at the highest detail that vendors bill.
    private static let perPicture = 1100

    package func cost(of prompt: Prompt) -> Int {
        prompt.messages.reduce(cost(of: prompt.options.tools)) { $0 + cost(of: $1) }
    }

    package func cost(of message: Message) -> Int {
        tokens(in: message.text) + Self.perMessage + message.media.count * Self.perPicture + cost(of: message.toolCalls)
    }

    func cost(of calls: [ToolCall]) -> Int {
        calls.reduce(0) { $0 + tokens(in: $1.name + $1.arguments) + Self.perCall }
    }

    /// What calls are billed as, without what the format adds.
    func cost(ofArguments calls: [ToolCall]) -> Int { calls.reduce(0) { $0 + tokens(in: $1.name + $1.arguments) } }

    /// The result of `work`, which counts texts of so many bytes in all: where they are long on the threads for computing, also
    /// for a task that is cancelled. Where these have too much to do, it gets an estimate for its counter.
    func computing<Value: Sendable>(_ bytes: Int, _ work: @escaping @Sendable (TokenCounter) -> Value) async -> Value {
        guard bytes > Self.smallText else { return work(self) }
        do {
            return try await Task { try await ComputePool.shared.run { work(self) } }.value
        } catch {
            return work(.estimate)
        }
    }

    /// In bytes; what a millisecond or two are enough for.
    private static let smallText = 64 << 10

    func cost(of tools: [ToolDefinition]) -> Int {
        tools.reduce(0) { sum, tool in
            sum + tokens(in: tool.name + (tool.description ?? "") + (tool.parameters.map(text(of:)) ?? ""))
        }
    }

    /// What of the arguments costs tokens.
    private func text(of parameters: ToolParameters) -> String {
        switch parameters {
        case .schema(let schema): schema
        case .named(let list): list.map { "\($0.name) \($0.kind.rawValue) \($0.description)" }.joined(separator: " ")
        }
    }
}
