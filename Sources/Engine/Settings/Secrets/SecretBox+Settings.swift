package import Persistence

/// Changes in the form in which they are stored: secrets are encrypted.
package struct SealedChanges: Sendable, Equatable {
    package var entries: [SettingStore.Entry] = []
    /// Variables whose stored value is taken back.
    package var removals: [String] = []
}

extension SecretBox {
    func seal(_ changes: [SettingChange]) throws -> SealedChanges {
        var sealed = SealedChanges()
        for change in changes {
            guard let value = change.value else {
                sealed.removals.append(change.variable)
                continue
            }
            let kept = change.isSecret ? try seal(value, for: change.variable) : value
            sealed.entries.append(.init(variable: change.variable, value: kept, isSecret: change.isSecret))
        }
        return sealed
    }

    /// The plain values of stored settings by variable, and the variables whose value this key cannot open. Those
    /// count as not set: a lost key file must not keep the server from starting.
    package func open(_ entries: [SettingStore.Entry]) -> (values: [String: String], unreadable: [String]) {
        var values: [String: String] = [:]
        var unreadable: [String] = []
        for entry in entries {
            do throws(SecretBoxError) {
                values[entry.variable] = entry.isSecret ? try open(entry.value, for: entry.variable) : entry.value
            } catch {
                unreadable.append(entry.variable)
            }
        }
        return (values, unreadable)
    }
}
