/// One setting: what it is called on the wire and in the environment, what it accepts, and how it is reported.
package struct Setting: Sendable {
    /// The key in `POST /v1/system/update-env` and `GET /v1/system`.
    package let key: String
    /// The environment variable; two keys may share one.
    package let variable: String
    /// What the contract asks of a value. All of them run, and each that fails says so.
    package let rules: [SettingRule]
    /// What we ask besides, once the contract is satisfied and the value is not empty.
    package let limit: SettingRule?
    /// Whether the value is meant to be a server's address although no rule insists on one.
    let isAddress: Bool
    /// What is kept of a value that was accepted.
    package let storedForm: StoredForm
    package let reportedForm: ReportedForm

    /// What is kept of a value that was accepted.
    package enum StoredForm: Sendable {
        case asSent
        /// The base of an OpenAI-compatible server, ending in `/v1`.
        case asVersionedBase
    }

    /// How `GET /v1/system` shows the setting.
    package enum ReportedForm: Sendable, Equatable {
        /// Whether a value is set; the value itself is secret.
        case presence
        /// `true`, or null when no value is set; the value itself is secret.
        case presenceOrNull
        /// The text; without a value the key is left out.
        case text
        /// The text; without a value that of another variable; without either the key is left out.
        case textElseVariable(String)
        /// The embedding model: with the engine in this process always one that it can load.
        case embeddingModel
        case textOrNull
        case textElse(String)
        /// The text when set, but a JSON number when not: clients know it so.
        case textElseNumber(Int)
        /// Always a JSON number.
        case number(Int)
        /// A boolean that only the text `false` turns off.
        case trueUnlessFalse
    }

    /// A secret is encrypted at rest, and neither reported, echoed nor logged.
    package var isSecret: Bool { reportedForm == .presence || reportedForm == .presenceOrNull }

    /// What holds while no value is set, as text.
    package var defaultValue: String? {
        switch reportedForm {
        case .textElse(let text): text.isEmpty ? nil : text
        case .textElseNumber(let number), .number(let number): String(number)
        case .trueUnlessFalse: "true"
        default: nil
        }
    }

    /// Whether anything in this version reads the setting; else it is stored and reported, and has no effect.
    package var isRead: Bool {
        ProviderRegistry.readVariables.contains(variable) || SettingTable.readVariables.contains(variable)
    }

    /// Whether the value is the address of a server that speaks HTTP.
    var isWebAddress: Bool {
        isAddress || limit == .url || rules.contains { [.url, .versionedBase, .baseWithoutSlash].contains($0) }
    }

    /// Whether the value says where this server sends requests.
    var leadsSomewhere: Bool { isWebAddress || rules.contains(.postgresURL) }

    /// Whether the setting can be changed through the API at all.
    package var isSettable: Bool { !rules.contains(.never) }
}

/// A line of `GET /v1/system`: a setting, or a fact that can only be read there.
package enum SettingTableRow: Sendable {
    case setting(Setting)
    case fact(SystemFact)

    static func key(
        _ key: String, _ variable: String, _ rules: [SettingRule], _ reportedForm: Setting.ReportedForm,
        limit: SettingRule? = nil, isAddress: Bool = false, stored storedForm: Setting.StoredForm = .asSent
    ) -> SettingTableRow {
        .setting(
            Setting(
                key: key, variable: variable, rules: rules, limit: limit, isAddress: isAddress, storedForm: storedForm,
                reportedForm: reportedForm))
    }
}
