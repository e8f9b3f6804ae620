/// A model server that answers at its usual port on this machine.
package struct LocalModelServer: Sendable, Equatable {
    package let kind: Kind
    /// What the provider's base address is to be.
    package let base: String
    /// Ids of its models, those left out whose names say that they only embed.
    package let models: [String]

    package init(kind: Kind, base: String, models: [String]) {
        self.kind = kind
        self.base = base
        self.models = models
    }

    package enum Kind: String, Sendable, CaseIterable {
        case ollama
        case llamaCPP = "llamacpp"
        case lmStudio = "lmstudio"
        case localAI = "localai"
        case vLLM = "vllm"

        /// As people call it.
        package var name: String {
            switch self {
            case .ollama: "Ollama"
            case .llamaCPP: "llama.cpp"
            case .lmStudio: "LM Studio"
            case .localAI: "LocalAI"
            case .vLLM: "vLLM"
            }
        }

        /// The id of the provider whose client speaks with it.
        package var provider: String {
            switch self {
            case .ollama, .lmStudio, .localAI: rawValue
            case .llamaCPP, .vLLM: "generic-openai"
            }
        }
    }
}

/// Where model servers usually listen, and how each is told from whatever else may listen there.
struct LocalPort: Sendable {
    let port: Int
    /// The path that lists the models.
    let path: String
    /// What the provider's base address ends in.
    let base: String
    let kind: @Sendable (ModelListing) -> LocalModelServer.Kind?

    static let usual = [
        LocalPort(port: 11434, path: "api/tags", base: "") { $0.isOllama ? .ollama : nil },
        LocalPort(port: 1234, path: "v1/models", base: "/v1") { $0.isOllama ? nil : .lmStudio },
        // Both listen here; llama.cpp's server says who it is.
        LocalPort(port: 8080, path: "v1/models", base: "/v1") { listing in
            listing.isOllama ? nil : listing.owners.contains("llamacpp") ? .llamaCPP : .localAI
        },
        LocalPort(port: 8000, path: "v1/models", base: "/v1") { $0.owners.contains("vllm") ? .vLLM : nil },
    ]
}
