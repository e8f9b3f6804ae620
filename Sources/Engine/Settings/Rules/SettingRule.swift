import Domain

/// What a setting accepts. Each rule refuses with one message; the texts are the contract's, word for word, except
/// for `wholeNumber`, which is ours.
package enum SettingRule: Sendable, Equatable {
    case nonEmpty
    /// A number as ECMAScript reads it: fractions, `1e3` and `0x10` too.
    case number
    case aboveZero
    case tokenLimit
    case wholeNumber(ClosedRange<Int>)
    case url
    /// A base path with a segment `v1` that does not end in a slash. The contract looks for the text anywhere, and lists that
    /// among its weaknesses.
    case versionedBase
    case baseWithoutSlash
    case noTrailingSlash
    /// Inside a container, an address of this machine must answer; see ``ContainerCheck``.
    case reachableFromContainer
    case openAIKey
    case anthropicKey
    case oneOf(SettingChoice)
    /// The form alone; whether the database answers is seen when it is first used.
    case postgresURL
    /// Only at start or by its own endpoint, never through `update-env`.
    case never
    case password
}

extension SettingRule {
    /// Why `value` is refused, or `nil`. `container` is `nil` outside one.
    func refusal(of value: String, container: ContainerCheck?) async -> String? {
        switch self {
        case .nonEmpty: value.isEmpty ? "Value cannot be empty" : nil
        case .number: numericValue(of: value) == nil ? "Value must be a number" : nil
        case .aboveZero: refusalOfAmount(value)
        case .tokenLimit: numericValue(of: value) == nil ? "Token limit is not a number" : nil
        case .wholeNumber(let range): wholeNumberRefusal(of: value, in: range)
        case .url: WebAddress(value) == nil ? "URL is not a valid URL." : nil
        case .versionedBase: refusalOfBase(value, mustBeVersioned: true)
        case .baseWithoutSlash: refusalOfBase(value, mustBeVersioned: false)
        case .noTrailingSlash:
            value.hasSuffix("/") ? "Chroma Instance URL should not end in a trailing slash." : nil
        case .reachableFromContainer: await container?.refusal(of: value)
        case .openAIKey: value.hasPrefix("sk-") ? nil : "OpenAI Key must start with sk-"
        case .anthropicKey: value.hasPrefix("sk-ant-") ? nil : "Anthropic Key must start with sk-ant-"
        case .oneOf(let choice): choice.message(for: value)
        case .postgresURL: refusalOfPostgresURL(value)
        case .never: "Cannot set this setting."
        case .password: refusalOfPassword(value)
        }
    }

    private func refusalOfAmount(_ value: String) -> String? {
        guard let number = numericValue(of: value) else { return "Value must be a number" }
        return number > 0 ? nil : "Value must be greater than zero"
    }

    private func refusalOfBase(_ value: String, mustBeVersioned: Bool) -> String? {
        guard let address = WebAddress(value) else { return "Not a valid URL" }
        if mustBeVersioned, !address.path.split(separator: "/").contains("v1") { return "URL must include /v1" }
        return value.hasSuffix("/") ? "URL cannot end with a slash" : nil
    }

    private func refusalOfPostgresURL(_ value: String) -> String? {
        if !value.hasPrefix("postgresql://") {
            return "Invalid Postgres connection string. Must start with postgresql://"
        }
        return value.contains(" ") ? "Invalid Postgres connection string. Must not contain spaces." : nil
    }

    private func refusalOfPassword(_ value: String) -> String? {
        let symbols = "_-!@$%^&*();"
        let isAllowed =
            !value.isEmpty
            && value.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (Character(scalar).isLetter || Character(scalar).isNumber || symbols.contains(Character(scalar)))
            }
        return isAllowed
            ? nil : "Your password has restricted characters in it. Allowed symbols are _,-,!,@,$,%,^,&,*,(,),;"
    }
}

/// What no setting may hold, whatever its rules: text that could not be written to an environment file or a log line.
enum SettingText {
    /// UTF-8 bytes; the longest that any provider's key or prefix needs is far below.
    static let longest = 16 * 1024

    static func refusal(of value: String) -> String? {
        if value.utf8.count > longest { return "Value cannot be longer than \(longest) bytes." }
        let isPlain = value.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
        return isPlain ? nil : "Value cannot contain line breaks or control characters."
    }
}
