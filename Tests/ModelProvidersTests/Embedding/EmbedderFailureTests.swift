import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct EmbedderFailureTests {
    static let unusable: [(FakeEmbeddingsReply, String)] = [
        (.missingLast, "holds 1 vectors for 2 texts"),
        (.zero, "holds a vector without a direction (zero, or not a number)"),
        (.dimensions(0), "holds a vector without a direction (zero, or not a number)"),
        (.json(["data": [["index": 0, "embedding": [1]], ["index": 0, "embedding": [1]]]]), sameIndex),
        (.json(["data": [["index": 0, "embedding": [1]], ["index": 7, "embedding": [1]]]]), sameIndex),
        (
            .json(["data": [["index": 0, "embedding": [1]], ["index": 1, "embedding": [1, 2]]]]),
            "holds vectors of 2 dimensions where 1 are expected"
        ),
        (.json(["data": [["index": 0, "embedding": "AAAA"]]]), "holds no embeddings"),
        (.json(["data": [["index": 0, "embedding": [nil]]]]), "holds no embeddings"),
        (.json(["object": "list"]), "holds no embeddings"),
        // A NaN, as float32 in base64.
        (
            .json(["data": [["embedding": "AADAfw=="], ["embedding": [1]]]]),
            "holds a vector without a direction (zero, or not a number)"
        ),
    ]
    static let sameIndex = "does not say which text each vector belongs to"

    @Test(arguments: unusable)
    func `answers that cannot be right are refused`(reply: FakeEmbeddingsReply, problem: String) async throws {
        try await withEmbedder { provider, embedder in
            provider.answerEmbeddings(reply)
            let error = await #expect(throws: ServiceError.self) {
                _ = try await embedder.embed(["a", "b"], as: .passage)
            }
            #expect(error?.code == .upstream)
            #expect(error?.message == "GenericOpenAI Failed to embed: The answer of GenericOpenAI \(problem).")
            #expect(embedder.model.dimensions == nil)
        }
    }

    @Test func `vectors without an index are taken in order`() async throws {
        try await withEmbedder { provider, embedder in
            provider.answerEmbeddings(.json(["data": [["embedding": [0, 2]], ["embedding": [-3, 0]]]]))
            let embeddings = try await embedder.embed(["a", "b"], as: .passage)
            #expect(embeddings.map(\.values) == [[0, 1], [-1, 0]])
        }
    }

    @Test func `a model that changes its dimensions is refused`() async throws {
        try await withEmbedder { provider, embedder in
            provider.answerEmbeddings(.vectors, .dimensions(8))
            _ = try await embedder.embed(["a"], as: .passage)
            let error = await #expect(throws: ServiceError.self) { _ = try await embedder.embed(["a"], as: .passage) }
            #expect(error?.message.contains("holds vectors of 8 dimensions where 64 are expected") == true)
            #expect(embedder.model.dimensions == 64)
        }
    }

    @Test func `a model that ignores the dimensions asked for is refused`() async throws {
        try await withEmbedder(configure: { $0.dimensions = 32 }) { provider, embedder in
            provider.answerEmbeddings(.dimensions(8))
            await #expect(throws: ServiceError.self) { _ = try await embedder.embed(["a"], as: .passage) }
        }
    }

    @Test func `a refusal is told with the words of the provider`() async throws {
        try await withEmbedder { provider, embedder in
            provider.answerEmbeddings(.failure(400, "input too long"))
            let error = await #expect(throws: ServiceError.self) { _ = try await embedder.embed(["a"], as: .query) }
            #expect(
                error?.message
                    == "GenericOpenAI Failed to embed: GenericOpenAI answered 400 Bad Request: input too long.")
        }
    }

    @Test func `an error inside a successful answer is told`() async throws {
        try await withEmbedder { provider, embedder in
            provider.answerEmbeddings(.json(["error": ["message": "model not loaded"]]))
            let error = await #expect(throws: ServiceError.self) { _ = try await embedder.embed(["a"], as: .query) }
            #expect(error?.message == "GenericOpenAI Failed to embed: GenericOpenAI failed: model not loaded.")
        }
    }
}
