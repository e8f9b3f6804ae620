import Domain
import Foundation
import NIOHTTP1
import OrderedJSON
import TestSupport
import Testing

/// `lectern use` and `lectern doctor --providers` beside a server that runs, and one that does not.
@Suite(.timeLimit(.minutes(4))) struct UseCommandTests {
    private func use(_ arguments: [String], _ server: RunningServer) async throws -> (text: String, status: Int32) {
        let command = try RunningCommand(
            ["use"] + arguments + ["--storage", server.storage, "--port", "\(server.api.port)"], server)
        return (try await command.text { _ in false }, command.status)
    }

    @Test(arguments: [true, false]) func `a model that is chosen answers`(whileRunning: Bool) async throws {
        try await FakeProvider.run { provider in
            provider.answerChats(.answer("At seven."))
            try await RunningServer.run { server in
                _ = try await server.api.json(.POST, "/workspace/new", ["name": "w"])
                if !whileRunning { server.end(with: SIGTERM) }
                let outcome = try await use(["llama.cpp:tiny:q4", "--base-url", provider.baseURL], server)
                #expect(outcome.status == 0, "\(outcome.text)")
                #expect(outcome.text.hasPrefix("Answers come from tiny:q4 by generic-openai now"))
                if !whileRunning { try await server.start() }
                let answer = try await server.api.json(
                    .POST, "/workspace/w/chat", ["message": "When?", "mode": "chat"])
                #expect(answer["textResponse"] == "At seven.")
                #expect(provider.requests.last?.body["model"] == "tiny:q4")

                let doctor = try RunningCommand(
                    ["doctor", "--providers", "--storage", server.storage, "--port", "\(server.api.port)"], server)
                let report = try await doctor.text { _ in false }
                #expect(report.contains("ok   a token of language model generic-openai: tiny:q4, "))
                #expect(report.contains("ok   an embedding of native: "))

                let back = try await use(["extractive"], server)
                #expect(back.status == 0)
                let plain = try await server.api.json(.GET, "/system")
                #expect(plain["settings"]?["LLMProvider"] == "extractive")
            }
        }
    }

    @Test func `what cannot be used is refused, and nothing changes`() async throws {
        try await RunningServer.run { server in
            let unknown = try await use(["nobody:m"], server)
            #expect(unknown.status != 0 && unknown.text.contains("There is no provider nobody. Available: "))
            let wrong = try await use(["llamacpp:m", "--base-url", "no address"], server)
            #expect(wrong.status != 0 && !wrong.text.contains("Answers come from"), "\(wrong.text)")
            let closed = try await use(["mistral", "--base-url", "http://127.0.0.1:1"], server)
            #expect(closed.text.contains("The provider mistral has no setting for an address of its server."))
            let settings = try await server.api.json(.GET, "/system")["settings"]
            #expect(settings?["LLMProvider"] == nil && settings?["GenericOpenAiModelPref"] == nil)
        }
    }

    @Test func `a provider that fails is told by the doctor in its own words`() async throws {
        try await FakeProvider.run { provider in
            provider.answerChats(.json(["error": ["message": "Incorrect API key provided: sk-secret"]], status: 401))
            try await RunningServer.run { server in
                _ = try await use(["generic-openai:m", "--base-url", provider.baseURL], server)
                let doctor = try RunningCommand(["doctor", "--providers", "--storage", server.storage], server)
                let report = try await doctor.text { _ in false }
                #expect(doctor.status != 0)
                #expect(report.contains("FAIL a token of language model generic-openai: "))
                #expect(report.contains("answered 401"))
            }
        }
    }
}
