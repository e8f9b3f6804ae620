package import Domain

extension SettingsSnapshot {
    /// The `settings` of `GET /v1/system`: every key of the contract, in its order. Secrets are booleans, and addresses
    /// come without user name and password.
    package func report(_ facts: StoredFacts) -> JSONObject {
        var report = JSONObject()
        for row in SettingTable.rows {
            switch row {
            case .setting(let setting): report[setting.key] = reported(setting)
            case .fact(let fact): report[fact.rawValue] = reported(fact, facts)
            }
        }
        return report
    }

    /// Where each setting's value comes from, by setting key and in the order of the report: `stored`, `environment`
    /// or `default`.
    package func sources() -> JSONObject {
        var sources = JSONObject()
        for setting in SettingTable.settings { sources[setting.key] = .string(source(of: setting.variable).rawValue) }
        return sources
    }

    /// `nil` where the key is left out.
    private func reported(_ setting: Setting) -> JSON? {
        let value = value(for: setting.variable)
        let text = value.map { JSON.string(WebAddress.withoutUserinfo($0)) }
        return switch setting.reportedForm {
        case .presence: .bool(value != nil)
        case .presenceOrNull: value == nil ? .null : true
        case .text: text ?? writtenValue(for: setting.variable).map(JSON.string)
        case .textElseVariable(let other):
            text ?? self.value(for: other).map { .string(WebAddress.withoutUserinfo($0)) }
        case .embeddingModel: usesNativeEmbedder ? .string(nativeEmbeddingModel) : text
        case .textOrNull: text ?? .null
        case .textElse(let standard): text ?? .string(standard)
        case .textElseNumber(let standard): text ?? JSON(standard)
        case .number(let standard): reportedNumber(setting, else: standard)
        case .trueUnlessFalse: .bool(value != "false")
        }
    }

    private func reportedNumber(_ setting: Setting, else standard: Int) -> JSON {
        let number = number(for: setting.variable) ?? Double(standard)
        return Int64(exactly: number).map(JSON.integer) ?? .number(number)
    }

    private func reported(_ fact: SystemFact, _ facts: StoredFacts) -> JSON? {
        switch fact {
        case .requiresAuth: .bool(value(for: "AUTH_TOKEN") != nil)
        case .storageDirectory: nil
        case .multiUserMode: .bool(facts.multiUserMode)
        case .memoryEnabled: .bool(facts.memoryEnabled)
        case .memoryAutoExtraction: .bool(facts.memoryAutoExtraction)
        case .hasExistingEmbeddings: .bool(facts.hasExistingEmbeddings)
        case .hasCachedEmbeddings: .bool(facts.hasCachedEmbeddings)
        case .languageModel: JSON(languageModelPreference)
        case .nvidiaNIMTokenLimit: value(for: "NVIDIA_NIM_LLM_MODEL_TOKEN_LIMIT").map(JSON.string)
        case .chatHistoryHidden: .bool(flag("DISABLE_VIEW_CHAT_HISTORY"))
        case .workspaceDeletionProtected: .bool(isPresent("WORKSPACE_DELETION_PROTECTION"))
        case .simpleSSOEnabled: .bool(flag("SIMPLE_SSO_ENABLED"))
        case .simpleSSOWithoutLogin: .bool(flag("SIMPLE_SSO_NO_LOGIN"))
        case .simpleSSORedirect: JSON(simpleSSORedirect)
        case .clarifyingQuestionsEnabled: .bool(facts.clarifyingQuestionsEnabled)
        case .clarifyingQuestionsPerTurn: JSON(facts.clarifyingQuestionsPerTurn)
        }
    }

    private var simpleSSORedirect: String? {
        guard flag("SIMPLE_SSO_ENABLED"), flag("SIMPLE_SSO_NO_LOGIN") else { return nil }
        return value(for: "SIMPLE_SSO_NO_LOGIN_REDIRECT").flatMap { WebAddress($0)?.normalized }
    }
}
