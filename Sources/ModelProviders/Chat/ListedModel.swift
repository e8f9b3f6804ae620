import OrderedJSON

/// A model as a server lists it.
struct ListedModel: Sendable, Equatable {
    let id: String
    /// In tokens; `nil` where the server does not say.
    let contextWindow: Int?

    /// The models of a list; what has no id is none.
    static func all(in json: JSON) -> [ListedModel] { (entries(in: json) ?? []).compactMap(ListedModel.init) }

    /// Of `{"data":[…]}`, `{"models":[…]}`, Bedrock's `{"modelSummaries":[…]}`, or a bare list; `nil` for anything else.
    static func entries(in json: JSON) -> [JSON]? {
        ["data", "models", "modelSummaries"].lazy.compactMap { json[$0]?.arrayValue }.first ?? json.arrayValue
    }

    init?(_ json: JSON) {
        let name = ["id", "modelId", "model", "name"].lazy.compactMap { json[$0]?.stringValue }.first { !$0.isEmpty }
        guard let name else { return nil }
        // As Google writes them.
        id = name.hasPrefix("models/") ? String(name.dropFirst("models/".count)) : name
        contextWindow = Self.window(json)
    }

    /// Vendors do not agree on the name.
    private static let windowFields = [
        "context_length", "context_window", "max_context_length", "max_model_len", "context_size", "max_input_tokens",
        "inputTokenLimit", "max_prompt_tokens",
    ]

    private static func window(_ json: JSON) -> Int? {
        // Foundry Local counts prompt and answer apart.
        if let input = tokens(json["maxInputTokens"]), let output = tokens(json["maxOutputTokens"]) {
            return input + output
        }
        let nested = [json["limits"]?["max_context_length"], json["meta"]?["n_ctx_train"], json["maxInputTokens"]]
        return (windowFields.map { json[$0] } + nested).lazy.compactMap(tokens).first
    }

    private static func tokens(_ json: JSON?) -> Int? {
        guard let number = json?.integerValue, (1...1_000_000_000).contains(number) else { return nil }
        return Int(number)
    }
}
