import Domain
import Foundation
import NIOHTTP1
import OrderedJSON
import TestSupport
import Testing

/// The built program, where a router chooses the model of each question.
@Suite(.timeLimit(.minutes(4))) struct ModelRouterTests {
    private static let rules: JSON = [
        [
            "name": "pictures", "type": "calculated", "provider": "generic-openai", "model": "sees",
            "conditions": [["property": "hasImageAttachment", "comparator": "eq", "value": true]],
        ],
        [
            "name": "code", "type": "calculated", "match": "any", "provider": "generic-openai", "model": "codes",
            "conditions": [
                ["property": "promptContent", "comparator": "contains", "value": ["python", "swift"]],
                ["property": "promptContent", "comparator": "matches", "value": #"\bSELECT\b.*\bFROM\b"#],
            ],
        ],
        [
            "name": "law", "type": "llm", "provider": "generic-openai", "model": "knows-law",
            "description": "Questions about contracts and courts.",
        ],
    ]

    private func prepare(_ server: RunningServer, _ provider: FakeProvider) async throws {
        let changed = try await server.api.json(
            .POST, "/system/update-env",
            [
                "GenericOpenAiBasePath": .string(provider.baseURL), "GenericOpenAiModelPref": "usual",
                "LLMProvider": "anythingllm-router",
            ])
        #expect(changed["error"] == .null)
        let made = try await server.api.json(
            .POST, "/model-router/new",
            [
                "name": "by subject", "fallbackProvider": "generic-openai", "fallbackModel": "usual",
                "rules": Self.rules,
            ])
        let id = try #require(made["router"]?["id"]?.integerValue)
        let workspace = try await server.api.json(
            .POST, "/workspace/new", ["name": "w", "chatMode": "chat", "router_id": .integer(id)])
        #expect(workspace["workspace"]?["router_id"] == .integer(id))
    }

    /// The models that were asked for the question, in order.
    private func ask(
        _ question: String, _ server: RunningServer, _ provider: FakeProvider, attachments: JSON = []
    ) async throws -> [String] {
        let before = provider.requests.count
        let answer = try await server.api.json(
            .POST, "/workspace/w/chat", ["message": .string(question), "attachments": attachments])
        #expect(answer["error"] == .null, "\(answer.text)")
        return provider.requests.dropFirst(before).compactMap { $0.body["model"]?.stringValue }
    }

    @Test func `questions go to the model that their rule names`() async throws {
        try await FakeProvider.run { provider in
            provider.answerChats(.answer("0"))
            try await RunningServer.run { server in
                try await prepare(server, provider)
                // No rule holds: the fallback is asked for a judgement and then for the answer.
                #expect(try await ask("Good morning", server, provider) == ["usual", "usual"])
                // The judgement holds for a while.
                #expect(try await ask("And to you", server, provider) == ["usual"])
                #expect(try await ask("select a from b", server, provider) == ["codes"])
                // The conversation stays where it was.
                #expect(try await ask("Why?", server, provider) == ["codes"])
                let pixel =
                    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
                let picture: JSON = ["name": "a.png", "mime": "image/png", "contentString": .string(pixel)]
                #expect(try await ask("What is this?", server, provider, attachments: [picture]) == ["sees"])

                server.end(with: SIGKILL)
                try await server.start()
                #expect(try await ask("And this?", server, provider) == ["sees"])
            }
        }
    }

    @Test func `a judgement chooses a rule by what it describes`() async throws {
        try await FakeProvider.run { provider in
            provider.answerChats(.answer("1"), .answer("Yes."))
            try await RunningServer.run { server in
                try await prepare(server, provider)
                #expect(try await ask("May my landlord do that?", server, provider) == ["usual", "knows-law"])
                let judged = provider.requests.first?.body["messages"]?.arrayValue?.last?["content"]?.stringValue
                #expect(judged?.contains("1. Questions about contracts and courts.") == true)
                #expect(try await ask("And then?", server, provider) == ["knows-law"])
            }
        }
    }

    @Test func `without its router a workspace says so`() async throws {
        try await FakeProvider.run { provider in
            try await RunningServer.run { server in
                try await prepare(server, provider)
                let id = try await server.api.json(.GET, "/model-routers")["routers"]?.arrayValue?.first?["id"]?
                    .integerValue
                let refused = try await server.api.json(.DELETE, "/model-router/\(id ?? 0)")
                #expect(refused["error"]?.stringValue?.contains("in use by workspace w.") == true)
                _ = try await server.api.json(.POST, "/workspace/w/update", ["router_id": 999])
                #expect(try await server.api.json(.DELETE, "/model-router/\(id ?? 0)")["success"] == true)
                let answer = try await server.api.json(.POST, "/workspace/w/chat", ["message": "Hello"])
                #expect(answer["error"] == "Model router error: No model router found for this workspace.")
            }
        }
    }
}
