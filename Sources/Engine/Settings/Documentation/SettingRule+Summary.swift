extension SettingRule {
    /// What the rule accepts, in a few words for the guide; `nil` where another word says it.
    var summary: String? {
        switch self {
        case .nonEmpty: nil
        case .number: "number"
        case .aboveZero: "number above 0"
        case .tokenLimit: "number of tokens"
        case .wholeNumber(let range): "whole number, \(range.lowerBound) to \(range.upperBound)"
        case .url: "URL"
        case .versionedBase: "URL that reaches down to `/v1`, no closing slash"
        case .baseWithoutSlash: "URL, no closing slash"
        case .noTrailingSlash: "no closing slash"
        case .reachableFromContainer: nil
        case .openAIKey: "starts with `sk-`"
        case .anthropicKey: "starts with `sk-ant-`"
        case .oneOf(let choice): choice.available.map { "`\($0)`" }.joined(separator: " ")
        case .postgresURL: "starts with `postgresql://`, no spaces"
        case .never: "environment only"
        case .password: "letters, digits and `_-!@$%^&*();`"
        }
    }
}

extension Setting {
    /// What the setting accepts, in a few words for the guide.
    var summary: String {
        let parts = (rules + [limit].compactMap { $0 }).compactMap(\.summary)
        if isAddress { return "URL; anything else is stored and reaches nothing" }
        return parts.isEmpty ? "text" : parts.joined(separator: "; ")
    }

    /// Whether an empty text passes the rules and so clears the setting.
    var acceptsEmptyText: Bool {
        rules.allSatisfy { rule in
            switch rule {
            case .number, .tokenLimit, .noTrailingSlash: true
            default: false
            }
        }
    }
}
