import Domain

/// The settings as they are at one moment: what was stored through the API, else the environment, else the default.
///
/// An empty value counts as none. A value that was stored empty hides the environment's.
package struct SettingsSnapshot: Sendable {
    private let environment: [String: String]
    private let stored: [String: String]

    /// - Parameter stored: variable and plain value of what was set through the API.
    package init(environment: [String: String], stored: [String: String] = [:]) {
        self.environment = environment
        self.stored = stored
    }

    /// Where a value comes from.
    package enum Source: String, Sendable {
        case stored
        case environment
        case `default`
    }

    /// The value that was set, without any default; `nil` when none or an empty one is set.
    package func value(for variable: String) -> String? {
        writtenValue(for: variable).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The value that holds: the one set, else the table's default.
    package func effectiveValue(for variable: String) -> String? {
        value(for: variable) ?? SettingTable.setting(for: variable)?.defaultValue
    }

    /// The value as it was set, also when it is empty.
    func writtenValue(for variable: String) -> String? { stored[variable] ?? environment[variable] }

    package func source(of variable: String) -> Source {
        if let value = stored[variable] { return value.isEmpty ? .default : .stored }
        return environment[variable].map { !$0.isEmpty } == true ? .environment : .default
    }

    func replacingStored(_ values: [String: String]) -> SettingsSnapshot {
        SettingsSnapshot(environment: environment, stored: values)
    }

    /// The snapshot after `changes`.
    package func applying(_ changes: [SettingChange]) -> SettingsSnapshot {
        var stored = stored
        for change in changes { stored[change.variable] = change.value }
        return SettingsSnapshot(environment: environment, stored: stored)
    }
}

// MARK: - Typed reading

extension SettingsSnapshot {
    /// The whole number that holds, fractions cut off; `nil` for none, for text, and for what no `Int` can hold.
    package func integer(for variable: String) -> Int? {
        effectiveValue(for: variable).flatMap(numericValue(of:)).flatMap { Int(exactly: $0.rounded(.towardZero)) }
    }

    /// Like ``integer(for:)``, but only what is above zero.
    package func amount(for variable: String) -> Int? {
        integer(for: variable).flatMap { $0 > 0 ? $0 : nil }
    }

    package func number(for variable: String) -> Double? {
        effectiveValue(for: variable).flatMap(numericValue(of:)).flatMap { $0.isFinite ? $0 : nil }
    }

    /// What stands between commas.
    package func list(for variable: String) -> [String] {
        (effectiveValue(for: variable) ?? "").split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
    }

    /// Whether a switch is on: set, and neither `0`, `false`, `no` nor `off`.
    package func flag(_ variable: String) -> Bool {
        guard let text = effectiveValue(for: variable)?.lowercased() else { return false }
        return !["0", "false", "no", "off"].contains(text)
    }
}

// Values may be secret, so printing a snapshot, by mistake or in a crash report, shows none.
extension SettingsSnapshot: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "SettingsSnapshot" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
