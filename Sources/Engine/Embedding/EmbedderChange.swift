import Domain
package import Persistence

/// The use case of changing the embedder.
///
/// The new one is made and tried before anything is committed. Settings, the record of the embedder and the job that
/// embeds everything again are one transaction: a crash leaves the old state or the new one. Until the job has moved a
/// workspace, its old vectors serve (``WorkspaceEmbedders``).
package struct EmbedderChange: Sendable {
    /// An embedder that has answered, with what to commit together with its settings.
    struct Prepared: Sendable {
        let embedder: any Embedder
        let statements: [SQL]
        /// `nil` where the vectors stay the same.
        let job: Job?
    }

    private let embedders: WorkspaceEmbedders
    private let store: EmbedderStore
    private let secrets: SecretBox
    private let jobs: JobQueue
    private let make: WorkspaceEmbedders.Factory
    private let patience: Duration

    /// - Parameter patience: how long a new embedder may take for its first answer.
    package init(
        embedders: WorkspaceEmbedders, store: EmbedderStore, secrets: SecretBox, jobs: JobQueue,
        patience: Duration = .seconds(60), make: @escaping WorkspaceEmbedders.Factory
    ) {
        self.embedders = embedders
        self.store = store
        self.secrets = secrets
        self.jobs = jobs
        self.patience = patience
        self.make = make
    }

    /// Puts on record which embedder the server starts with. Where another one made what is stored, because variables
    /// have changed or a change was cut off, everything is embedded again.
    ///
    /// Without a usable embedder nothing is recorded: what is stored stays as it is until there is one again.
    package func recordStart(_ settings: SettingsSnapshot) async throws {
        let embedder = embedders.embedding.embedder
        guard embedder.problem == nil else { return }
        let fingerprint = embedder.model.fingerprint
        let isComplete = try await store.outdatedWorkspaces(fingerprint).isEmpty
        let job = isComplete ? nil : Job(.reembedding, by: .system)
        try await store.write(try statements(for: fingerprint, settings, job))
        if let job { await jobs.enqueue(job) }
    }

    /// Whether the embedder is worth trying again though its settings stay the same: it could not be made, or some
    /// workspaces have not been moved to it.
    func isIncomplete() async throws -> Bool {
        let embedder = embedders.embedding.embedder
        if embedder.problem != nil { return true }
        return try await !store.outdatedWorkspaces(embedder.model.fingerprint).isEmpty
    }

    /// Makes the embedder of `settings` and has it embed a text. Changes nothing.
    ///
    /// - Throws: `ServiceError` with what is wrong with it.
    func prepare(_ settings: SettingsSnapshot) async throws -> Prepared {
        let embedder = try make(settings)
        try await probe(embedder)
        let fingerprint = embedder.model.fingerprint
        let isSame = try await store.current() == fingerprint
        let isComplete = isSame ? try await store.outdatedWorkspaces(fingerprint).isEmpty : false
        let job = isComplete ? nil : Job(.reembedding, by: .system)
        return Prepared(embedder: embedder, statements: try statements(for: fingerprint, settings, job), job: job)
    }

    /// Commits the change, then puts it in force; whoever meets it half done waits for the end.
    func carryOut(_ prepared: Prepared, commit: @escaping @Sendable () async throws -> Void) async throws {
        try await embedders.withChange {
            try await commit()
            embedders.replaceCurrent(with: prepared.embedder)
        }
        if let job = prepared.job { await jobs.enqueue(job) }
    }

    private func statements(
        for fingerprint: String, _ settings: SettingsSnapshot, _ job: Job?
    ) throws -> [SQL] {
        let entries = try secrets.seal(settings.embedderSettings).entries
        return EmbedderStore.makingCurrent(fingerprint, settings: entries, at: .now)
            + (job.map { [JobStore.insertion(of: $0)] } ?? [])
    }

    private func probe(_ embedder: any Embedder) async throws {
        let answer = try await withThrowingTaskGroup(of: [Embedding]?.self) { group in
            group.addTask { try await embedder.embed(["Does this embedding model answer?"], as: .query) }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let answer else {
            throw ServiceError(
                .upstream, "The embedding model did not answer within \(patience.components.seconds) s.")
        }
        guard answer.count == 1, !answer[0].values.isEmpty, answer[0].values.allSatisfy(\.isFinite) else {
            throw ServiceError(.upstream, "The embedding model gave no vector for a text.")
        }
    }
}

extension SettingsSnapshot {
    /// The settings that the embedder is made from, to make it again when others are in force.
    var embedderSettings: [SettingChange] {
        embedderVariables.compactMap { variable in
            guard let value = value(for: variable) else { return nil }
            let isSecret = SettingTable.setting(for: variable)?.isSecret ?? false
            return SettingChange(
                variable: variable, value: value,
                isSecret: isSecret || WebAddress.withoutUserinfo(value) != value)
        }
    }
}
