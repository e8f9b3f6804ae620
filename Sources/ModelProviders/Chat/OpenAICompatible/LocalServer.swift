import Domain
import OrderedJSON

/// What servers of one's own say and do besides chats.
struct LocalServer {
    private let api: ProviderConnection
    /// Above `/v1`.
    private let root: ProviderConnection

    init(_ api: ProviderConnection, root: ProviderConnection) {
        self.api = api
        self.root = root
    }

    /// `address` without the `/v1` at its end.
    static func root(of address: String) -> String {
        address.hasSuffix("/v1") ? String(address.dropLast("/v1".count)) : address
    }

    /// In tokens; `nil` where the list does not say.
    func window(of model: String, in place: OpenAICompatibleEndpoint.WindowListing.Place) async throws -> Int? {
        let list =
            switch place {
            case .models: try await api.getJSON("models")
            case .lmStudio: try await root.getJSON("api/v0/models")
            }
        return ListedModel.all(in: list).first { $0.id == model }?.contextWindow
    }

    /// Throws where it cannot be asked, which a chat may say better: the server may load what it is asked for by itself.
    func load(_ model: String, window: Int, by loading: OpenAICompatibleEndpoint.Loading) async throws {
        switch loading {
        case .lemonade:
            guard !Self.holds(model, window: window, try await api.getJSON("health")) else { return }
            let options: JSON = ["model_name": .string(model), "ctx_size": JSON(window)]
            _ = try await api.postJSON(options, to: "load", within: api.timeouts.firstByte)
        case .foundry:
            let loaded = try await root.getJSON("models/loaded").arrayValue ?? []
            guard !loaded.contains(.string(model)) else { return }
            _ = try await root.get("models/load/\(model.percentEncoded)", within: root.timeouts.firstByte)
        }
    }

    /// `{"model_loaded":…,"all_models_loaded":[{"model_name":…,"recipe_options":{"ctx_size":…}}]}`; an older server names neither the
    /// list nor the size.
    private static func holds(_ model: String, window: Int, _ health: JSON) -> Bool {
        guard let loaded = health["all_models_loaded"]?.arrayValue else {
            return health["model_loaded"]?.stringValue == model
        }
        return loaded.contains { entry in
            let size = entry["recipe_options"]?["ctx_size"]?.integerValue
            return entry["model_name"]?.stringValue == model && (size == nil || size == Int64(window))
        }
    }
}
