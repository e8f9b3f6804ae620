package import Domain

/// A checked request to change settings: either every change in it, or every reason why none is made.
///
/// - Keys are checked in the order of the request. Nothing is applied unless all of them pass.
/// - A value that holds `******` is a mask that came from here and is skipped. So is an address that differs from the
///   present one only by the user name and password that we leave out of answers.
/// - Numbers and booleans are taken as their text. `null` takes back what was stored. An empty text, where the rules
///   allow it, is stored and reads as no value.
/// - Where two keys share a variable, the later one wins.
package struct SettingsBatch: Sendable {
    /// At most one for each variable; empty when anything failed.
    package let changes: [SettingChange]
    /// What to answer: values as sent, but masked where they are secret; empty when anything failed.
    package let newValues: [AppliedValue]
    package let failures: [Failure]
    /// Keys of the request that are no settings, in its order.
    package let unknownKeys: [String]

    /// A key that was applied and what it has now; `nil` where what was stored was taken back.
    package struct AppliedValue: Sendable, Equatable {
        package let key: String
        package let value: String?
    }

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
        let unread = appliedKeys.filter { SettingTable.setting($0)?.isRead == false }
            .map { "\($0) is stored, but nothing in this version reads it." }
        return unread
            + changes.compactMap { change in
                guard let value = change.value, !value.isEmpty, let setting = SettingTable.setting(for: change.variable)
                else { return nil }
                return setting.doubt(about: value)
            }
    }

    /// The setting keys that are applied, in the order of the request.
    package var appliedKeys: [String] { newValues.map(\.key) }

    private init(failures: [Failure], unknownKeys: [String]) {
        changes = []
        newValues = []
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

    /// Checks what was sent against the settings as they are now.
    ///
    /// - Parameters:
    ///   - sent: the keys of the request in its order; each at most once.
    ///   - container: how addresses of this machine are checked when it is a container.
    /// - Throws: `invalid` when the value of a setting has parts; the contract's errors are ``failures``.
    package init(
        _ sent: [SentSetting], against present: SettingsSnapshot, container: ContainerCheck = .live
    ) async throws(ServiceError) {
        let container = present.value(for: "ANYTHING_LLM_RUNTIME") == "docker" ? container : nil
        var changes: [SettingChange] = []
        var newValues: [AppliedValue] = []
        var failures: [Failure] = []
        var unknownKeys: [String] = []
        for entry in sent {
            let key = entry.key
            guard let setting = SettingTable.setting(key) else {
                unknownKeys.append(key)
                continue
            }
            let value = try entry.text
            if let value, setting.keepsPresentValue(whenSent: value, present) { continue }
            let messages = await setting.refusals(
                of: value, container: container, networks: ProviderNetworks(present))
            if messages.isEmpty {
                changes.removeAll { $0.variable == setting.variable }
                changes.append(setting.change(to: value))
                newValues.append(AppliedValue(key: key, value: setting.echo(of: value)))
            } else {
                failures.append(Failure(key: key, messages: messages))
            }
        }
        self.changes = failures.isEmpty ? changes : []
        self.newValues = failures.isEmpty ? newValues : []
        self.failures = failures
        self.unknownKeys = unknownKeys
    }
}

/// A key of a request to change settings, with the value that it came with.
package struct SentSetting: Sendable, Equatable {
    package enum Value: Sendable, Equatable {
        /// A text, or a number or boolean as its text.
        case text(String)
        /// Takes back what was stored.
        case null
        /// A list or an object, which no setting takes.
        case composite
    }

    package let key: String
    package let value: Value

    package init(_ key: String, _ value: Value) {
        self.key = key
        self.value = value
    }

    fileprivate var text: String? {
        get throws(ServiceError) {
            switch value {
            case .text(let text): return text
            case .null: return nil
            case .composite: throw .invalid("\(key) must be a text, a number, a boolean or null.")
            }
        }
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

    /// Why a value that the contract lets pass will not do.
    fileprivate func doubt(about value: String) -> String? {
        if isWebAddress {
            let address = WebAddress(value)
            return address?.isWeb == true && address?.host.isEmpty == false
                ? nil : "\(key) is no http or https address, so nothing can be reached there."
        }
        guard rules.contains(.tokenLimit) || rules.contains(.aboveZero) else { return nil }
        let number = numericValue(of: value) ?? 0
        guard let whole = Int(exactly: number.rounded(.towardZero)), whole > 0 else {
            return "\(key) is no whole number above zero, so it is not used."
        }
        return Double(whole) == number ? nil : "\(key) is no whole number, so \(whole) is used."
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

    fileprivate func echo(of value: String?) -> String? {
        value.map { isSecret && !$0.isEmpty ? Self.mask : WebAddress.withoutUserinfo($0) }
    }
}
