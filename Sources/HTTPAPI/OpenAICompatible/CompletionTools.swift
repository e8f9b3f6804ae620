import Domain
import OrderedJSON

/// The tools that a completion request offers, and whether they are to be called: `tools` and `tool_choice`, or their
/// forerunners `functions` and `function_call`.
struct CompletionTools {
    var tools: [ToolDefinition] = []
    var choice: ToolChoice?
    /// Whether they go by their old names, which know one call in an answer.
    let isLegacy: Bool

    private static let maximumTools = 128

    init(_ fields: OpenAIFields) throws {
        isLegacy = fields["functions"] != nil
        if isLegacy {
            guard fields["tools"] == nil else { throw fields.invalid("functions", "cannot be used beside tools") }
            tools = try Self.functions(in: fields)
            choice = try Self.choice(fields, "function_call") { try $0.identifier("name") }
        } else {
            tools = try Self.tools(in: fields)
            if try !readAllowedTools(fields) {
                choice = try Self.choice(fields, "tool_choice") {
                    try $0.requiredObject("function").identifier("name")
                }
            }
        }
        try check(fields, isLegacy ? "function_call" : "tool_choice")
    }

    private static func functions(in fields: OpenAIFields) throws -> [ToolDefinition] {
        let items = try fields.array("functions") ?? []
        let functions = try items.enumerated().map { try OpenAIFields($1, named: "functions[\($0)]") }
        return try definitions(functions, fields, "functions")
    }

    /// Tools that are no functions are OpenAI's own or take free text: they are left out, as no other model knows them.
    private static func tools(in fields: OpenAIFields) throws -> [ToolDefinition] {
        let items = try fields.array("tools") ?? []
        let functions = try items.enumerated().compactMap { index, item -> OpenAIFields? in
            let tool = try OpenAIFields(item, named: "tools[\(index)]")
            return try tool.requiredText("type") == "function" ? tool.requiredObject("function") : nil
        }
        return try definitions(functions, fields, "tools")
    }

    static func definitions(
        _ functions: [OpenAIFields], _ fields: OpenAIFields, _ key: String
    ) throws -> [ToolDefinition] {
        guard functions.count <= maximumTools else {
            throw fields.invalid(key, "may have at most \(maximumTools) members")
        }
        var names: Set<String> = []
        return try functions.map { function in
            let name = try function.identifier("name")
            guard names.insert(name).inserted else { throw function.invalid("name", "is used twice") }
            _ = try function.object("parameters")
            return ToolDefinition(
                name: name, description: try function.text("description"),
                parameters: function["parameters"].map { .schema($0.text) },
                isStrict: try function.bool("strict"))
        }
    }

    static func choice(
        _ fields: OpenAIFields, _ key: String, _ name: (OpenAIFields) throws -> String
    ) throws -> ToolChoice? {
        switch fields[key] {
        case nil: nil
        case "auto": .automatic
        case "none": ToolChoice.none
        case "required" where key == "tool_choice": .required
        case .object?: .named(try name(fields.requiredObject(key)))
        default: throw fields.invalid(key, "must be none, auto, required or an object that names a function")
        }
    }

    /// `{"type":"allowed_tools","allowed_tools":{"mode":…,"tools":[…]}}`: some of the tools, called or not as `mode` says.
    private mutating func readAllowedTools(_ fields: OpenAIFields) throws -> Bool {
        guard fields["tool_choice"]?["type"] == "allowed_tools" else { return false }
        let allowed = try fields.requiredObject("tool_choice").requiredObject("allowed_tools")
        let names = try (allowed.array("tools") ?? []).enumerated().compactMap { index, item in
            try OpenAIFields(item, named: allowed.name(of: "tools[\(index)]")).object("function")?.identifier("name")
        }
        try allow(names, as: allowed)
        return true
    }

    mutating func allow(_ names: [String], as fields: OpenAIFields) throws {
        tools = tools.filter { names.contains($0.name) }
        switch try fields.requiredText("mode") {
        case "auto": choice = .automatic
        case "required": choice = .required
        default: throw fields.invalid("mode", "must be auto or required")
        }
    }

    func check(_ fields: OpenAIFields, _ key: String) throws {
        switch choice {
        case .required? where tools.isEmpty: throw fields.invalid(key, "is only allowed where there are tools")
        case .named(let name)? where !tools.contains { $0.name == name }:
            throw fields.invalid(key, "names no function among the tools")
        default: break
        }
    }
}
