import Domain

extension GenerationOptions {
    /// What a chat completion request asks of the generation.
    init(_ fields: OpenAIFields) throws {
        self.init()
        temperature = try fields.number("temperature", in: 0...2)
        topP = try fields.number("top_p", in: 0...1)
        presencePenalty = try fields.number("presence_penalty", in: -2...2)
        frequencyPenalty = try fields.number("frequency_penalty", in: -2...2)
        reasoningEffort = try fields.text("reasoning_effort")
        if try fields.object("logit_bias") != nil { logitBias = fields["logit_bias"] }
        let limit = try fields.integer("max_completion_tokens", in: 1...Int.max)
        maximumTokens = try fields.integer("max_tokens", in: 1...Int.max)
        maximumTokens = limit ?? maximumTokens
        seed = try fields.integer("seed", in: Int.min...Int.max)
        stop = try Self.stop(in: fields)
        responseFormat = try Self.responseFormat(in: fields)
        tools = try Self.tools(in: fields)
        toolChoice = try Self.toolChoice(in: fields, tools: tools)
        allowsParallelToolCalls = try fields.bool("parallel_tool_calls")
    }

    private static func stop(in fields: OpenAIFields) throws -> [String] {
        let items = fields["stop"].map { $0.arrayValue ?? [$0] } ?? []
        let texts = items.compactMap(\.stringValue)
        guard texts.count == items.count, texts.count <= 4, !texts.contains("") else {
            throw fields.invalid("stop", "must be a text or an array of at most 4 texts, none of them empty")
        }
        return texts
    }

    private static func responseFormat(in fields: OpenAIFields) throws -> ResponseFormat? {
        guard let format = try fields.object("response_format") else { return nil }
        switch try format.requiredText("type") {
        case "text": return .text
        case "json_object": return .jsonObject
        case "json_schema":
            let schema = try format.requiredObject("json_schema")
            _ = try schema.identifier("name")
            _ = try schema.object("schema")
            _ = try schema.bool("strict")
            return format["json_schema"].map(ResponseFormat.jsonSchema)
        default: throw format.invalid("type", "must be text, json_object or json_schema")
        }
    }

    // MARK: Tools

    private static func tools(in fields: OpenAIFields) throws -> [ToolDefinition] {
        let items = try fields.array("tools") ?? []
        guard items.count <= 128 else { throw fields.invalid("tools", "may have at most 128 members") }
        var names: Set<String> = []
        return try items.enumerated().map { index, item in
            let tool = try OpenAIFields(item, named: "tools[\(index)]")
            guard try tool.text("type") == "function" else { throw tool.invalid("type", "must be function") }
            let function = try tool.requiredObject("function")
            let name = try function.identifier("name")
            guard names.insert(name).inserted else { throw function.invalid("name", "is used twice") }
            _ = try function.object("parameters")
            return ToolDefinition(
                name: name, description: try function.text("description"), parameters: function["parameters"],
                isStrict: try function.bool("strict"))
        }
    }

    private static func toolChoice(in fields: OpenAIFields, tools: [ToolDefinition]) throws -> ToolChoice? {
        let choice: ToolChoice?
        switch fields["tool_choice"] {
        case nil: choice = nil
        case "auto": choice = .automatic
        case "none": choice = ToolChoice.none
        case "required": choice = .required
        case .object?:
            choice = .named(try fields.requiredObject("tool_choice").requiredObject("function").identifier("name"))
        default: throw fields.invalid("tool_choice", "must be none, auto, required or an object that names a function")
        }
        switch choice {
        case .required? where tools.isEmpty:
            throw fields.invalid("tool_choice", "is only allowed where there are tools")
        case .named(let name)? where !tools.contains { $0.name == name }:
            throw fields.invalid("tool_choice", "names no function among the tools")
        default: return choice
        }
    }
}
