package import AsyncHTTPClient
package import Domain
import OrderedJSON

/// Lists the models of a vendor, in whichever way its wire has for that.
package struct RemoteModelLister: ModelLister {
    /// Vendors have hundreds.
    private static let maximumCount = 10_000

    private let endpoint: ModelListingEndpoint
    private let connection: ProviderConnection

    /// - Parameter client: made with `HTTPClient.Configuration.modelProviders` and the same `timeouts`; the caller keeps it
    ///   and shuts it down.
    package init(
        endpoint: ModelListingEndpoint, client: HTTPClient, timeouts: ProviderTimeouts = ProviderTimeouts(),
        retries: RetryPolicy = RetryPolicy()
    ) {
        self.endpoint = endpoint
        var key: String?
        var header = ProviderConnection.KeyHeader.bearer
        var signer: AWSRequestSigner?
        switch endpoint.authentication {
        case .none: break
        case .bearer(let token): key = token
        case .header(let name, let value):
            key = value
            header = .named(name)
        case .signature(let credentials, let region):
            signer = AWSRequestSigner(credentials, region: region, service: "bedrock")
        }
        connection = ProviderConnection(
            name: endpoint.label, baseURL: endpoint.baseURL, apiKey: key, keyHeader: header,
            customHeaders: endpoint.format == .anthropic ? AnthropicModel.headers : CustomHeaders(), signer: signer,
            timeouts: timeouts, retries: retries, client: client)
    }

    package func models() async throws -> [OfferedModel] {
        let json = try await connection.list(endpoint.path)
        guard let entries = ListedModel.entries(in: json) else { throw connection.unusable("is no list of models") }
        var known = Set<String>()
        return entries.prefix(Self.maximumCount).compactMap(model).filter { known.insert($0.id).inserted }
    }

    /// `nil` for what is no model that chats.
    private func model(_ json: JSON) -> OfferedModel? {
        guard isForChats(json), let listed = ListedModel(json) else { return nil }
        let id = listed.id.lowercased()
        guard endpoint.wanted.isEmpty || endpoint.wanted.contains(where: { Self.isWanted(id, $0) }),
            !endpoint.unwanted.contains(where: { id.contains($0) })
        else { return nil }
        let name = ["display_name", "displayName", "modelName", "name"].lazy.compactMap { json[$0]?.stringValue }.first
        return OfferedModel(
            id: listed.id, name: name.flatMap { $0 == listed.id || $0.hasPrefix("models/") ? nil : $0 },
            contextWindow: listed.contextWindow)
    }

    /// `^o` wants ids that begin so, `gpt` ids that hold it.
    private static func isWanted(_ id: String, _ pattern: String) -> Bool {
        pattern.hasPrefix("^") ? id.hasPrefix(pattern.dropFirst()) : id.contains(pattern)
    }

    /// Whether the vendor says that it is for something else.
    private func isForChats(_ json: JSON) -> Bool {
        switch endpoint.format {
        case .gemini: return json["supportedGenerationMethods"]?.arrayValue?.contains("generateContent") ?? false
        case .bedrock: return json["outputModalities"]?.arrayValue?.contains("TEXT") ?? true
        case .openAI:
            let type = json["type"]?.stringValue ?? "chat"
            let subtype = json["subtype"]?.stringValue ?? "chat"
            let isOther = ["embedding", "embeddings", "rerank", "image", "audio", "video", "moderation"].contains(type)
            return !isOther && subtype.contains("chat")
        case .anthropic, .ollama, .cohere: return true
        }
    }
}
