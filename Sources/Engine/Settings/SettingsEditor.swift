import Concurrency
package import Domain
package import Persistence

/// Changes settings: checks a whole request, stores it, puts it in force, and says what follows from it.
///
/// Requests are served one after the other, in the order in which they came, so that what is stored and what is in
/// force cannot come apart.
package struct SettingsEditor: Sendable {
    private let settings: Settings
    private let box: SecretBox
    private let container: ContainerCheck
    private let store: Store
    private let turn = Semaphore(value: 1)

    /// Makes all the changes in one transaction, together with whatever must follow from them, or throws and makes none.
    package typealias Store = @Sendable (SealedChanges, SettingsEffects, Caller) async throws -> Void

    package init(settings: Settings, box: SecretBox, container: ContainerCheck = .live, store: @escaping Store) {
        self.settings = settings
        self.box = box
        self.container = container
        self.store = store
    }

    /// - Parameter statements: what to do in the same transaction, such as noting that everything must be embedded again.
    package init(
        settings: Settings, box: SecretBox, store: SettingStore,
        statements: @escaping @Sendable (SettingsEffects, Caller) -> [SQL] = { _, _ in [] }
    ) {
        self.init(settings: settings, box: box) { changes, effects, caller in
            try await store.apply(
                changes.entries, removing: changes.removals, with: statements(effects, caller), at: .now)
        }
    }

    /// A request that was served, applied or refused.
    package struct Outcome: Sendable {
        package let batch: SettingsBatch
        package let effects: SettingsEffects
    }

    /// Applies the body of `update-env`. A request that breaks a rule is an ``Outcome`` whose batch has an error.
    ///
    /// - Throws: `invalid` for values that no setting can have, and whatever the store throws; in both cases nothing
    ///   has changed.
    package func update(_ body: JSONObject, by caller: Caller) async throws -> Outcome {
        try await turn.withPermit { try await apply(body, by: caller) }
    }

    private func apply(_ body: JSONObject, by caller: Caller) async throws -> Outcome {
        let before = settings.snapshot
        let batch = try await SettingsBatch(body, against: before, container: container)
        let effects = SettingsEffects(
            before: before, after: before.applying(batch.changes), appliedKeys: batch.appliedKeys)
        if !batch.changes.isEmpty {
            try await store(try box.seal(batch.changes), effects, caller)
            settings.apply(batch.changes)
        }
        return Outcome(batch: batch, effects: effects)
    }
}
