package import Domain
package import Persistence

/// Reads and changes what an operator has decided for the whole instance.
package struct Preferences: Sendable {
    private let store: PreferenceStore
    private let editor: SettingsEditor
    private let settings: Settings
    private let box: SecretBox

    package init(store: PreferenceStore, editor: SettingsEditor, settings: Settings, box: SecretBox) {
        self.store = store
        self.editor = editor
        self.settings = settings
        self.box = box
    }

    package struct Outcome: Sendable {
        /// Names that were refused, with the reason.
        package var rejected: [(name: String, reason: String)] = []
        /// Names that are no preferences.
        package var unknown: [String] = []
        /// Whether everything is cut and embedded again because of it.
        package var reembeds = false
    }

    /// Applies what is right and says what is not. What is right is stored in one transaction.
    package func update(
        _ sent: [(name: String, value: Preference.Sent)], by caller: Caller
    ) async throws -> Outcome {
        var outcome = Outcome()
        var kept: [(name: String, value: String?)] = []
        var changes: [SettingChange] = []
        for (name, value) in sent {
            guard let preference = Preference.named(name) else {
                outcome.unknown.append(name)
                continue
            }
            guard caller.mayChange(preference) else {
                outcome.rejected.append((name, "needs the role admin"))
                continue
            }
            // A mask that came from here says: leave it as it is.
            if preference.isSecret, case .text(let text) = value, text.contains("******") { continue }
            do throws(ServiceError) {
                let text = try preference.value(of: value)
                if let variable = preference.variable {
                    changes.append(SettingChange(variable: variable, value: text, isSecret: false))
                } else {
                    kept.append((name, try sealed(text, preference)))
                }
            } catch {
                outcome.rejected.append((name, error.message))
            }
        }
        if overlapReachesSize(after: changes) {
            for (name, variable) in [
                ("text_splitter_chunk_size", SettingsSnapshot.chunkSizeVariable),
                ("text_splitter_chunk_overlap", SettingsSnapshot.chunkOverlapVariable),
            ] where changes.contains(where: { $0.variable == variable }) {
                outcome.rejected.append((name, "the overlap must be smaller than the chunk size"))
                changes.removeAll { $0.variable == variable }
            }
        }
        guard !kept.isEmpty || !changes.isEmpty else { return outcome }
        let names = sent.map(\.name).filter { name in
            Preference.named(name) != nil && !outcome.rejected.contains { $0.name == name }
        }
        let statements = PreferenceStore.statements(
            kept, event: .preferencesUpdated(names: names), by: caller, at: .now)
        outcome.reembeds = try await editor.apply(changes, with: statements)
        return outcome
    }

    private func overlapReachesSize(after changes: [SettingChange]) -> Bool {
        let after = settings.snapshot.applying(changes)
        guard let size = after.chunkSize, let overlap = after.chunkOverlap else { return false }
        return overlap >= size
    }

    private func sealed(_ text: String?, _ preference: Preference) throws(ServiceError) -> String? {
        guard let text, preference.isSecret else { return text }
        do {
            return try box.seal(text, for: preference.name)
        } catch {
            throw ServiceError(.unavailable, "cannot be encrypted", cause: error)
        }
    }

    /// All that are set; of a secret only that it is.
    package func all() async throws -> [(name: String, value: String)] {
        let stored = try await store.all()
        let snapshot = settings.snapshot
        return Preference.all.compactMap { preference in
            let value = preference.variable.map { snapshot.value(for: $0) } ?? stored[preference.name]
            return value.map { (preference.name, preference.isSecret ? "********" : $0) }
        }
    }

    /// Those that `GET /v1/system` reports.
    package func facts(_ facts: inout StoredFacts) async throws {
        let stored = try await store.all()
        facts.multiUserMode = stored[PreferenceStore.multiUserMode] == "true"
        facts.memoryEnabled = stored["memory_enabled"] == "true"
        facts.memoryAutoExtraction = stored["memory_auto_extraction"] != "false"
        facts.clarifyingQuestionsEnabled = stored["agent_clarifying_questions_enabled"] == "true"
        facts.clarifyingQuestionsPerTurn =
            stored["agent_clarifying_questions_max_per_turn"].flatMap { Int($0) } ?? facts.clarifyingQuestionsPerTurn
        facts.hasOwnerPassword = stored[OwnerPassword.preference].map { !$0.isEmpty }
    }
}

extension Caller {
    fileprivate func mayChange(_ preference: Preference) -> Bool {
        if case .user(let user) = self { user.role == .admin || preference.isForManagers } else { true }
    }
}

extension SettingsSnapshot {
    static let systemPromptVariable = "DEFAULT_SYSTEM_PROMPT"

    /// The instruction of workspaces that have none of their own.
    package var systemPrompt: String { value(for: Self.systemPromptVariable) ?? SystemPrompt.standard }
}
