/// Runs tools for models, outside of what this program does itself.
package protocol ToolServer: Sendable {
    /// What can be called now, and why something that was configured cannot. Waits for what is just starting, for a few seconds
    /// at most.
    func offer() async -> ToolOffer
    /// Runs a tool that was offered. Ends within a limit of its own.
    ///
    /// - Throws: `ServiceError` where it cannot be run or does not end; `CancellationError`, and the tool is told so.
    func call(_ call: ToolCall) async throws -> ToolResult
    /// Keeps running what the tools need, until the task is cancelled; then ends it.
    func run() async
}

/// What a tool server offers.
package struct ToolOffer: Sendable, Equatable {
    package var tools: [OfferedTool]
    /// Why tools are missing, for people: one sentence each.
    package var problems: [String]

    package init(tools: [OfferedTool] = [], problems: [String] = []) {
        self.tools = tools
        self.problems = problems
    }
}

/// A tool, and where it is from.
package struct OfferedTool: Sendable, Equatable {
    /// Its name is unlike that of every other tool, and one that every provider takes: `[a-zA-Z0-9_-]{1,64}`.
    package var definition: ToolDefinition
    /// As people know the tool.
    package var title: String
    /// As people know the server.
    package var server: String

    package init(_ definition: ToolDefinition, title: String, server: String) {
        self.definition = definition
        self.title = title
        self.server = server
    }
}

/// What a tool said.
package struct ToolResult: Sendable, Equatable {
    package var text: String
    package var isError: Bool

    package init(text: String, isError: Bool = false) {
        self.text = text
        self.isError = isError
    }
}
