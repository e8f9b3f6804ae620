import Domain
import OrderedJSON

/// The tools that a request for a response offers.
struct ResponseTools {
    let functions: CompletionTools
    /// `nil` where none is offered, or none may be used.
    let search: FileSearchTool?

    /// - Throws: also for OpenAI's own tools, which are not here: an answer without them would not be what was asked for.
    init(_ fields: OpenAIFields) throws {
        var functions: [OpenAIFields] = []
        var searches: [FileSearchTool] = []
        for (index, item) in (try fields.array("tools") ?? []).enumerated() {
            let tool = try OpenAIFields(item, named: "tools[\(index)]")
            switch try tool.requiredText("type") {
            case "function": functions.append(tool)
            case "file_search": searches.append(try FileSearchTool(tool))
            default: throw tool.invalid("type", "must be function or file_search")
            }
        }
        guard searches.count <= 1 else { throw fields.invalid("tools", "may have one file_search") }
        self.functions = try CompletionTools(functions: functions, searches: !searches.isEmpty, in: fields)
        search = self.functions.choice == ToolChoice.none ? nil : searches.first
    }
}

extension CompletionTools {
    /// Functions as responses have them: without the object that completions put around them.
    ///
    /// - Parameter searches: whether documents are searched besides, which is done whatever `tool_choice` says of it.
    fileprivate init(functions: [OpenAIFields], searches: Bool, in fields: OpenAIFields) throws {
        isLegacy = false
        tools = try Self.definitions(functions, fields, "tools")
        switch fields["tool_choice"]?["type"] {
        case nil: choice = try Self.choice(fields, "tool_choice") { try $0.identifier("name") }
        case "function": choice = .named(try fields.requiredObject("tool_choice").identifier("name"))
        case "file_search" where searches: choice = nil
        case "allowed_tools":
            let allowed = try fields.requiredObject("tool_choice")
            let items = try (allowed.array("tools") ?? []).enumerated().map { index, item in
                try OpenAIFields(item, named: allowed.name(of: "tools[\(index)]"))
            }
            try allow(
                items.filter { $0["type"] == "function" }.map { try $0.identifier("name") }, as: allowed)
        default: throw fields.invalid("tool_choice", "names a tool that is not among the tools")
        }
        if choice == .required, tools.isEmpty, searches { choice = nil }
        try check(fields, "tool_choice")
    }
}
