import Domain
import OrderedJSON

extension GenerationOptions {
    /// What a chat completion request asks of the generation.
    init(_ fields: OpenAIFields) throws {
        self.init()
        temperature = try fields.number("temperature", in: 0...2)
        topP = try fields.number("top_p", in: 0...1)
        presencePenalty = try fields.number("presence_penalty", in: -2...2)
        frequencyPenalty = try fields.number("frequency_penalty", in: -2...2)
        reasoningEffort = try fields.text("reasoning_effort")
        logitBias = try Self.logitBias(in: fields)
        let limit = try fields.integer("max_completion_tokens", in: 1...Int.max)
        maximumTokens = try fields.integer("max_tokens", in: 1...Int.max)
        maximumTokens = limit ?? maximumTokens
        seed = try fields.integer("seed", in: Int.min...Int.max)
        stop = try Self.stop(in: fields)
        responseFormat = try Self.responseFormat(in: fields)
        let wantsProbabilities = try fields.bool("logprobs") ?? false
        let alternatives = try fields.integer("top_logprobs", in: 0...20)
        tokenAlternatives = wantsProbabilities ? alternatives ?? 0 : nil
        let choice = try CompletionTools(fields)
        tools = choice.tools
        toolChoice = choice.choice
        allowsParallelToolCalls = try choice.isLegacy ? false : fields.bool("parallel_tool_calls")
    }

    private static func logitBias(in fields: OpenAIFields) throws -> [String: Double] {
        guard try fields.object("logit_bias") != nil, let members = fields["logit_bias"]?.objectValue?.members else {
            return [:]
        }
        return try members.reduce(into: [:]) { biases, member in
            guard let bias = member.value.doubleValue, (-100...100).contains(bias) else {
                throw fields.invalid("logit_bias.\(member.key)", "must be a number from -100 to 100")
            }
            biases[member.key] = bias
        }
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
            return format["json_schema"].map { .jsonSchema($0.text) }
        default: throw format.invalid("type", "must be text, json_object or json_schema")
        }
    }
}
