import Domain
import Engine
import OrderedJSON

/// Something that a client's model may have done here.
struct MCPTool: Sendable {
    enum Effect: Sendable {
        case reads
        /// Adds something, and the same again adds nothing.
        case adds
        /// Has a language model work, which may be elsewhere.
        case asks
    }

    let name: String
    /// For people.
    let title: String
    /// For models.
    let description: String
    let parameters: [MCPParameter]
    /// JSON Schema of what it answers besides the text.
    let output: JSON
    let effect: Effect
    let permission: Permission
    /// Whether clients are told of its progress.
    var takesLong = false
    let call: @Sendable (MCPArguments, MCPToolCall) async throws -> MCPToolResult

    /// As `tools/list` shows it.
    var json: JSON {
        [
            "name": .string(name), "title": .string(title), "description": .string(description),
            "inputSchema": MCPParameter.schema(of: parameters), "outputSchema": output,
            "annotations": [
                "title": .string(title), "readOnlyHint": .bool(effect == .reads), "destructiveHint": false,
                "idempotentHint": .bool(effect != .asks), "openWorldHint": .bool(effect == .asks),
            ],
        ]
    }
}

/// Who calls a tool, and who is told how far it is.
struct MCPToolCall: Sendable {
    let caller: Caller
    let progress: MCPProgress
}

/// What a tool answers: the same twice, for models that read text and for programs.
struct MCPToolResult: Sendable {
    var text: String
    var structured: JSONObject
    var isError = false

    var json: JSONObject {
        [
            "content": [["type": "text", "text": .string(text)]], "structuredContent": .object(structured),
            "isError": .bool(isError),
        ]
    }
}

/// Why a tool did not do what it was asked for, in words that a model can act on.
struct MCPToolFailure: Error {
    let message: String

    init(_ message: String) { self.message = message }

    var json: JSONObject { ["content": [["type": "text", "text": .string(message)]], "isError": true] }
}
