package import Domain

/// A language model that the settings name, with all that its client needs.
package enum ChatConnection: Sendable, Equatable {
    case extractive
    case chatCompletions(OpenAICompatibleEndpoint)
    case responses(OpenAICompatibleEndpoint)
    case messages(MessagesEndpoint)
    case gemini(GeminiEndpoint)
    case converse(ConverseEndpoint)
    case ollama(OllamaEndpoint)
}

extension SettingsSnapshot {
    /// The provider that answers where a workspace names none.
    package var chatProvider: String { value(for: "LLM_PROVIDER") ?? Provider.extractive.id }

    static let routerVariable = "MODEL_ROUTER_ID"

    /// Of workspaces that name none.
    var defaultRouter: Int64? { amount(for: Self.routerVariable).map(Int64.init) }

    /// The model that a workspace wants, whatever its provider is.
    package func chosenModel(for workspace: Workspace, _ purpose: ModelPurpose) -> ModelRoute {
        let chosen = workspace.settings
        // A model goes with the provider that it was chosen for.
        if purpose == .agent, let provider = chosen.agentProvider {
            return ModelRoute(provider: provider, model: chosen.agentModel)
        }
        return ModelRoute(provider: chosen.chatProvider ?? chatProvider, model: chosen.chatModel)
    }

    /// Whether answers are quoted from the passages because nothing else is set.
    package var answersWithoutModel: Bool { chatProvider == Provider.extractive.id }

    /// - Parameters:
    ///   - provider: one that a workspace names, else the instance's.
    ///   - model: one that a workspace names, else the one that is set, else the vendor's usual one.
    ///   - windows: what is known of models besides ``KnownContextWindows``.
    /// - Throws: `unavailable`, in the contract's words, where something that the vendor needs is not set.
    package func chatConnection(
        _ provider: String, model: String? = nil, windows: ModelWindowTable = .empty
    ) throws(ServiceError) -> ChatConnection {
        guard let row = ProviderRegistry.provider(provider), let offer = row.chat, let wire = offer.wire else {
            throw notBuilt(provider)
        }
        switch wire {
        case .extractive: return .extractive
        // Whoever asks for a model has it choose before.
        case .router: throw ModelRouting.missing
        case .chatCompletions(let dialect):
            return .chatCompletions(try endpoint(dialect, of: row, offer, model: model, windows))
        case .responses(let dialect): return .responses(try endpoint(dialect, of: row, offer, model: model, windows))
        case .messages(let dialect): return .messages(try endpoint(dialect, of: row, offer, model: model, windows))
        case .gemini(let dialect): return .gemini(try endpoint(dialect, of: row, offer, model: model, windows))
        case .bedrock(let dialect): return try connection(dialect, of: row, offer, model: model)
        case .ollama(let dialect): return .ollama(try endpoint(dialect, of: row, offer, model: model))
        }
    }

    func notBuilt(_ provider: String) -> ServiceError {
        ServiceError(
            .unavailable,
            "The provider \(provider) is not available in this version. "
                + "Available: \(ProviderRegistry.chat.built.joined(separator: ", ")).")
    }

    private func endpoint(
        _ dialect: ChatCompletionsDialect, of row: Provider, _ offer: ChatOffer, model: String?,
        _ windows: ModelWindowTable
    ) throws(ServiceError) -> OpenAICompatibleEndpoint {
        var base = try address(dialect.base)
        let key = try credential(dialect.key)
        let model = try modelID(offer.model, chosen: model) ?? ""
        if case .azureResource = dialect.base.source { base = try azureBase(base, deployment: model) }
        var headers = CustomHeaders(dialect.headers)
        if let text = dialect.headersVariable.flatMap({ value(for: $0) }) { headers = CustomHeaders(parsing: text) }
        let isReasoning = dialect.modelTypeVariable.flatMap { value(for: $0) } == "reasoning"
        var endpoint = OpenAICompatibleEndpoint(
            providerName: offer.metricsName, label: row.name, baseURL: base, apiKey: key, modelID: model,
            contextWindow: window(dialect.window, model: model, windows),
            defaultMaximumTokens: dialect.maximumTokens.map { amount($0) },
            maximumTokensField: isReasoning ? "max_completion_tokens" : dialect.maximumTokensField,
            defaultTemperature: dialect.defaultTemperature,
            takesTemperature: !isReasoning && !dialect.modelsWithoutTemperature.contains { model.hasPrefix($0) },
            customHeaders: headers, allowsStreaming: !(dialect.wholeAnswersSwitch.map(flag) ?? false),
            requestsUsage: dialect.requestsUsage || dialect.usageSwitch.map(flag) ?? false,
            imageEncoding: dialect.images.encoding, supportsTools: !providersWithoutTools.contains(row.id))
        endpoint.keyHeader = dialect.keyHeader
        endpoint.limitsToWindow = dialect.limitsToWindow
        endpoint.requestsReasoning = dialect.requestsReasoning
        endpoint.quotesWeb = dialect.modelsThatQuoteWeb.contains { model.hasPrefix($0) }
        endpoint.systemRole =
            isReasoning ? .user : dialect.modelsWithoutSystemRole.contains(model) ? .exchange : .system
        endpoint.windowListing = windowListing(dialect)
        endpoint.loading = dialect.loading?.loading
        return endpoint
    }

    private func azureBase(_ address: String, deployment: String) throws(ServiceError) -> String {
        guard let resource = AzureResource(address) else {
            throw ServiceError(.unavailable, "AZURE_OPENAI_ENDPOINT is no address of a resource of Azure OpenAI.")
        }
        return resource.base(for: deployment)
    }

