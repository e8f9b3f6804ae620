import Domain
package import Persistence
import Synchronization

/// Whether the instance is for one person or for many. There is a way to many, and none back.
package final class InstanceMode: Sendable {
    private let preferences: PreferenceStore
    private let state = Mutex(State())

    private struct State {
        var isMultiUser = false
        var checked: ContinuousClock.Instant?
    }

    /// How long single-user mode is believed without looking, for another process may end it.
    private static let validity = Duration.milliseconds(500)

    package init(preferences: PreferenceStore) { self.preferences = preferences }

    /// - Throws: what the database throws. Whoever asks must then refuse: single-user mode is no answer to a failure.
    package func isMultiUser() async throws -> Bool {
        let now = ContinuousClock.now
        let known = state.withLock { state -> Bool? in
            if state.isMultiUser { return true }
            return state.checked.map { now < $0 + Self.validity } == true ? false : nil
        }
        if let known { return known }
        let isMultiUser = try await preferences.value(PreferenceStore.multiUserMode) == "true"
        state.withLock { state in
            state.isMultiUser = state.isMultiUser || isMultiUser
            state.checked = now
        }
        return isMultiUser
    }

    func multiUserModeBegan() { state.withLock { $0.isMultiUser = true } }
}
