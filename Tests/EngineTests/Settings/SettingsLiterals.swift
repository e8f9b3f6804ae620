import Domain

@testable import Engine

/// A request to change settings, as its literal.
func sent(_ settings: KeyValuePairs<String, SentSetting.Value>) -> [SentSetting] {
    settings.map { SentSetting($0.key, $0.value) }
}

func applied(_ values: KeyValuePairs<String, String?>) -> [SettingsBatch.AppliedValue] {
    values.map { SettingsBatch.AppliedValue(key: $0.key, value: $0.value) }
}

extension [SettingsBatch.AppliedValue] {
    subscript(key: String) -> String? { first { $0.key == key }?.value }
}

extension [ReportedSetting] {
    subscript(key: String) -> ReportedSetting.Value? { first { $0.key == key }?.value }

    /// All values, one a line.
    var text: String { map { "\($0.key): \($0.value.text)" }.joined(separator: "\n") }
}

extension SentSetting.Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .text(String(value)) }
    package init(nilLiteral: ()) { self = .null }
}

extension ReportedSetting.Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self.init(value) }
    package init(integerLiteral value: Int) { self.init(value) }
    package init(booleanLiteral value: Bool) { self.init(value) }

    var text: String {
        switch self {
        case .scalar(.text(let text)): "\"\(text)\""
        case .scalar(.integer(let integer)): "\(integer)"
        case .scalar(.number(let number)): "\(number)"
        case .scalar(.bool(let bool)): "\(bool)"
        case .null: "null"
        }
    }
}
