import Domain
import Foundation
import NIOHTTP1
import OrderedJSON
import TestSupport
import Testing

/// The OpenAI-compatible API of the built program.
@Suite(.timeLimit(.minutes(1))) struct OpenAITests {
    @Test func `a client that disconnects stops the provider, whatever it asked for`() async throws {
        try await FakeProvider.run { provider in
            provider.answerImages(.silence)
            provider.answerChats(.silence)
            try await RunningServer.run { server in
                _ = try await server.api.json(.POST, "/workspace/new", ["name": "w"])
                let changed = try await server.api.json(
                    .POST, "/system/update-env",
                    [
                        "LLMProvider": "generic-openai", "GenericOpenAiBasePath": .string(provider.baseURL),
                        "GenericOpenAiModelPref": "m", "ImageGenerationProvider": "lemonade",
                        "ImageGenerationLemonadeBasePath": .string(provider.origin), "ImageGenerationModelPref": "sd",
                        "EmbeddingEngine": "generic-openai", "EmbeddingBasePath": .string(provider.baseURL),
                        "EmbeddingModelPref": "e",
                    ])
                #expect(changed["error"] == .null)
                // The embedder was tried before it was taken; from now on it says nothing.
                provider.answerEmbeddings(.silence)
                let asked = provider.requests.count
                let completion: JSON = ["model": "w", "messages": [["role": "user", "content": "x"]]]
                let bodies: [(String, JSON)] = [
                    ("/openai/images/generations", ["prompt": "x"]), ("/openai/chat/completions", completion),
                    ("/openai/embeddings", ["input": "x"]),
                ]
                for (count, (path, body)) in bodies.enumerated() {
                    let api = server.api
                    let task = Task { try await api.text(.POST, path, body) }
                    _ = try await provider.state.wait { $0.requests.count == asked + count + 1 }
                    task.cancel()
                    _ = try await provider.state.wait { $0.disconnections == count + 1 }
                    _ = await task.result
                }
                provider.answerChats(.stream(.text("first"), .hang))
                var streamed = try #require(completion.objectValue)
                streamed["stream"] = true
                try await server.api.disconnect(after: 1, "/openai/chat/completions", .object(streamed))
                _ = try await provider.state.wait { $0.disconnections == bodies.count + 1 }
                #expect(server.isRunning)
            }
        }
    }

    @Test func `tokens of the model's own vocabulary are embedded as their text is`() async throws {
        try await RunningServer.run { server in
            // "harbour", and "the harbour opens" with the special tokens around it.
            let tokens = try await vectors(server, [[7440], [101, 1996, 7440, 7480, 102]])
            let texts = try await vectors(server, ["harbour", "the harbour opens"])
            #expect(tokens == texts)
            let one = try await vectors(server, [7440])
            #expect(one == [texts[0]])
            let foreign = try await server.api.json(.POST, "/openai/embeddings", ["input": [[100_000, 1]]])
            #expect(foreign["error"]?["message"]?.stringValue?.contains("vocabulary") == true)
        }
    }

    @Test func `tokens of OpenAI's vocabulary are embedded as their text is, and counted`() async throws {
        try await RunningServer.run { server in
            let texts = try await vectors(server, ["hello world"])
            let tokens = try await server.api.json(
                .POST, "/openai/embeddings", ["input": [[15339, 1917]], "model": "text-embedding-3-small"])
            #expect(tokens["data"]?.arrayValue?.compactMap { $0["embedding"] } == texts)
            let document = try await server.api.json(
                .POST, "/document/raw-text", ["textContent": "hello world", "metadata": ["title": "greeting"]])
            #expect(document["documents"]?.arrayValue?.first?["token_count_estimate"] == 2)
        }
    }

    private func vectors(_ server: RunningServer, _ input: JSON) async throws -> [JSON] {
        let answer = try await server.api.json(.POST, "/openai/embeddings", ["input": input])
        return answer["data"]?.arrayValue?.compactMap { $0["embedding"] } ?? []
    }
}
