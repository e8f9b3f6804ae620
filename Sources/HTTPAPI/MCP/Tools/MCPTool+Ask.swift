import Domain
import Engine
import OrderedJSON

extension MCPTool {
    static func ask(_ library: MCPLibrary) -> MCPTool {
        MCPTool(
            name: "ask", title: "Ask the documents",
            description: """
                Has the server's language model answer a question from a workspace's documents. The answer cites its \
                sources by number. To ask on, send the conversation of the answer before.
                """,
            parameters: [
                MCPParameter("question", .text(maximum: 400_000), "The question, in full.", isRequired: true),
                .workspace,
                MCPParameter(
                    "conversation", .text(maximum: 200),
                    "The conversation of an earlier answer, which the question then follows."),
                MCPParameter(
                    "mode", .choice(ChatMode.allCases.map(\.rawValue)),
                    "query answers from the documents alone, chat also from what the model knows, automatic lets it use "
                        + "tools besides; the workspace's unless given."),
            ],
            output: MCPSchema.object(
                [
                    "workspace": MCPSchema.text, "answer": MCPSchema.text,
                    "sources": MCPSchema.list(of: MCPSchema.source),
                    "conversation": MCPSchema.text, "refused": MCPSchema.flag, "warnings": MCPSchema.warnings,
                ], required: ["workspace", "answer", "sources", "conversation", "refused"]),
            effect: .asks, permission: .converse, takesLong: true
        ) { arguments, call in
            let workspace = try await library.workspace(arguments.text("workspace"), for: call.caller)
            let name = arguments.text("conversation") ?? UUIDText.random()
            // Apart from conversations that other clients have, by whatever name.
            let conversation = Conversation(
                workspaceID: workspace.id, userID: call.caller.userID, sessionID: "mcp:\(name)")
            var question = ChatRequest(
                by: call.caller, workspace: workspace, conversation: conversation,
                message: arguments.text("question") ?? "")
            question.mode = arguments.text("mode").flatMap(ChatMode.init(rawValue:))
            question.separatesReasoning = true
            let answer = try await library.answer(to: question, call.progress)
            if answer.kind == .empty { throw MCPToolFailure(answer.failure ?? ChatService.emptyCompletion) }
            return result(of: answer, in: workspace, conversation: name)
        }
    }

    private static func result(
        of answer: ChatAnswer, in workspace: Workspace, conversation: String
    ) -> MCPToolResult {
        let sources = answer.sources.enumerated().map { (number: $0.offset + 1, source: $0.element) }
        var text = answer.text
        if !sources.isEmpty {
            text += "\n\nSources:\n" + sources.map { $0.source.line(as: $0.number) }.joined(separator: "\n")
        }
        var warnings = answer.warnings
        if answer.finishReason == .length { warnings.append("The model reached its limit; the answer is cut off.") }
        text += warnings.map { "\n\nWarning: \($0)" }.joined()
        var result: JSONObject = [
            "workspace": .string(workspace.slug), "answer": .string(answer.text),
            "sources": .array(sources.map { $0.source.cited(as: $0.number) }), "conversation": .string(conversation),
            "refused": .bool(answer.isRefusal),
        ]
        if !warnings.isEmpty { result["warnings"] = .array(warnings.map(JSON.string)) }
        return MCPToolResult(text: text, structured: result)
    }
}

extension MCPLibrary {
    /// Answers while it tells of what is being done.
    fileprivate func answer(to question: ChatRequest, _ progress: MCPProgress) async throws -> ChatAnswer {
        try await chat.running.run(in: question.conversation, for: question.caller) {
            var isWriting = false
            return try await chat.answer(question) { event in
                switch event {
                case .thought(let thought): try await progress.tell(thought)
                case .text where !isWriting:
                    isWriting = true
                    try await progress.tell("Writing the answer.")
                case .text, .reasoning, .probabilities, .toolCallPiece, .searched: break
                }
            }
        }
    }
}
