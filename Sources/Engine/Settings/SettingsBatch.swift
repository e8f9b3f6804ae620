package import Domain

/// A checked request to change settings: either every change in it, or every reason why none is made.
///
/// - Keys are checked in the order of the body. Nothing is applied unless all of them pass.
/// - A value that holds `******` is a mask that came from here and is skipped. So is an address that differs from the
///   present one only by the user name and password that we leave out of answers.
/// - Numbers and booleans are taken as their text. `null` takes back what was stored. An empty text, where the rules
///   allow it, is stored and reads as no value.
/// - Where two keys share a variable, the later one wins.
package struct SettingsBatch: Sendable {
    /// At most one for each variable; empty when anything failed.
    package let changes: [SettingChange]
    /// What to answer: values as sent, but masked where they are secret; empty when anything failed.
    package let newValues: JSONObject
    package let failures: [Failure]
    /// Keys of the body that are no settings, in its order.
    package let unknownKeys: [String]

    /// A key that was refused, with at least one message.
    package struct Failure: Sendable, Equatable {
        package let key: String
        package let messages: [String]
        /// Whether other keys were refused for the same reason, together with it.
        package var isShared = false
    }

    /// All messages, one a line, as the contract's `error`; `nil` when nothing failed. What several keys were refused for
    /// together is said once.
    package var error: String? {
        var said = Set<String>()
        let messages = failures.flatMap { failure in
            failure.messages.filter { !failure.isShared || said.insert($0).inserted }
        }
        return messages.isEmpty ? nil : messages.joined(separator: "\n")
    }

    /// For people: which of the applied settings have no effect in this version.
    package var warnings: [String] {
        appliedKeys.filter { SettingTable.setting($0)?.isRead == false }
            .map { "\($0) is stored, but nothing in this version reads it." }
    }

    /// The setting keys that are applied, in the order of the body.
    package var appliedKeys: [String] { newValues.keys }

    private init(failures: [Failure], unknownKeys: [String]) {
        changes = []
        newValues = JSONObject()
        self.failures = failures
        self.unknownKeys = unknownKeys
    }

    /// The same request, refused for what its settings come to together.
    func refused(whereVariableIn variables: Set<String>, because message: String) -> SettingsBatch {
        let keys = appliedKeys.filter { key in
            SettingTable.setting(key).map { variables.contains($0.variable) } ?? false
        }
        return SettingsBatch(
            failures: keys.map { Failure(key: $0, messages: [message], isShared: true) }, unknownKeys: unknownKeys)
    }

    /// Checks `body` against the settings as they are now.
    ///
    /// - Parameter container: how addresses of this machine are checked when it is a container.
    /// - Throws: `invalid` when the value of a setting is an object or an array; the contract's errors are ``failures``.
    package init(
        _ body: JSONObject, against present: SettingsSnapshot, container: ContainerCheck = .live
    ) async throws(ServiceError) {
        let container = present.value(for: "ANYTHING_LLM_RUNTIME") == "docker" ? container : nil
        var changes: [SettingChange] = []
        var newValues = JSONObject()
        var failures: [Failure] = []
        var unknownKeys: [String] = []
        for (key, value) in try Self.texts(of: body) {
            guard let setting = SettingTable.setting(key) else {
                unknownKeys.append(key)
                continue
            }
            if let value, setting.keepsPresentValue(whenSent: value, present) { continue }
            let messages = await setting.refusals(of: value, container: container)
            if messages.isEmpty {
                changes.removeAll { $0.variable == setting.variable }
                changes.append(setting.change(to: value))
                newValues[key] = setting.echo(of: value)
            } else {
                failures.append(Failure(key: key, messages: messages))
            }
        }
        self.changes = failures.isEmpty ? changes : []
        self.newValues = failures.isEmpty ? newValues : JSONObject()
        self.failures = failures
        self.unknownKeys = unknownKeys
    }

    /// The members of the body with their values as text; `nil` for null, and for whatever an unknown key holds.
    private static func texts(of body: JSONObject) throws(ServiceError) -> [(key: String, value: String?)] {
        var texts: [(key: String, value: String?)] = []
        for member in body.members {
            let isKnown = SettingTable.setting(member.key) != nil
            switch member.value {
            case .string(let text): texts.append((member.key, text))
            case .null: texts.append((member.key, nil))
            case .bool, .integer, .number: texts.append((member.key, member.value.text))
            case .array, .object:
                if isKnown { throw .invalid("\(member.key) must be a text, a number, a boolean or null.") }
                texts.append((member.key, nil))
            }
        }
        return texts
    }
}

extension Setting {
    /// Six of these anywhere in a value say that it is a mask and not a value.
    private static let mark = "******"
    private static let mask = "********"

    fileprivate func keepsPresentValue(whenSent value: String, _ present: SettingsSnapshot) -> Bool {
        if value.contains(Self.mark) { return true }
        guard !value.isEmpty, let held = present.value(for: variable), held != value else { return false }
        return WebAddress.withoutUserinfo(held) == value
    }

    fileprivate func change(to value: String?) -> SettingChange {
        let kept =
            switch storedForm {
            case .asSent: value
            case .asVersionedBase: value.map { WebAddress($0)?.base(endingIn: "v1") ?? $0 }
            }
        let carriesPassword = value.map { WebAddress.withoutUserinfo($0) != $0 } ?? false
        return SettingChange(variable: variable, value: kept, isSecret: isSecret || carriesPassword)
    }

    fileprivate func echo(of value: String?) -> JSON {
        guard let value else { return .null }
        return .string(isSecret && !value.isEmpty ? Self.mask : WebAddress.withoutUserinfo(value))
    }
}
