package import Domain

/// A language model that somebody names in few words, and the settings that make it answer.
package struct ChatProviderChoice: Sendable, Equatable {
    package let provider: String
    package var model: String?
    /// Where the provider's server is, for those that run at an address of one's own.
    package var base: String?
    /// The provider's secret.
    package var key: String?

    package init(provider: String, model: String? = nil, base: String? = nil, key: String? = nil) {
        self.provider = provider
        self.model = model
        self.base = base
        self.key = key
    }

    /// What to set, in the order in which it is checked.
    ///
    /// - Throws: `invalid` where the provider is not known, or has no setting for what is given.
    package func settings() throws(ServiceError) -> [SentSetting] {
        guard let row = ProviderRegistry.provider(provider), let offer = row.chat, offer.wire != nil else {
            throw .invalid(
                "There is no provider \(provider). Available: \(ProviderRegistry.chat.built.joined(separator: ", ")).")
        }
        let variables = offer.connectionVariables
        var sent: [SentSetting] = []
        if let base { sent.append(try setting(variables.base, base, "an address of its server")) }
        if let key { sent.append(try setting(variables.key, key, "a key")) }
        if let model { sent.append(try setting(offer.model.variable, model, "a model")) }
        sent.append(SentSetting("LLMProvider", .text(provider)))
        return sent
    }

    private func setting(
        _ variable: String?, _ value: String, _ what: String
    ) throws(ServiceError) -> SentSetting {
        guard let setting = variable.flatMap({ SettingTable.setting(for: $0) }) else {
            throw .invalid("The provider \(provider) has no setting for \(what).")
        }
        return SentSetting(setting.key, .text(value))
    }
}

extension ChatOffer {
    /// The variables of the server's address and of its secret; `nil` where it has none.
    fileprivate var connectionVariables: (base: String?, key: String?) {
        switch wire {
        case .chatCompletions(let dialect)?, .responses(let dialect)?: (dialect.base.variable, dialect.key?.variable)
        case .gemini(let dialect)?: (dialect.base.variable, dialect.key.variable)
        case .bedrock(let dialect)?: (nil, dialect.key)
        case .messages(let dialect)?: (dialect.base.variable, dialect.key.variable)
        case .ollama(let dialect)?: (dialect.base.variable, dialect.key.variable)
        case .extractive?, .router?, nil: (nil, nil)
        }
    }
}
