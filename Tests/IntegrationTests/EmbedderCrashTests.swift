import Domain
import Foundation
import NIOHTTP1
import OrderedJSON
import TestSupport
import Testing

/// The built program is killed while its embedder changes, and started without its model.
@Suite(.timeLimit(.minutes(4))) struct EmbedderCrashTests {
    private static func change(to provider: FakeProvider) -> JSON {
        [
            "EmbeddingEngine": "generic-openai", "EmbeddingBasePath": .string(provider.baseURL),
            "EmbeddingModelPref": "m", "GenericOpenAiEmbeddingMaxConcurrentChunks": 1,
        ]
    }

    private func found(_ server: RunningServer) async throws -> Bool {
        let answer = try await server.api.json(.POST, "/workspace/w/vector-search", ["query": "harbour seven"])
        return answer["results"]?.arrayValue?.first?["text"]?.stringValue?.contains("opens at seven") == true
    }

    /// - Parameter requests: that the new embedder has had when the program is killed: the trial, then one document each.
    @Test(arguments: [1, 2, 4], DatabaseEngine.allCases)
    func `a kill at any moment ends in the old or the new state, and both can be searched`(
        requests: Int, engine: DatabaseEngine
    ) async throws {
        try await FakeProvider.run { provider in
            try await RunningServer.run(on: engine) { server in
                _ = try await server.api.json(.POST, "/workspace/new", ["name": "w", "similarityThreshold": 0])
                for (number, text) in ["The harbour opens at seven.", "Ships wait.", "Gulls cry.", "Tides turn."]
                    .enumerated()
                {
                    _ = try await server.api.upload(text, named: "\(number).txt", to: "w")
                }
                let vectors = try await server.api.json(.GET, "/system/vector-count")["vectorCount"]
                // From then on the provider is silent, so that the program is killed in the middle of it.
                provider.answerEmbeddings(
                    inOrder: Array(repeating: .vectors, count: requests - 1) + [.silence])
                let api = server.api
                async let answer: JSON? = try? await api.json(.POST, "/system/update-env", Self.change(to: provider))
                try await provider.state.wait { $0.requests.count >= requests }
                server.end(with: SIGKILL)
                _ = await answer
                provider.answerEmbeddings(.vectors)
                try await server.start()
                #expect(try await found(server))
                // Asked once more, it goes on and comes to its end.
                let again = try await server.api.json(.POST, "/system/update-env", Self.change(to: provider))
                #expect(again["error"] == .null)
                try await provider.state.wait { state in
                    let texts = state.requests.flatMap { $0.body["input"]?.arrayValue ?? [] }.compactMap(\.stringValue)
                    return ["opens at seven", "Ships wait", "Gulls cry", "Tides turn"].allSatisfy { text in
                        texts.contains { $0.contains(text) }
                    }
                }
                #expect(try await found(server))
                #expect(try await server.api.json(.GET, "/system/vector-count")["vectorCount"] == vectors)
            }
        }
    }

    @Test func `a start without the model changes nothing and says what is missing`() async throws {
        try await RunningServer.run { server in
            _ = try await server.api.json(.POST, "/workspace/new", ["name": "w", "similarityThreshold": 0])
            _ = try await server.api.upload("The harbour opens at seven.", named: "a.txt", to: "w")
            let vectors = try await server.api.json(.GET, "/system/vector-count")["vectorCount"]
            server.end(with: SIGTERM)
            try await server.start(model: server.storage + "/nowhere")
            let question: JSON = ["query": "harbour", "searchMode": "vector"]
            let search = try await server.api.text(.POST, "/workspace/w/vector-search", question)
            #expect(search.contains("cannot be loaded"))
            let words = try await server.api.json(.POST, "/workspace/w/vector-search", ["query": "harbour"])
            #expect(words["results"]?.arrayValue?.count == 1 && words["warnings"]?.arrayValue?.count == 1)
            let upload = try await server.api.upload("Ships wait.", named: "b.txt", to: "w")
            #expect(upload["embedding"]?.arrayValue?.first?["embedded"] == false)
            #expect(upload["embedding"]?.arrayValue?.first?["error"]?.stringValue?.contains("cannot be loaded") == true)
            #expect(try await server.api.json(.GET, "/system/vector-count")["vectorCount"] == vectors)
            server.end(with: SIGTERM)
            try await server.start()
            #expect(try await found(server))
            #expect(try await server.api.json(.GET, "/system/vector-count")["vectorCount"] == vectors)
        }
    }
}
