import Domain
import OrderedJSON

/// The body of a request for a response, the model's name excepted.
struct ResponsePayload: Sendable {
    let streams: Bool
    /// Whether the response is kept, to be asked for again and to go on from.
    let stores: Bool
    let previousID: String?
    let instructions: String?
    /// Each an object with a type; contents of messages are arrays.
    let items: [JSON]
    let options: GenerationOptions
    let search: FileSearchTool?
    /// An added parameter, `use_documents`.
    let usesDocuments: Bool
    /// Whether what the model thinks is sent as a summary, which some clients look for, or else as it is.
    let summarizesReasoning: Bool
    let includesSearchResults: Bool
    /// The client's name for its user.
    let user: String
    /// What the response repeats of the request.
    let echo: JSONObject

    init(_ fields: OpenAIFields) throws {
        try Self.refuse(fields)
        let include = try Self.include(fields)
        let tools = try ResponseTools(fields)
        streams = try fields.bool("stream") ?? false
        stores = try fields.bool("store") ?? true
        previousID = try fields.text("previous_response_id")
        instructions = try fields.text("instructions")
        usesDocuments = try fields.bool("use_documents") ?? true
        items = try Self.items(fields)
        options = try GenerationOptions(
            ofResponse: fields, tools.functions, wantsProbabilities: include.contains("message.output_text.logprobs"))
        search = tools.search
        summarizesReasoning = try fields.object("reasoning")?.text("summary") != nil
        includesSearchResults = include.contains("file_search_call.results")
        user = try fields.text("user") ?? ""
        try Self.checkRest(of: fields)
        echo = Self.echo(fields)
    }

    /// Whether the answer is to be JSON.
    var wantsJSON: Bool { options.responseFormat.map { $0 != .text } ?? false }

    // MARK: Steps

    /// What would make another answer of it, and is not here.
    private static func refuse(_ fields: OpenAIFields) throws {
        guard try fields.bool("background") != true else {
            throw fields.invalid("background", "is not supported; with stream the answer is told while it is made")
        }
        for key in ["conversation", "prompt"] where fields[key] != nil {
            throw fields.invalid(key, "is not supported")
        }
    }

    private static func include(_ fields: OpenAIFields) throws -> Set<String> {
        let items = try fields.array("include") ?? []
        let names = items.compactMap(\.stringValue)
        guard names.count == items.count else { throw fields.invalid("include", "must be an array of texts") }
        return Set(names)
    }

    private static func items(_ fields: OpenAIFields) throws -> [JSON] {
        switch fields["input"] {
        case .string(let text)?: return [message(["role": "user", "content": .string(text)])]
        case .array(let items)?:
            return try items.enumerated().map { index, item in
                guard let object = item.objectValue else {
                    throw OpenAIFields.invalid("input[\(index)]", "must be an object")
                }
                return object["role"] != nil && [nil, .null, "message"].contains(object["type"])
                    ? message(object) : item
            }
        // The question may be one of an earlier response.
        case nil where fields["previous_response_id"] != nil: return []
        default: throw fields.invalid("input", "must be a text or an array of items")
        }
    }

    /// In the form in which messages are listed.
    private static func message(_ object: JSONObject) -> JSON {
        var message = object
        message["type"] = "message"
        if case .string(let text)? = object["content"] {
            let isAnswer = object["role"] == "assistant"
            var part: JSONObject = ["type": isAnswer ? "output_text" : "input_text", "text": .string(text)]
            if isAnswer { part["annotations"] = [] }
            message["content"] = [.object(part)]
        }
        return .object(message)
    }

    /// What is known to OpenAI and means nothing here is checked for its type and passed over.
    private static func checkRest(of fields: OpenAIFields) throws {
        _ = try fields.metadata()
        for key in ["max_tool_calls"] { _ = try fields.integer(key, in: 1...Int.max) }
        for key in ["stream_options", "prompt_cache_options"] { _ = try fields.object(key) }
        for key in [
            "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "truncation",
        ] { _ = try fields.text(key) }
    }

    /// In the order of OpenAI's own, with its defaults.
    private static func echo(_ fields: OpenAIFields) -> JSONObject {
        let reasoning = fields["reasoning"]
        return [
            "instructions": fields["instructions"] ?? nil, "max_output_tokens": fields["max_output_tokens"] ?? nil,
            "max_tool_calls": fields["max_tool_calls"] ?? nil,
            "parallel_tool_calls": fields["parallel_tool_calls"] ?? true,
            "previous_response_id": fields["previous_response_id"] ?? nil,
            "prompt_cache_key": fields["prompt_cache_key"] ?? nil,
            "reasoning": ["effort": reasoning?["effort"] ?? nil, "summary": reasoning?["summary"] ?? nil],
            "safety_identifier": fields["safety_identifier"] ?? nil, "service_tier": "default",
            "temperature": fields["temperature"] ?? nil,
            "text": ["format": fields["text"]?["format"] ?? ["type": "text"], "verbosity": "medium"],
            "tool_choice": fields["tool_choice"] ?? "auto", "tools": fields["tools"] ?? [],
            "top_logprobs": fields["top_logprobs"] ?? 0, "top_p": fields["top_p"] ?? nil, "truncation": "disabled",
            "user": fields["user"] ?? nil, "metadata": fields["metadata"] ?? [:],
        ]
    }
}
