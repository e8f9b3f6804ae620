import Synchronization

/// The settings in force. Whoever needs one reads it from ``snapshot`` each time, so that a change takes effect at once.
package final class Settings: Sendable {
    private let current: Mutex<State>

    private struct State {
        var snapshot: SettingsSnapshot { didSet { accessRules = AccessRules(snapshot) } }
        private(set) var accessRules: AccessRules

        init(_ snapshot: SettingsSnapshot) {
            self.snapshot = snapshot
            accessRules = AccessRules(snapshot)
        }
    }

    package init(environment: [String: String], stored: [String: String] = [:]) {
        current = Mutex(State(SettingsSnapshot(environment: environment, stored: stored)))
    }

    /// The settings at this moment. Take it once for a piece of work that must not see half of a change.
    package var snapshot: SettingsSnapshot { current.withLock { $0.snapshot } }

    /// Those of the settings that every request asks for.
    package var accessRules: AccessRules { current.withLock { $0.accessRules } }

    /// Takes over everything that is stored, in one step: at start, once the database is open, and whenever another
    /// process may have changed it.
    package func replaceStored(_ values: [String: String]) {
        current.withLock { $0.snapshot = $0.snapshot.replacingStored(values) }
    }

    /// Puts changes that have been stored in force.
    func apply(_ changes: [SettingChange]) {
        current.withLock { $0.snapshot = $0.snapshot.applying(changes) }
    }
}
