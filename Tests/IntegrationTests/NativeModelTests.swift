import Domain
import Foundation
import NIOHTTP1
import OrderedJSON
import Testing

/// The built program with other models for its embedder than the default.
@Suite(.timeLimit(.minutes(4))) struct NativeModelTests {
    @Test func `another native model is used once its files are there, and the documents follow`() async throws {
        try await RunningServer.run { server in
            let api = server.api
            _ = try await api.json(.POST, "/workspace/new", ["name": "w", "similarityThreshold": 0])
            _ = try await api.upload("The harbour opens at seven.", named: "harbour.txt", to: "w")
            let choice: JSON = ["EmbeddingModelPref": "MintplexLabs/multilingual-e5-small"]
            let refused = try await api.json(.POST, "/system/update-env", choice)
            #expect(refused["error"]?.stringValue?.contains("multilingual-e5-small is not on this machine") == true)
            #expect(refused["failedKeys"] == ["EmbeddingModelPref"])
            let asked = try await api.json(.POST, "/workspace/w/vector-search", ["query": "harbour"])
            #expect(asked["results"]?.arrayValue?.isEmpty == false)

            try copyTinyModel(to: server.storage + "/models/MintplexLabs/multilingual-e5-small")
            #expect(try await api.json(.POST, "/system/update-env", choice)["error"] == .null)
            let found = try await results(server, for: "harbour")
            #expect(found.first?["text"]?.stringValue?.contains("The harbour opens at seven.") == true)
            let question: JSON = ["input": "harbour"]
            let vector = try await server.api.json(.POST, "/openai/embeddings", question)["data"]?.arrayValue?.first
            // The tiny model's width, and not 384.
            #expect(vector?["embedding"]?.arrayValue?.count == 32)
        }
    }

    /// What is found as soon as the documents are embedded again, which happens behind the start.
    private func results(_ server: RunningServer, for query: String) async throws -> [JSON] {
        var results: [JSON] = []
        try await server.wait {
            let answer = try await server.api.json(.POST, "/workspace/w/vector-search", ["query": .string(query)])
            results = answer["results"]?.arrayValue ?? []
            return !results.isEmpty
        }
        return results
    }

    /// A random model with the tokenizer of multilingual ones.
    private func copyTinyModel(to folder: String) throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let parent = URL(fileURLWithPath: folder).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        let model = tests.appending(path: "BERTTests/Fixtures/models/bert-unigram")
        try FileManager.default.copyItem(at: model, to: URL(fileURLWithPath: folder))
    }
}
