import Concurrency
package import Domain
package import Persistence

/// Reads and changes what an operator has decided for the whole instance.
package struct Preferences: Sendable {
    private let store: PreferenceStore
    private let editor: SettingsEditor
    private let settings: Settings
    private let box: SecretBox
    /// What is merged into what is stored must not lose what another request merges meanwhile.
    private let turn = Semaphore(value: 1)

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
        /// For people: what was stored and has no effect, and parts that were left out.
        package var warnings: [String] = []
        /// Whether everything is cut and embedded again because of it.
        package var reembeds = false
    }

    /// Applies what is right and says what is not. What is right is stored in one transaction.
    package func update(
        _ sent: [(name: String, value: Preference.Sent)], by caller: Caller
    ) async throws -> Outcome {
        try await turn.withPermit { try await apply(sent, by: caller) }
    }

    private func apply(
        _ sent: [(name: String, value: Preference.Sent)], by caller: Caller
    ) async throws -> Outcome {
        let stored = sent.contains { $0.value.isMerged } ? try await store.all() : [:]
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
                let text = try text(of: value, for: preference, over: stored[name], &outcome.warnings)
                if text != nil, let warning = preference.warning { outcome.warnings.append(warning) }
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

    /// The text to keep: what was sent, or what it makes of what is stored.
    private func text(
        of sent: Preference.Sent, for preference: Preference, over stored: String?, _ warnings: inout [String]
    ) throws(ServiceError) -> String? {
        switch (preference.form, sent) {
        case (.configuration(let configuration), .fields(let fields)):
            let merged = try configuration.merging(
                fields, into: ConfigurationCoding.fields(try opened(stored, preference)) ?? [])
            if !merged.unknown.isEmpty {
                warnings.append("\(preference.name) has no \(merged.unknown.joined(separator: ", ")).")
            }
            return merged.fields.isEmpty ? nil : ConfigurationCoding.text(merged.fields)
        case (.connections, .entries(let changes)):
            let merged = try AgentConnections.merging(
                changes, into: ConfigurationCoding.entries(try opened(stored, preference)) ?? [])
            return merged.isEmpty ? nil : ConfigurationCoding.text(merged)
        default: return try preference.value(of: sent)
        }
    }

    private func opened(_ stored: String?, _ preference: Preference) throws(ServiceError) -> String {
        guard let stored else { return "" }
        do {
            return try box.open(stored, for: preference.name)
        } catch {
            throw ServiceError.invalid("what is stored cannot be read; send null first to start anew")
        }
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

    /// What is shown of a preference.
    package enum Shown: Sendable, Equatable {
        case text(String)
        case names([String])
        case fields([Attribute])
        case entries([[Attribute]])
    }

    /// All that are set; of a secret only that it is.
    package func all() async throws -> [(name: String, value: Shown)] {
        let stored = try await store.all()
        let snapshot = settings.snapshot
        return Preference.all.compactMap { preference in
            let value = preference.variable.map { snapshot.value(for: $0) } ?? stored[preference.name]
            return value.map { (preference.name, shown($0, preference)) }
        }
    }

    /// Those that are set of `names`, as far as pages for the caller may read them: managers those that they may change.
    package func readable(_ names: [String], for caller: Caller) async throws -> [(name: String, value: Shown?)] {
        let values = Dictionary(try await all()) { first, _ in first }
        return names.unique.compactMap { name in
            guard let preference = Preference.named(name), preference.isReadable, caller.mayChange(preference) else {
                return nil
            }
            return (name, values[name])
        }
    }

    private func shown(_ value: String, _ preference: Preference) -> Shown {
        switch preference.form {
        case .names: return .names(value.split(separator: ",").map(String.init))
        case .configuration(let configuration):
            let fields = (try? box.open(value, for: preference.name)).flatMap(ConfigurationCoding.fields)
            return fields.map { .fields(configuration.masked($0)) } ?? .text(AgentConfiguration.mask)
        case .connections:
            let entries = (try? box.open(value, for: preference.name)).flatMap(ConfigurationCoding.entries)
            return entries.map { .entries(AgentConnections.masked($0)) } ?? .text(AgentConfiguration.mask)
        default: return .text(preference.isSecret ? AgentConfiguration.mask : value)
        }
    }

    /// A preference that is a text and no secret; `nil` where it is not set.
    package func text(of name: String) async throws -> String? { try await store.all()[name] }

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

extension Preference.Sent {
    fileprivate var isMerged: Bool {
        switch self {
        case .fields, .entries: true
        default: false
        }
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
