import Domain

/// The body of a chat completion request, the model's name excepted.
struct CompletionPayload {
    let streams: Bool
    /// How many answers are wanted.
    let choiceCount: Int
    /// Whether the usage of a stream comes in a last chunk of its own.
    let includesUsage: Bool
    /// An added parameter, `use_documents`.
    let usesDocuments: Bool
    /// Whether the client knows calls of tools under their old name, `function_call`.
    let usesFunctions: Bool
    let messages: CompletionMessages
    let options: GenerationOptions

    /// OpenAI's own limit is 128; each choice is a request to the provider.
    private static let maximumChoices = 8

    init(_ fields: OpenAIFields) throws {
        streams = try fields.bool("stream") ?? false
        choiceCount = try fields.integer("n", in: 1...Self.maximumChoices) ?? 1
        usesDocuments = try fields.bool("use_documents") ?? true
        includesUsage = try fields.object("stream_options")?.bool("include_usage") ?? false
        if !streams, fields["stream_options"] != nil {
            throw fields.invalid("stream_options", "is only allowed where stream is true")
        }
        messages = try CompletionMessages(fields)
        options = try GenerationOptions(fields)
        usesFunctions = fields["functions"] != nil
        try Self.checkRest(of: fields)
    }

    /// What is known to OpenAI and means nothing here is checked for its type and passed over. The answer is a text, also
    /// where a voice was wanted besides.
    private static func checkRest(of fields: OpenAIFields) throws {
        _ = try fields.bool("store")
        _ = try fields.array("modalities")
        for key in ["metadata", "prediction", "audio", "web_search_options"] { _ = try fields.object(key) }
        for key in [
            "user", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "verbosity",
        ] { _ = try fields.text(key) }
    }
}
