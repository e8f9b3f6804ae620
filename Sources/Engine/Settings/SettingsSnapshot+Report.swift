package import Domain

/// A key of the report with its value.
package struct ReportedSetting: Sendable, Equatable {
    package enum Value: Sendable, Equatable {
        case scalar(Scalar)
        case null

        init(_ text: String) { self = .scalar(.text(text)) }
        init(_ number: Int) { self = .scalar(.integer(Int64(number))) }
        init(_ flag: Bool) { self = .scalar(.bool(flag)) }
    }

    package let key: String
    package let value: Value
}

extension SettingsSnapshot {
    /// The `settings` of `GET /v1/system`: every key of the contract, in its order. Secrets are booleans, and addresses
    /// come without user name and password.
    package func report(_ facts: StoredFacts) -> [ReportedSetting] {
        SettingTable.rows.compactMap { row in
            switch row {
            case .setting(let setting): reported(setting).map { ReportedSetting(key: setting.key, value: $0) }
            case .fact(let fact): reported(fact, facts).map { ReportedSetting(key: fact.rawValue, value: $0) }
            }
        }
    }

    /// Where each setting's value comes from, by setting key and in the order of the report.
    package func sources() -> [(key: String, source: Source)] {
        SettingTable.settings.map { ($0.key, source(of: $0.variable)) }
    }

    /// `nil` where the key is left out.
    private func reported(_ setting: Setting) -> ReportedSetting.Value? {
        let value = value(for: setting.variable)
        let text = value.map { ReportedSetting.Value(WebAddress.withoutUserinfo($0)) }
        return switch setting.reportedForm {
        case .presence: .init(value != nil)
        case .presenceOrNull: value == nil ? .null : .init(true)
        case .text: text ?? writtenValue(for: setting.variable).map { .init($0) }
        case .textElseVariable(let other):
            text ?? self.value(for: other).map { .init(WebAddress.withoutUserinfo($0)) }
        case .embeddingModel: usesNativeEmbedder ? .init(nativeEmbeddingModel) : text
        case .textOrNull: text ?? .null
        case .textElse(let standard): text ?? .init(standard)
        case .textElseNumber(let standard): text ?? .init(standard)
        case .number(let standard): reportedNumber(setting, else: standard)
        case .trueUnlessFalse: .init(value != "false")
        }
    }

    private func reportedNumber(_ setting: Setting, else standard: Int) -> ReportedSetting.Value {
        let number = number(for: setting.variable) ?? Double(standard)
        return Int64(exactly: number).map { .scalar(.integer($0)) } ?? .scalar(.number(number))
    }

    private func reported(_ fact: SystemFact, _ facts: StoredFacts) -> ReportedSetting.Value? {
        switch fact {
        case .requiresAuth: .init(facts.hasOwnerPassword ?? (value(for: "AUTH_TOKEN") != nil))
        case .storageDirectory: nil
        case .multiUserMode: .init(facts.multiUserMode)
        case .memoryEnabled: .init(facts.memoryEnabled)
        case .memoryAutoExtraction: .init(facts.memoryAutoExtraction)
        case .hasExistingEmbeddings: .init(facts.hasExistingEmbeddings)
        case .hasCachedEmbeddings: .init(facts.hasCachedEmbeddings)
        case .languageModel: languageModelPreference.map { .init($0) } ?? .null
        case .nvidiaNIMTokenLimit: value(for: "NVIDIA_NIM_LLM_MODEL_TOKEN_LIMIT").map { .init($0) }
        case .chatHistoryHidden: .init(flag("DISABLE_VIEW_CHAT_HISTORY"))
        case .workspaceDeletionProtected: .init(flag("WORKSPACE_DELETION_PROTECTION"))
        case .simpleSSOEnabled: .init(flag("SIMPLE_SSO_ENABLED"))
        case .simpleSSOWithoutLogin: .init(flag("SIMPLE_SSO_NO_LOGIN"))
        case .simpleSSORedirect: simpleSSORedirect.map { .init($0) } ?? .null
        case .clarifyingQuestionsEnabled: .init(facts.clarifyingQuestionsEnabled)
        case .clarifyingQuestionsPerTurn: .init(facts.clarifyingQuestionsPerTurn)
        }
    }
}
