import OrderedJSON

/// What a server says of its models: Ollama's `api/tags`, or OpenAI's `models`.
struct ModelListing: Sendable {
    let isOllama: Bool
    let models: [String]
    /// Who made the models, as OpenAI's list says; servers put their own name there.
    let owners: Set<String>

    /// `nil` where it is neither.
    init?(_ json: JSON) {
        if let entries = json["models"]?.arrayValue, json["data"] == nil {
            isOllama = true
            models = entries.compactMap { $0["name"]?.stringValue }
            owners = []
            guard models.count == entries.count else { return nil }
        } else if json["object"]?.stringValue == "list", let entries = json["data"]?.arrayValue {
            isOllama = false
            models = entries.compactMap { $0["id"]?.stringValue }
            owners = Set(entries.compactMap { $0["owned_by"]?.stringValue })
            guard models.count == entries.count else { return nil }
        } else {
            return nil
        }
    }

    /// Those that can answer, as far as their names tell.
    var languageModels: [String] { models.filter { !Self.onlyEmbeds($0) } }

    private static func onlyEmbeds(_ id: String) -> Bool {
        let name = id.lowercased()
        return ["embed", "minilm", "bge-", "rerank", "whisper"].contains { name.contains($0) }
    }
}
