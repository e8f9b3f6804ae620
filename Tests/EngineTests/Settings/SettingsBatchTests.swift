import Domain
import Testing

@testable import Engine

@Suite struct SettingsBatchTests {
    @Test func `values come back as sent and become changes of variables`() async throws {
        let batch = try await SettingsBatch(
            JSONObject(["LLMProvider": "generic-openai", "GenericOpenAiTokenLimit": "8192"]), against: .empty)
        #expect(batch.error == nil)
        #expect(batch.newValues == JSONObject(["LLMProvider": "generic-openai", "GenericOpenAiTokenLimit": "8192"]))
        #expect(
            batch.changes == [
                SettingChange(variable: "LLM_PROVIDER", value: "generic-openai", isSecret: false),
                SettingChange(variable: "GENERIC_OPEN_AI_MODEL_TOKEN_LIMIT", value: "8192", isSecret: false),
            ])
    }

    @Test func `one bad key keeps every other from being applied`() async throws {
        let batch = try await SettingsBatch(
            JSONObject(["LLMProvider": "openai", "OpenAiKey": "", "VectorDB": "excel", "Nonsense": "x"]),
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
        let body = JSONObject(["NODE_OPTIONS": "--inspect", "LLM_PROVIDER": "openai", "__proto__": ["a": 1], "": nil])
        let batch = try await SettingsBatch(body, against: .empty)
        #expect(batch.unknownKeys == ["NODE_OPTIONS", "LLM_PROVIDER", "__proto__", ""])
        #expect(batch.changes.isEmpty)
        #expect(batch.error == nil)
    }

    @Test(arguments: ["******", "sk-******1234", "http://u:******@host"]) func `a masked value is skipped`(
        _ mask: String
    ) async throws {
        let body = JSONObject(["OpenAiKey": .string(mask), "AuthToken": .string(mask), "OpenAiModelPref": "gpt-4.1"])
        let batch = try await SettingsBatch(body, against: .empty)
        #expect(batch.error == nil)
        #expect(batch.changes.map(\.variable) == ["OPEN_MODEL_PREF"])
        #expect(batch.newValues.keys == ["OpenAiModelPref"])
    }

    @Test func `the mask of an answer is skipped when it is sent again`() async throws {
        let first = try await SettingsBatch(JSONObject(["OpenAiKey": "sk-secret"]), against: .empty)
        let second = try await SettingsBatch(first.newValues, against: .empty)
        #expect(first.changes.count == 1)
        #expect(second.changes.isEmpty)
        #expect(second.error == nil)
    }

    @Test func `numbers and booleans are taken as their text`() async throws {
        let body = JSONObject([
            "GenericOpenAiTokenLimit": 4096, "AgentSkillMaxToolCalls": 2.5, "DisableTelemetry": true,
        ])
        let batch = try await SettingsBatch(body, against: .empty)
        #expect(batch.changes.map(\.value) == ["4096", "2.5", "true"])
        #expect(batch.newValues["DisableTelemetry"] == "true")
    }

    @Test(arguments: [["a"], ["a": "b"]] as [JSON]) func `a list or an object as value is an invalid request`(
        _ value: JSON
    ) async throws {
        let error = await #expect(throws: ServiceError.self) {
            try await SettingsBatch(JSONObject(["OpenAiModelPref": "a", "LLMProvider": value]), against: .empty)
        }
        #expect(error?.code == .invalid)
        #expect(error?.message == "LLMProvider must be a text, a number, a boolean or null.")
    }

    @Test func `null unsets every setting that can be set`() async throws {
        for setting in SettingTable.settings {
            let batch = try await SettingsBatch(JSONObject([setting.key: nil]), against: .empty)
            if ["AuthToken", "JWTSecret"].contains(setting.key) {
                #expect(batch.error == "Cannot set this setting.")
            } else {
                #expect(batch.error == nil, "\(setting.key)")
                #expect(batch.changes.map(\.value) == [nil])
                #expect(batch.newValues == JSONObject([setting.key: nil]))
            }
        }
    }

    /// What the contract says of clearing: keys without a rule, and those that ask for any number.
    @Test func `an empty text clears exactly the settings whose rules allow it`() async throws {
        for row in SettingTableTests.contract {
            let batch = try await SettingsBatch(JSONObject([row.key: ""]), against: .empty)
            let clears = row.codes.isEmpty || row.codes == ["INT"] || row.codes == ["AZTL"]
            #expect((batch.error == nil) == clears, "\(row.key)")
            #expect(SettingTable.setting(row.key)?.acceptsEmptyText == clears, "\(row.key)")
        }
    }

    @Test func `of two keys with one variable the later wins`() async throws {
        let body = JSONObject(["EmbeddingModelPref": "first", "AzureOpenAiEmbeddingModelPref": "second"])
        let batch = try await SettingsBatch(body, against: .empty)
        #expect(batch.changes.map(\.value) == ["second"])
        #expect(batch.newValues == body)
    }

    @Test func `a NIM address is stored with v1 behind it and echoed as sent`() async throws {
        let cases = [
            "http://nim:8000": "http://nim:8000/v1", "http://nim:8000/": "http://nim:8000/v1",
            "http://nim/v1/chat/completions?x=1": "http://nim/v1", "https://proxy/nim": "https://proxy/nim/v1",
        ]
        for (sent, stored) in cases {
            let batch = try await SettingsBatch(JSONObject(["NvidiaNimLLMBasePath": .string(sent)]), against: .empty)
            #expect(batch.changes.map(\.value) == [stored])
            #expect(batch.newValues["NvidiaNimLLMBasePath"] == .string(sent))
        }
    }

    @Test func `an address with a password is a secret, and sending back what was reported keeps it`() async throws {
        let sent = "https://user:pass@host:8000/v1"
        let batch = try await SettingsBatch(JSONObject(["GenericOpenAiBasePath": .string(sent)]), against: .empty)
        #expect(batch.newValues["GenericOpenAiBasePath"] == "https://host:8000/v1")
        #expect(batch.changes == [SettingChange(variable: "GENERIC_OPEN_AI_BASE_PATH", value: sent, isSecret: true)])

        let after = SettingsSnapshot.empty.applying(batch.changes)
        let reported = try #require(after.report(StoredFacts())["GenericOpenAiBasePath"])
        let again = try await SettingsBatch(JSONObject(["GenericOpenAiBasePath": reported]), against: after)
        #expect(again.changes.isEmpty)
        let moved = try await SettingsBatch(JSONObject(["GenericOpenAiBasePath": "https://other/v1"]), against: after)
        #expect(moved.changes.map(\.value) == ["https://other/v1"])
    }
}
