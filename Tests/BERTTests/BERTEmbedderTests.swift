import BERT
import Domain
import Testing

@Suite struct BERTEmbedderTests {
    private let embedder: BERTEmbedder
    private let bert: BERTModel

    init() throws {
        bert = try BERTModel(folder: ModelFiles.tiny("cls-tanh-f16"))
        embedder = try BERTEmbedder(folder: ModelFiles.tiny("cls-tanh-f16"), threads: 2)
    }

    @Test func `embeddings come in the order of the texts, however many there are`() async throws {
        let texts = (0..<101).map { String(repeating: "cat ", count: $0 * 7 % 40) }
        for role in [EmbeddingRole.query, .passage] {
            let embeddings = try await embedder.embed(texts, as: role)
            #expect(embeddings.map(\.values) == bert.encode(texts, as: role))
        }
        #expect(try await embedder.embed([], as: .query).isEmpty)
    }

    @Test func `weights that are damaged are said so at the first use`() async throws {
        let folder = try TemporaryFolder(copying: "mean-gelu")
        var weights = try folder.read("model.safetensors")
        weights.removeLast(weights.count / 2)
        try folder.write(weights, to: "model.safetensors")
        let damaged = try BERTEmbedder(folder: folder.path, threads: 1)
        let error = await #expect(throws: ServiceError.self) { try await damaged.embed(["cat"], as: .query) }
        #expect(error?.code == .unavailable)
        #expect(damaged.tokenCount("cat") == nil)
    }

    @Test func `the model is described without its weights`() {
        #expect(embedder.model == bert.description)
        #expect(embedder.model.id == "cls-tanh-f16")
        #expect(embedder.model.dimensions == 32)
        #expect(embedder.model.maximumInputTokens == 160)
        #expect(embedder.model.maximumChunkLength == 1000)
        #expect(embedder.tokenCount("the cat sat") == 5)
    }

    @Test func `a cancelled task gets an error instead of embeddings`() async throws {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await embedder.embed(["the cat"], as: .passage)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `queries that come at once each get their own embedding`() async throws {
        let texts = (0..<60).map { String(repeating: "cat ", count: 1 + $0 % 7) + "sat" }
        let expected = bert.encode(texts, as: .query)
        try await withThrowingTaskGroup(of: (Int, [[Float]]).self) { group in
            for index in texts.indices {
                group.addTask {
                    let pair = [texts[index], texts[texts.count - 1 - index]]
                    return (index, try await embedder.embed(pair, as: .query).map(\.values))
                }
            }
            for try await (index, found) in group {
                #expect(found == [expected[index], expected[texts.count - 1 - index]])
            }
        }
    }

    @Test func `calls at the same time do not disturb each other`() async throws {
        let texts = ["the cat", "sat on the mat", String(repeating: "one two ", count: 60)]
        let expected = bert.encode(texts, as: .passage), queries = bert.encode(texts, as: .query)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<20 {
                group.addTask {
                    let role: EmbeddingRole = index % 2 == 0 ? .passage : .query
                    return try await embedder.embed(texts, as: role).map(\.values)
                        == (index % 2 == 0 ? expected : queries)
                }
            }
            for try await equal in group { #expect(equal) }
        }
    }
}
