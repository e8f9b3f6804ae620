import Concurrency
package import Domain
package import Persistence

/// Changes settings: checks a whole request, tries a new embedder, stores everything in one transaction, puts it in force,
/// and says what follows from it.
///
/// Requests are served one after the other, in the order in which they came, so that what is stored and what is in
/// force cannot come apart, and of two changes at once the later one holds in the end.
package struct SettingsEditor: Sendable {
    private let settings: Settings
    private let box: SecretBox
    private let container: ContainerCheck
    private let embedderChange: EmbedderChange?
    private let store: Store
    private let turn = Semaphore(value: 1)

    /// Makes all the changes in one transaction, together with the statements, or throws and makes none.
    package typealias Store = @Sendable (SealedChanges, [SQL]) async throws -> Void

    /// - Parameter embedderChange: `nil` where changes have no embedder to follow them.
    package init(
        settings: Settings, box: SecretBox, container: ContainerCheck = .live, embedderChange: EmbedderChange? = nil,
        store: @escaping Store
    ) {
        self.settings = settings
        self.box = box
        self.container = container
        self.embedderChange = embedderChange
        self.store = store
    }

    package init(settings: Settings, box: SecretBox, embedderChange: EmbedderChange?, store: SettingStore) {
        self.init(settings: settings, box: box, embedderChange: embedderChange) { changes, statements in
            try await store.apply(changes.entries, removing: changes.removals, with: statements, at: .now)
        }
    }

    /// A request that was served, applied or refused.
    package struct Outcome: Sendable {
        package let batch: SettingsBatch
        package let effects: SettingsEffects
        /// Whether everything is embedded again because of it.
        package let reembeds: Bool
        /// For people: what was applied and has no effect, or not yet.
        package var warnings: [String] = []
    }

    /// Applies a request to change settings. One that breaks a rule, or names an embedder that does not answer, is an
    /// ``Outcome`` whose batch has an error.
    ///
    /// - Throws: `invalid` for values that no setting can have, and whatever the store throws; in both cases nothing
    ///   has changed.
    package func update(_ sent: [SentSetting], by caller: Caller) async throws -> Outcome {
        try await turn.withPermit { try await apply(sent, by: caller) }
    }

    private func apply(_ sent: [SentSetting], by caller: Caller) async throws -> Outcome {
        let before = settings.snapshot
        let batch = try await SettingsBatch(sent, against: before, container: container)
        let after = before.applying(batch.changes)
        let effects = SettingsEffects(before: before, after: after, appliedKeys: batch.appliedKeys)
        guard !batch.changes.isEmpty else { return Outcome(batch: batch, effects: effects, reembeds: false) }
        let embedder: EmbedderChange.Prepared?
        do {
            embedder = try await preparedEmbedder(batch, effects, before: before, after: after)
        } catch let error as ServiceError {
            let variables = Set(before.embedderVariables + after.embedderVariables)
            return Outcome(
                batch: batch.refused(whereVariableIn: variables, because: error.message), effects: effects,
                reembeds: false)
        }
        var events = effects.events.map { Event.settingChanged(event: $0) }
        events.append(.settingsUpdated(keys: batch.appliedKeys))
        try await commit(batch.changes, embedder, with: events.map { EventStore.statement($0, by: caller, at: .now) })
        return Outcome(
            batch: batch, effects: effects, reembeds: embedder?.job != nil,
            warnings: batch.warnings + after.newProblems(since: before))
    }

    /// Stores changes that have been checked elsewhere, with `statements` besides, and puts them in force.
    ///
    /// - Returns: whether everything is embedded again because of it.
    /// - Throws: `ServiceError` where the embedder cannot be made with them; nothing has changed then.
    func apply(_ changes: [SettingChange], with statements: [SQL]) async throws -> Bool {
        try await turn.withPermit {
            let before = settings.snapshot
            let after = before.applying(changes)
            let effects = SettingsEffects(before: before, after: after, appliedKeys: [])
            let embedder = effects.reconfiguresEmbedder ? try await embedderChange?.prepare(after) : nil
            try await commit(changes, embedder, with: statements)
            return embedder?.job != nil
        }
    }

    private func commit(
        _ changes: [SettingChange], _ embedder: EmbedderChange.Prepared?, with statements: [SQL]
    ) async throws {
        let sealed = try box.seal(changes)
        let statements = statements + (embedder?.statements ?? [])
        let commit: @Sendable () async throws -> Void = {
            try await store(sealed, statements)
            settings.apply(changes)
        }
        if let embedder, let embedderChange {
            try await embedderChange.carryOut(embedder, commit: commit)
        } else {
            try await commit()
        }
    }

    /// The new embedder where the request asks for one: where it changes what the embedder reads, or names it once more
    /// while there is something left to do.
    private func preparedEmbedder(
        _ batch: SettingsBatch, _ effects: SettingsEffects, before: SettingsSnapshot, after: SettingsSnapshot
    ) async throws -> EmbedderChange.Prepared? {
        guard let embedderChange else { return nil }
        if effects.reconfiguresEmbedder { return try await embedderChange.prepare(after) }
        let named = Set(after.embedderVariables)
        guard batch.changes.contains(where: { named.contains($0.variable) }),
            try await embedderChange.isIncomplete()
        else { return nil }
        return try await embedderChange.prepare(after)
    }
}
