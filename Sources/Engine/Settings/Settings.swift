import Synchronization

/// The settings in force. Whoever needs one reads it from ``snapshot`` each time, so that a change takes effect at once.
package final class Settings: Sendable {
    private let current: Mutex<SettingsSnapshot>

    package init(environment: [String: String], stored: [String: String] = [:]) {
        current = Mutex(SettingsSnapshot(environment: environment, stored: stored))
    }

    /// The settings at this moment. Take it once for a piece of work that must not see half of a change.
    package var snapshot: SettingsSnapshot { current.withLock { $0 } }

    /// Takes over everything that is stored, in one step: at start, once the database is open, and whenever another
    /// process may have changed it.
    package func replaceStored(_ values: [String: String]) {
        current.withLock { $0 = $0.replacingStored(values) }
    }

    /// Puts changes that have been stored in force.
    func apply(_ changes: [SettingChange]) {
        current.withLock { $0 = $0.applying(changes) }
    }
}
