import Domain

/// The body of a chat completion request, the model's name excepted.
struct CompletionPayload {
    let streams: Bool
    /// Whether the usage of a stream comes in a last chunk of its own.
    let includesUsage: Bool
    /// An added parameter, `use_documents`.
    let usesDocuments: Bool
    let messages: CompletionMessages
    let options: GenerationOptions

    init(_ fields: OpenAIFields) throws {
        streams = try fields.bool("stream") ?? false
        usesDocuments = try fields.bool("use_documents") ?? true
        includesUsage = try fields.object("stream_options")?.bool("include_usage") ?? false
        if !streams, fields["stream_options"] != nil {
            throw fields.invalid("stream_options", "is only allowed where stream is true")
        }
        messages = try CompletionMessages(fields)
        options = try GenerationOptions(fields)
        try Self.checkRest(of: fields)
    }

    /// What is known to OpenAI and means nothing here is checked for its type and passed over; what would change the
    /// answer's form is refused, so that nobody waits for what does not come.
    private static func checkRest(of fields: OpenAIFields) throws {
        if try fields.integer("n", in: 1...128) ?? 1 != 1 {
            throw fields.invalid("n", "must be 1: each request is answered once")
        }
        for key in ["functions", "function_call"] where fields[key] != nil {
            throw fields.invalid(key, "is not supported; use tools and tool_choice")
        }
        let modalities = try fields.array("modalities") ?? []
        guard modalities.allSatisfy({ $0 == "text" }) else { throw fields.invalid("modalities", "may only name text") }
        if try fields.bool("logprobs") ?? false { throw fields.invalid("logprobs", "is not supported") }
        _ = try fields.bool("store")
        for key in ["metadata", "prediction"] { _ = try fields.object(key) }
        for key in ["user", "service_tier", "safety_identifier", "prompt_cache_key"] { _ = try fields.text(key) }
        _ = try fields.integer("top_logprobs", in: 0...20)
    }
}
