import Domain
import Persistence
import Synchronization
import Testing

@testable import Engine

@Suite struct SettingsEditorTests {
    /// Keeps entries as the table does, and can be told to fail.
    final class Records: Sendable {
        private let rows = Mutex<[String: SettingStore.Entry]>([:])
        private let fails = Mutex(false)
        private let transactions = Mutex((running: 0, peak: 0))

        struct Failure: Error {}

        var all: [SettingStore.Entry] { rows.withLock { Array($0.values) } }

        /// How many transactions ran at the same time at most.
        var peak: Int { transactions.withLock { $0.peak } }

        func fail(_ fails: Bool) { self.fails.withLock { $0 = fails } }

        func apply(_ changes: SealedChanges) async throws {
            if fails.withLock({ $0 }) { throw Failure() }
            transactions.withLock { $0 = ($0.running + 1, max($0.peak, $0.running + 1)) }
            defer { transactions.withLock { $0.running -= 1 } }
            for _ in 0..<10 { await Task.yield() }
            rows.withLock { rows in
                for variable in changes.removals { rows[variable] = nil }
                for entry in changes.entries { rows[entry.variable] = entry }
            }
        }
    }

    let directory: TemporaryDirectory
    let box: SecretBox
    let settings = Settings(environment: ["OPEN_AI_KEY": "sk-from-environment"])
    let records = Records()
    let editor: SettingsEditor

    init() throws {
        directory = try TemporaryDirectory()
        box = SecretBox(try directory.secretKey())
        let records = records
        editor = SettingsEditor(settings: settings, box: box) { changes, _ in try await records.apply(changes) }
    }

    @Test func `what was taken and will not do is named`() async throws {
        let outcome = try await editor.update(
            sent([
                "GenericOpenAiBasePath": "file:///etc", "GenericOpenAiTokenLimit": "0.5",
                "ImageGenerationProvider": "ollama", "EmbeddingModelPref": "Xenova/none",
            ]), by: .system)
        #expect(outcome.batch.error == nil)
        let warnings = outcome.warnings.joined(separator: "\n")
        for part in [
            "GenericOpenAiBasePath is no http or https address",
            "GenericOpenAiTokenLimit is no whole number above zero",
            "The images by ollama cannot be used yet", "has no model Xenova/none",
        ] { #expect(warnings.contains(part), "\(warnings)") }
        #expect(try await editor.update(sent(["GenericOpenAiTokenLimit": "8192"]), by: .system).warnings == [])
    }

    @Test func `a change is stored sealed, in force at once, and there after a restart`() async throws {
        let outcome = try await editor.update(
            sent(["OpenAiKey": "sk-new", "LLMProvider": "openai"]), by: .system)
        #expect(outcome.batch.error == nil)
        #expect(outcome.effects.events == ["update_llm_provider"])
        #expect(settings.snapshot.value(for: "OPEN_AI_KEY") == "sk-new")
        let rows = records.all
        #expect(rows.first { $0.variable == "OPEN_AI_KEY" }?.value.contains("sk-new") == false)

        let restarted = Settings(environment: ["OPEN_AI_KEY": "sk-from-environment"], stored: box.open(rows).values)
        #expect(restarted.snapshot.value(for: "OPEN_AI_KEY") == "sk-new")
        #expect(restarted.snapshot.value(for: "LLM_PROVIDER") == "openai")
    }

    @Test func `null brings the environment's value back`() async throws {
        _ = try await editor.update(sent(["OpenAiKey": "sk-new"]), by: .system)
        _ = try await editor.update(sent(["OpenAiKey": nil]), by: .system)
        #expect(settings.snapshot.value(for: "OPEN_AI_KEY") == "sk-from-environment")
        #expect(records.all.isEmpty)
    }

    @Test func `a refused request stores and changes nothing`() async throws {
        let outcome = try await editor.update(sent(["LLMProvider": "openai", "VectorDB": "excel"]), by: .system)
        #expect(outcome.batch.error != nil)
        #expect(outcome.effects.events.isEmpty)
        #expect(settings.snapshot.value(for: "LLM_PROVIDER") == nil)
        #expect(records.all.isEmpty)
    }

    @Test func `when the store fails nothing is in force, and the next request is served`() async throws {
        records.fail(true)
        await #expect(throws: Records.Failure.self) {
            try await editor.update(sent(["LLMProvider": "openai"]), by: .system)
        }
        #expect(settings.snapshot.value(for: "LLM_PROVIDER") == nil)
        records.fail(false)
        _ = try await editor.update(sent(["LLMProvider": "groq"]), by: .system)
        #expect(settings.snapshot.value(for: "LLM_PROVIDER") == "groq")
    }

    @Test func `requests at once are served one after the other, and what is stored is what is in force`() async throws
    {
        let editor = editor
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    _ = try await editor.update(
                        sent(["OpenAiModelPref": .text("model-\(number)")]), by: .system)
                }
            }
            try await group.waitForAll()
        }
        let stored = records.all.first { $0.variable == "OPEN_MODEL_PREF" }?.value
        #expect(stored != nil)
        #expect(records.peak == 1)
        #expect(settings.snapshot.value(for: "OPEN_MODEL_PREF") == stored)
    }
}