    private func windowListing(_ dialect: ChatCompletionsDialect) -> OpenAICompatibleEndpoint.WindowListing? {
        let limit = dialect.window.variable.flatMap { setAmount(for: $0) }
        return switch dialect.windowListing {
        case .models(let widest)?: .init(.models, limit: limit, widest: widest)
        case .lmStudio?: .init(.lmStudio, limit: limit)
        case nil: nil
        }
    }

    private func endpoint(
        _ dialect: MessagesDialect, of row: Provider, _ offer: ChatOffer, model: String?, _ windows: ModelWindowTable
    ) throws(ServiceError) -> MessagesEndpoint {
        let base = try address(dialect.base)
        let key = try credential(dialect.key)
        let model = try modelID(offer.model, chosen: model) ?? ""
        let lifetime = value(for: dialect.cacheVariable)
        return MessagesEndpoint(
            providerName: offer.metricsName, label: row.name, baseURL: base, apiKey: key, modelID: model,
            contextWindow: window(dialect.window, model: model, windows),
            takesTemperature: !dialect.modelsWithoutTemperature.contains { model.contains($0) },
            cacheLifetime: lifetime == "none" ? nil : lifetime, supportsTools: !providersWithoutTools.contains(row.id))
    }

    private func endpoint(
        _ dialect: GeminiDialect, of row: Provider, _ offer: ChatOffer, model: String?, _ windows: ModelWindowTable
    ) throws(ServiceError) -> GeminiEndpoint {
        let base = try address(dialect.base)
        let key = try credential(dialect.key)
        let model = try modelID(offer.model, chosen: model) ?? ""
        return GeminiEndpoint(
            providerName: offer.metricsName, label: row.name, baseURL: base, apiKey: key, modelID: model,
            contextWindow: window(dialect.window, model: model, windows),
            // Where nobody has set one, the vendor's own holds, whatever the table of settings shows.
            safetyThreshold: value(for: dialect.safetyVariable),
            takesInstructions: !dialect.modelsWithoutSystemRole.contains(model),
            supportsTools: !providersWithoutTools.contains(row.id))
    }

    private func endpoint(
        _ dialect: OllamaDialect, of row: Provider, _ offer: ChatOffer, model: String?
    ) throws(ServiceError) -> OllamaEndpoint {
        let base = try address(dialect.base)
        let key = try credential(dialect.key)
        return OllamaEndpoint(
            providerName: offer.metricsName, label: row.name, baseURL: base, apiKey: key,
            modelID: try modelID(offer.model, chosen: model) ?? "", windowLimit: amount(for: dialect.windowVariable),
            keepAliveSeconds: integer(for: dialect.keepAliveVariable) ?? 300,
            allowsTools: !providersWithoutTools.contains(row.id))
    }

    func window(_ window: ContextWindow, model: String, _ windows: ModelWindowTable = .empty) -> Int {
        func known(by vendors: [String]) -> Int? {
            windows.window(of: model, by: vendors) ?? KnownContextWindows.window(of: model)
        }
        return switch window {
        case .fixed(let tokens): tokens
        case .set(let variable, let standard): amount(for: variable) ?? standard
        case .known(let vendors, let standard): known(by: vendors) ?? standard
        case .setOrKnown(let variable, let vendors, let standard):
            setAmount(for: variable) ?? known(by: vendors) ?? standard
        }
    }

    /// Without what the table of settings has as a default.
    private func setAmount(for variable: String) -> Int? { value(for: variable).flatMap { _ in amount(for: variable) } }

    /// The model that is set for the language model provider; `nil` when no provider or no model is set, and for
    /// providers that have no such setting.
    package var languageModelPreference: String? {
        guard let provider = value(for: "LLM_PROVIDER") else { return nil }
        let variables = ProviderRegistry.provider(provider)?.chat?.model.variables ?? []
        return variables.lazy.compactMap { value(for: $0) }.first
    }

    /// Providers whose models are not to be offered tools.
    var providersWithoutTools: Set<String> {
        Set(list(for: "PROVIDER_DISABLE_NATIVE_TOOL_CALLING").map { $0.lowercased() })
    }
}

extension ChatCompletionsDialect.ChatImages {
    fileprivate var encoding: OpenAICompatibleEndpoint.ImageEncoding {
        switch self {
        case .object(let detail): .object(detail: detail)
        case .string: .string
        case .none: .omitted
        }
    }
}

extension ChatCompletionsDialect.Loading {
    fileprivate var loading: OpenAICompatibleEndpoint.Loading {
        switch self {
        case .lemonade: .lemonade
        case .foundry: .foundry
        }
    }
}

// MARK: - Parts that all offers share

extension SettingsSnapshot {
    func address(_ base: BaseAddress) throws(ServiceError) -> String {
        switch base.source {
        case .fixed(let address): return address
        case .variable(let name), .azureResource(let name):
            guard let set = value(for: name) else { throw ServiceError(.unavailable, base.missing) }
            guard let ending = base.ending else { return set }
            return WebAddress(set)?.base(endingIn: ending) ?? set
        }
    }

    func credential(_ credential: Credential?) throws(ServiceError) -> String? {
        guard let credential else { return nil }
        if let value = value(for: credential.variable) { return value }
        if let missing = credential.missing { throw ServiceError(.unavailable, missing) }
        return nil
    }

    func modelID(_ choice: ModelChoice, chosen: String? = nil) throws(ServiceError) -> String? {
        // A server that takes no name is given none, whatever a workspace names.
        guard choice.variable != nil else { return choice.standard }
        let set = choice.variables.lazy.compactMap { value(for: $0) }.first
        if let model = chosen ?? set ?? choice.standard { return model }
        if let missing = choice.missing { throw ServiceError(.unavailable, missing) }
        return nil
    }

    func amount(_ amount: Amount) -> Int { amount.variable.flatMap { self.amount(for: $0) } ?? amount.standard }
}
