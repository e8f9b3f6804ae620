import Domain
import Engine
import OrderedJSON

extension MCPTool {
    static func search(_ library: MCPLibrary) -> MCPTool {
        MCPTool(
            name: "search", title: "Search documents",
            description: """
                Finds passages of a workspace's documents that answer a question, by meaning and by words, best first. Each \
                has the address and the place of its document.
                """,
            parameters: [
                MCPParameter(
                    "query", .text(maximum: 100_000), "What to look for, as a full phrase or question.",
                    isRequired: true),
                .workspace,
                MCPParameter("limit", .wholeNumber(1...50), "How many passages; 6 unless given."),
                MCPParameter("offset", .wholeNumber(0...1000), "How many passages to pass over."),
            ],
            output: MCPSchema.object(
                [
                    "workspace": MCPSchema.text, "results": MCPSchema.list(of: MCPSchema.source),
                    "hasMore": MCPSchema.flag, "warnings": MCPSchema.warnings,
                ], required: ["workspace", "results", "hasMore"]),
            effect: .reads, permission: .search
        ) { arguments, call in
            let workspace = try await library.workspace(arguments.text("workspace"), for: call.caller)
            let question = arguments.text("query") ?? ""
            guard !question.trimmed.isEmpty else { throw MCPToolFailure("The argument query is missing.") }
            var query = SearchQuery(
                question, limit: arguments.number("limit") ?? 6, threshold: workspace.settings.similarityThreshold)
            query.mode = workspace.settings.vectorSearchMode
            query.offset = arguments.number("offset") ?? 0
            let page = try await library.retriever.page(query, in: workspace.id, for: call.caller)
            if page.hits.isEmpty {
                let searchability = try await library.retriever.searchability(of: workspace.id)
                if case .blocked(let problem) = searchability { throw problem }
            }
            let warnings = try await library.retriever.warnings(
                for: question, finding: page.hits, mode: query.mode, in: workspace.id)
            return found(page, from: query.offset, in: workspace, warnings)
        }
    }

    private static func found(
        _ page: SearchPage, from offset: Int, in workspace: Workspace, _ warnings: [String]
    ) -> MCPToolResult {
        let sources = page.hits.enumerated().map { (number: offset + $0.offset + 1, source: Source($0.element)) }
        var text = sources.map { "\($0.source.line(as: $0.number))\n\($0.source.excerpt)" }.joined(separator: "\n\n")
        if sources.isEmpty { text = "Nothing in the documents of \(workspace.slug) is near this query." }
        text += warnings.map { "\n\nWarning: \($0)" }.joined()
        var result: JSONObject = [
            "workspace": .string(workspace.slug), "results": .array(sources.map { $0.source.cited(as: $0.number) }),
            "hasMore": .bool(page.hasMore),
        ]
        if !warnings.isEmpty { result["warnings"] = .array(warnings.map(JSON.string)) }
        return MCPToolResult(text: text, structured: result)
    }
}
