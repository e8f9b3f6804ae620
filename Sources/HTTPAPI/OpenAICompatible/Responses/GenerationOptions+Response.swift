import Domain
import OrderedJSON

extension GenerationOptions {
    /// What a request for a response asks of the generation.
    ///
    /// - Parameter wantsProbabilities: whether those of the text's tokens are to be told.
    init(ofResponse fields: OpenAIFields, _ tools: CompletionTools, wantsProbabilities: Bool) throws {
        self.init()
        temperature = try fields.number("temperature", in: 0...2)
        topP = try fields.number("top_p", in: 0...1)
        maximumTokens = try fields.integer("max_output_tokens", in: 1...Int.max)
        reasoningEffort = try fields.object("reasoning")?.text("effort")
        responseFormat = try fields.object("text").flatMap(Self.format)
        let alternatives = try fields.integer("top_logprobs", in: 0...20)
        tokenAlternatives = wantsProbabilities ? alternatives ?? 0 : nil
        let allowsParallelCalls = try fields.bool("parallel_tool_calls")
        guard !tools.tools.isEmpty else { return }
        self.tools = tools.tools
        toolChoice = tools.choice
        allowsParallelToolCalls = allowsParallelCalls
    }

    private static func format(in text: OpenAIFields) throws -> ResponseFormat? {
        guard let format = try text.object("format") else { return nil }
        switch try format.requiredText("type") {
        case "text": return .text
        case "json_object": return .jsonObject
        case "json_schema":
            var schema: JSONObject = ["name": .string(try format.identifier("name"))]
            schema["description"] = try format.text("description").map(JSON.string)
            guard try format.object("schema") != nil else { throw format.invalid("schema", "must be an object") }
            schema["schema"] = format["schema"]
            schema["strict"] = try format.bool("strict").map(JSON.bool)
            return .jsonSchema(JSON.object(schema).text)
        default: throw format.invalid("type", "must be text, json_object or json_schema")
        }
    }
}
