package import Domain

/// Where a vendor lists its models, and which of them chat.
struct ModelList: Sendable {
    var format = ModelListingEndpoint.Format.openAI
    /// `nil` where the chats are.
    var address: String?
    var path = "models"
    /// Of models that chat, ids begin with what stands behind `^`, or hold the word; empty where all do.
    var wanted: [String] = []
    /// Models whose ids hold one of these do something else.
    var unwanted: [String] = []
    /// All that there is, for a vendor that lists none; `nil` where it is asked.
    var known: [String]?
    /// Why nobody can be asked.
    var missing: String?

    static let plain = ModelList()
    static func without(_ words: String...) -> ModelList { ModelList(unwanted: words) }
}

/// Where the models of a vendor are known from.
package enum ModelListing: Sendable {
    case known([OfferedModel])
    case remote(ModelListingEndpoint)
}

extension SettingsSnapshot {
    /// - Throws: `notFound` for a provider that nobody knows; `unavailable`, in the contract's words, where something that
    ///   asking needs is not set.
    package func modelListing(_ provider: String) throws(ServiceError) -> ModelListing {
        guard let row = ProviderRegistry.provider(provider), let offer = row.chat else {
            throw .notFound("There is no provider \(provider).")
        }
        switch offer.wire {
        case .extractive?, .router?: return .known([])
        case .chatCompletions(let dialect)?, .responses(let dialect)?: return try listing(dialect, of: row)
        case .messages(let dialect)?:
            return .remote(
                ModelListingEndpoint(
                    label: row.name, format: .anthropic, baseURL: try address(dialect.base), path: "models?limit=1000",
                    authentication: try authentication(dialect.key, header: "x-api-key")))
        case .gemini(let dialect)?:
            return .remote(
                ModelListingEndpoint(
                    label: row.name, format: .gemini, baseURL: try address(dialect.base), path: "models?pageSize=1000",
                    authentication: try authentication(dialect.key, header: "x-goog-api-key")))
        case .ollama(let dialect)?:
            return .remote(
                ModelListingEndpoint(
                    label: row.name, format: .ollama, baseURL: try address(dialect.base), path: "api/tags",
                    authentication: try authentication(dialect.key)))
        case .bedrock(let dialect)?: return .remote(try listing(dialect, of: row))
        case nil: throw notBuilt(provider)
        }
    }

    private func listing(_ dialect: ChatCompletionsDialect, of row: Provider) throws(ServiceError) -> ModelListing {
        let list = dialect.list
        if let missing = list.missing { throw ServiceError(.unavailable, missing) }
        if let known = list.known { return .known(known.map { OfferedModel(id: $0) }) }
        var base = ""
        if let address = list.address { base = address } else { base = try address(dialect.base) }
        var path = list.path
        if case .lmStudio? = dialect.windowListing, base.hasSuffix("/v1") {
            // Its own list says more than the one beside the chats.
            (base, path) = (String(base.dropLast("/v1".count)), "api/v0/models")
        }
        var endpoint = ModelListingEndpoint(
            label: row.name, format: list.format, baseURL: base, path: path,
            authentication: try authentication(dialect.key, header: dialect.keyHeader))
        (endpoint.wanted, endpoint.unwanted) = (list.wanted, list.unwanted)
        return .remote(endpoint)
    }

    private func listing(_ dialect: BedrockDialect, of row: Provider) throws(ServiceError) -> ModelListingEndpoint {
        let access = try access(dialect)
        switch access.authentication {
        case .key(let key):
            return ModelListingEndpoint(
                label: row.name, format: .openAI, baseURL: access.mantle + "/v1", path: "models",
                authentication: .bearer(key))
        case .signature(let credentials, let region):
            return ModelListingEndpoint(
                label: row.name, format: .bedrock, baseURL: access.address(of: "bedrock"), path: "foundation-models",
                authentication: .signature(credentials, region: region))
        }
    }

    private func authentication(
        _ key: Credential?, header: String? = nil
    ) throws(ServiceError) -> ModelListingEndpoint.Authentication {
        guard let value = try credential(key) else { return .none }
        if let header { return .header(header, key: value) }
        return .bearer(value)
    }
}
