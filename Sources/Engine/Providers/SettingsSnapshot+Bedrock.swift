import Domain

/// Who asks Bedrock, and where.
struct BedrockAccess {
    let authentication: ConverseEndpoint.Authentication
    let region: String

    /// Of the endpoints for OpenAI's and Anthropic's clients.
    var mantle: String { "https://bedrock-mantle.\(region).api.aws" }

    /// Amazon's regions in China are a cloud of their own.
    func address(of service: String) -> String {
        "https://\(service).\(region).\(region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com")"
    }
}

extension SettingsSnapshot {
    /// How a model of Bedrock is reached: with Bedrock's own key as the contract has it, by OpenAI's wire or, the models of Anthropic, by
    /// theirs; with the keys of an account, or where operators want it, by Converse.
    func connection(
        _ dialect: BedrockDialect, of row: Provider, _ offer: ChatOffer, model: String?
    ) throws(ServiceError) -> ChatConnection {
        let access = try access(dialect)
        let model = try modelID(offer.model, chosen: model) ?? ""
        guard case .key(let key) = access.authentication, !flag(dialect.converseSwitch) else {
            return .converse(endpoint(dialect, of: row, offer, model, access))
        }
        if model.contains("anthropic") {
            var endpoint = MessagesEndpoint(
                providerName: offer.metricsName, label: row.name, baseURL: "\(access.mantle)/anthropic/v1", apiKey: key,
                modelID: model, contextWindow: window(dialect.window, model: model),
                takesTemperature: takesTemperature(model, dialect),
                supportsTools: !providersWithoutTools.contains(row.id))
            endpoint.defaultMaximumTokens = amount(dialect.maximumTokens)
            return .messages(endpoint)
        }
        var endpoint = OpenAICompatibleEndpoint(
            providerName: offer.metricsName, label: row.name, baseURL: "\(access.mantle)/v1", apiKey: key,
            modelID: model, contextWindow: window(dialect.window, model: model),
            allowsStreaming: !flag(dialect.wholeAnswersSwitch), supportsTools: !providersWithoutTools.contains(row.id))
        endpoint.systemRole = dialect.modelsWithoutSystemRole.contains(model) ? .exchange : .system
        return .chatCompletions(endpoint)
    }

    private func endpoint(
        _ dialect: BedrockDialect, of row: Provider, _ offer: ChatOffer, _ model: String, _ access: BedrockAccess
    ) -> ConverseEndpoint {
        var endpoint = ConverseEndpoint(
            providerName: offer.metricsName, label: row.name,
            baseURL: value(for: dialect.addressVariable) ?? access.address(of: "bedrock-runtime"),
            authentication: access.authentication, modelID: model,
            contextWindow: window(dialect.window, model: model), defaultMaximumTokens: amount(dialect.maximumTokens),
            takesTemperature: takesTemperature(model, dialect), allowsStreaming: !flag(dialect.wholeAnswersSwitch),
            supportsTools: !providersWithoutTools.contains(row.id))
        endpoint.takesInstructions = !dialect.modelsWithoutSystemRole.contains(model)
        return endpoint
    }

    private func takesTemperature(_ model: String, _ dialect: BedrockDialect) -> Bool {
        !dialect.modelsWithoutTemperature.contains { model.contains($0) }
    }

    /// - Throws: `unavailable`, in the contract's words, where a key or the region is not set.
    func access(_ dialect: BedrockDialect) throws(ServiceError) -> BedrockAccess {
        let key = value(for: dialect.key)
        let credentials = key == nil ? credentials(dialect) : nil
        guard key != nil || credentials != nil else { throw Self.missing(dialect.key) }
        let region = try region(dialect)
        let signature = credentials.map { ConverseEndpoint.Authentication.signature($0, region: region) }
        guard let authentication = key.map({ .key($0) }) ?? signature else { throw Self.missing(dialect.key) }
        return BedrockAccess(authentication: authentication, region: region)
    }

    private static func missing(_ variable: String) -> ServiceError {
        ServiceError(.unavailable, "\(variable) is required for AWS Bedrock.")
    }

    /// Of one kind of names, never of both: a key of one account says nothing with the secret of another.
    private func credentials(_ dialect: BedrockDialect) -> AWSCredentials? {
        dialect.credentials.lazy.compactMap { names in
            guard let id = value(for: names.id), let secret = value(for: names.secret) else { return nil }
            return AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: value(for: names.token))
        }.first
    }

    private func region(_ dialect: BedrockDialect) throws(ServiceError) -> String {
        guard let region = dialect.regions.lazy.compactMap({ value(for: $0) }).first else {
            throw Self.missing(dialect.regions[0])
        }
        // It becomes part of a host's name.
        guard region.utf8.allSatisfy({ 0x61...0x7A ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x2D }) else {
            throw ServiceError(.unavailable, "\(dialect.regions[0]) is no region of AWS.")
        }
        return region
    }
}
