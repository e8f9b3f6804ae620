import Domain
import Testing

@testable import Engine

@Suite struct SettingsBatchTests {
    @Test func `values come back as sent and become changes of variables`() async throws {
        let batch = try await SettingsBatch(
            sent(["LLMProvider": "generic-openai", "GenericOpenAiTokenLimit": "8192"]), against: .empty)
        #expect(batch.error == nil)
        #expect(batch.newValues == applied(["LLMProvider": "generic-openai", "GenericOpenAiTokenLimit": "8192"]))
        #expect(
            batch.changes == [
                SettingChange(variable: "LLM_PROVIDER", value: "generic-openai", isSecret: false),
                SettingChange(variable: "GENERIC_OPEN_AI_MODEL_TOKEN_LIMIT", value: "8192", isSecret: false),
            ])
    }

    @Test(arguments: [
        ("LocalAiTokenLimit", "0.5", "LocalAiTokenLimit is no whole number above zero, so it is not used."),
        ("LocalAiTokenLimit", "1.5", "LocalAiTokenLimit is no whole number, so 1 is used."),
        (
            "EmbeddingBasePath", "127.0.0.1:8080",
            "EmbeddingBasePath is no http or https address, so nothing can be reached there."
        ),
    ]) func `what passes the rules and will not do is applied with a warning`(
        _ key: String, _ value: String, _ warning: String
    ) async throws {
        let batch = try await SettingsBatch(sent([key: .text(value)]), against: .empty)
        #expect(batch.error == nil && batch.warnings == [warning])
    }

    @Test func `one bad key keeps every other from being applied`() async throws {
        let batch = try await SettingsBatch(
            sent(["LLMProvider": "openai", "OpenAiKey": "", "VectorDB": "excel", "Nonsense": "x"]),
            against: .empty)
        #expect(batch.changes.isEmpty)
        #expect(batch.newValues.isEmpty)
        #expect(batch.failures.map(\.key) == ["OpenAiKey", "VectorDB"])
        #expect(batch.unknownKeys == ["Nonsense"])
        #expect(
            batch.error
                == """
                Value cannot be empty
                OpenAI Key must start with sk-
                Invalid VectorDB type. Must be one of chroma, chromacloud, pinecone, lancedb, weaviate, qdrant, milvus, \
                zilliz, astra, pgvector.
                """)
    }

    @Test func `unknown keys are named and change nothing, also names of variables`() async throws {
        let body = sent(["NODE_OPTIONS": "--inspect", "LLM_PROVIDER": "openai", "__proto__": .composite, "": nil])
        let batch = try await SettingsBatch(body, against: .empty)
        #expect(batch.unknownKeys == ["NODE_OPTIONS", "LLM_PROVIDER", "__proto__", ""])
        #expect(batch.changes.isEmpty)
        #expect(batch.error == nil)
    }

    @Test(arguments: ["******", "sk-******1234", "http://u:******@host"]) func `a masked value is skipped`(
        _ mask: String
    ) async throws {
        let body = sent(["OpenAiKey": .text(mask), "AuthToken": .text(mask), "OpenAiModelPref": "gpt-4.1"])
        let batch = try await SettingsBatch(body, against: .empty)
        #expect(batch.error == nil)
        #expect(batch.changes.map(\.variable) == ["OPEN_MODEL_PREF"])
        #expect(batch.appliedKeys == ["OpenAiModelPref"])
    }

    @Test func `the mask of an answer is skipped when it is sent again`() async throws {
        let first = try await SettingsBatch(sent(["OpenAiKey": "sk-secret"]), against: .empty)
        let again = first.newValues.map { SentSetting($0.key, $0.value.map { .text($0) } ?? .null) }
        let second = try await SettingsBatch(again, against: .empty)
        #expect(first.changes.count == 1)
        #expect(second.changes.isEmpty)
        #expect(second.error == nil)
    }

    @Test func `a list or an object as value is an invalid request`() async throws {
        let error = await #expect(throws: ServiceError.self) {
            try await SettingsBatch(sent(["OpenAiModelPref": "a", "LLMProvider": .composite]), against: .empty)
        }
        #expect(error?.code == .invalid)
        #expect(error?.message == "LLMProvider must be a text, a number, a boolean or null.")
    }

    @Test func `null unsets every setting that can be set`() async throws {
        for setting in SettingTable.settings {
            let batch = try await SettingsBatch(sent([setting.key: nil]), against: .empty)
            if ["AuthToken", "JWTSecret"].contains(setting.key) {
                #expect(batch.error == "Cannot set this setting.")
            } else {
                #expect(batch.error == nil, "\(setting.key)")
                #expect(batch.changes.map(\.value) == [nil])
                #expect(batch.newValues == applied([setting.key: nil]))
            }
        }
    }

    /// What the contract says of clearing: keys without a rule, and those that ask for any number.
    @Test func `an empty text clears exactly the settings whose rules allow it`() async throws {
        for row in SettingTableTests.contract {
            let batch = try await SettingsBatch(sent([row.key: ""]), against: .empty)
            let clears = row.codes.isEmpty || row.codes == ["INT"] || row.codes == ["AZTL"]
            #expect((batch.error == nil) == clears, "\(row.key)")
            #expect(SettingTable.setting(row.key)?.acceptsEmptyText == clears, "\(row.key)")
        }
    }

    @Test func `of two keys with one variable the later wins`() async throws {
        let body = sent(["EmbeddingModelPref": "first", "AzureOpenAiEmbeddingModelPref": "second"])
        let batch = try await SettingsBatch(body, against: .empty)
        #expect(batch.changes.map(\.value) == ["second"])
        #expect(batch.newValues == applied(["EmbeddingModelPref": "first", "AzureOpenAiEmbeddingModelPref": "second"]))
    }

    @Test func `a NIM address is stored with v1 behind it and echoed as sent`() async throws {
        let cases = [
            "http://nim:8000": "http://nim:8000/v1", "http://nim:8000/": "http://nim:8000/v1",
            "http://nim/v1/chat/completions?x=1": "http://nim/v1", "https://proxy/nim": "https://proxy/nim/v1",
        ]
        for (address, stored) in cases {
            let batch = try await SettingsBatch(sent(["NvidiaNimLLMBasePath": .text(address)]), against: .empty)
            #expect(batch.changes.map(\.value) == [stored])
            #expect(batch.newValues["NvidiaNimLLMBasePath"] == address)
        }
    }

    @Test func `an address with a password is a secret, and sending back what was reported keeps it`() async throws {
        let address = "https://user:pass@host:8000/v1"
        let batch = try await SettingsBatch(sent(["GenericOpenAiBasePath": .text(address)]), against: .empty)
        #expect(batch.newValues["GenericOpenAiBasePath"] == "https://host:8000/v1")
        #expect(batch.changes == [SettingChange(variable: "GENERIC_OPEN_AI_BASE_PATH", value: address, isSecret: true)])

        let after = SettingsSnapshot.empty.applying(batch.changes)
        #expect(after.report(StoredFacts())["GenericOpenAiBasePath"] == "https://host:8000/v1")
        let again = try await SettingsBatch(
            sent(["GenericOpenAiBasePath": "https://host:8000/v1"]), against: after)
        #expect(again.changes.isEmpty)
        let moved = try await SettingsBatch(sent(["GenericOpenAiBasePath": "https://other/v1"]), against: after)
        #expect(moved.changes.map(\.value) == ["https://other/v1"])
    }
}
