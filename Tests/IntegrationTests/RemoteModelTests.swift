import Domain
import Foundation
import NIOHTTP1
import OrderedJSON
import TestSupport
import Testing

/// The built program with reranking, embedding and speech by servers on real sockets.
@Suite(.timeLimit(.minutes(4))) struct RemoteModelTests {
    @Test func `a server judges the results, and where it fails the order from before stays and says why`() async throws
    {
        try await FakeProvider.run { provider in
            try await RunningServer.run { server in
                server.end(with: SIGTERM)
                try await server.start(environment: [
                    "LECTERN_RERANKER_PROVIDER": "generic-openai", "LECTERN_RERANKER_BASE_PATH": provider.baseURL,
                    "LECTERN_RERANKER_MODEL": "judge", "LECTERN_RERANKER_API_KEY": "rerank-key",
                    "LECTERN_RERANKER_MILLISECONDS": "2000", "ANYTHINGLLM_MAX_RETRIES": "0", "LOG_LEVEL": "critical",
                ])
                _ = try await server.api.json(.POST, "/workspace/new", ["name": "w"])
                for text in ["The harbour opens at seven.", "Ferry tickets are sold on board.", "Cranes are blue."] {
                    _ = try await server.api.json(
                        .POST, "/document/raw-text",
                        ["textContent": .string(text), "addToWorkspaces": "w", "metadata": ["title": "a"]])
                }
                let plain = try await search(server, "cranes are blue", "default")
                try #require(plain.ids.count == 3)
                provider.answerRankings(
                    .json([
                        "results": [
                            ["index": 2, "relevance_score": 4.5], ["index": 0, "relevance_score": -7],
                            ["index": 1, "relevance_score": -2],
                        ]
                    ]))
                let judged = try await search(server, "cranes are blue", "rerank")
                #expect(judged.ids == [plain.ids[2], plain.ids[1], plain.ids[0]])
                #expect(judged.metrics["judged"] == 3 && judged.metrics["reason"] == nil)
                let request = try #require(provider.requests.first)
                #expect(request.headers["authorization"] == "Bearer rerank-key" && request.body["model"] == "judge")

                provider.fail(.failure(500, "out of memory for rerank-key"))
                let failed = try await search(server, "cranes are blue", "rerank")
                #expect(failed.ids == plain.ids)
                let reason = failed.metrics["reason"]?.stringValue ?? ""
                #expect(reason.contains("out of memory") && !reason.contains("rerank-key"))

                provider.answerRankings(.silence)
                let late = try await search(server, "cranes are blue", "rerank")
                #expect(late.ids == plain.ids && late.metrics["reason"] == "The time for reranking was up.")
            }
        }
    }

    private func search(
        _ server: RunningServer, _ query: String, _ mode: String
    ) async throws -> (ids: [String], metrics: JSON) {
        let body: JSON = ["query": .string(query), "searchMode": .string(mode), "topN": 10, "scoreThreshold": 0]
        let answer = try await server.api.json(.POST, "/workspace/w/vector-search", body)
        let ids = answer["results"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
        return (ids, answer["metrics"]?["rerank"] ?? [:])
    }

    @Test func `Ollama embeds documents and questions, each with what its model wants before it`() async throws {
        try await FakeProvider.run { provider in
            try await RunningServer.run { server in
                let changed = try await server.api.json(
                    .POST, "/system/update-env",
                    [
                        "EmbeddingEngine": "ollama", "EmbeddingBasePath": .string(provider.origin),
                        "EmbeddingModelPref": "nomic-embed-text", "OllamaEmbeddingBatchSize": "8",
                        "TextToSpeechProvider": "kokoro", "TTSKokoroEndpoint": .string(provider.origin),
                    ])
                #expect(changed["error"] == .null)
                _ = try await server.api.json(.POST, "/workspace/new", ["name": "w"])
                _ = try await server.api.json(
                    .POST, "/document/raw-text",
                    ["textContent": "Cranes are blue.", "addToWorkspaces": "w", "metadata": ["title": "a"]])
                let found = try await search(server, "Which cranes?", "default")
                #expect(found.ids.count == 1)
                let inputs = provider.requests.filter { $0.path == "/api/embed" }
                    .flatMap { $0.body["input"]?.arrayValue?.compactMap(\.stringValue) ?? [] }
                #expect(inputs.contains { $0.hasPrefix("search_document: ") && $0.hasSuffix("Cranes are blue.") })
                #expect(inputs.contains("search_query: Which cranes?"))

                _ = try await server.api.text(.POST, "/openai/audio/speech", ["input": "Ahoy", "voice": "af_sky"])
                let asked = try #require(provider.requests.last)
                #expect(asked.path == "/v1/audio/speech")
                #expect(asked.body["model"] == "kokoro" && asked.body["voice"] == "af_sky")
            }
        }
    }
}
