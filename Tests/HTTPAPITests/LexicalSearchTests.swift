import Domain
import HTTPTypes
import OrderedJSON
import Synchronization
import Testing

/// Searches where vectors cannot help: the embedder is away, or does not know the language.
@Suite struct LexicalSearchTests {
    private static let path = "/v1/workspace/w/vector-search"

    @Test func `while the embedder is away, the words of the question find what they can`() async throws {
        let embedder = AbsentEmbedder()
        try await TestServer.run(model: ScriptedModel(["At seven [1]."]), makeEmbedder: { _ in embedder }) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            _ = try await client.upload("Fish is sold on the market.", named: "market.txt")
            embedder.isAway.store(true, ordering: .relaxed)

            let found = try await client.json(.post, Self.path, ["query": "harbour opens"])
            let results = try #require(found["results"]?.arrayValue)
            #expect(results.map { $0["chunk"] } == ["The harbour opens at seven."])
            #expect(results[0]["vectorScore"] == nil && results[0]["wordScore"]?.doubleValue == 1)
            #expect(found["warnings"]?.arrayValue?.count == 1)
            let filtered = try await client.json(
                .post, Self.path,
                [
                    "query": "harbour fish", "scoreThreshold": 0,
                    "filter": ["type": "eq", "key": "title", "value": "market.txt"],
                ])
            #expect(filtered["results"]?.arrayValue?.map { $0["chunk"] } == ["Fish is sold on the market."])

            let answer = try await client.json(
                .post, "/v1/workspace/w/chat", ["message": "When does the harbour open?", "mode": "query"])
            #expect(answer["textResponse"] == "At seven [1].")
            #expect(answer["sources"]?.arrayValue?.count == 1)
            #expect(answer["warnings"]?.arrayValue?.first?.stringValue?.contains("words of the question alone") == true)

            // Who asks for words alone misses nothing.
            let words = try await client.json(.post, Self.path, ["query": "harbour opens", "searchMode": "words"])
            #expect(words["results"]?.arrayValue?.map { $0["chunk"] } == ["The harbour opens at seven."])
            #expect(words["results"]?.arrayValue?.first?["score"]?.doubleValue == 1 && words["warnings"] == nil)

            // What words cannot do is said.
            for body: JSON in [["query": "zebras"], ["query": "harbour opens", "searchMode": "vector"]] {
                let (status, text) = try await client.send(.post, Self.path, body)
                #expect(status == 502 && text.contains("away"), "\(status) \(text)")
            }
        }
    }

    @Test func `a question in a language that the model does not know is searched by its words, and that is said`()
        async throws
    {
        let embedder = AbsentEmbedder(id: "all-MiniLM-L6-v2")
        try await TestServer.run(model: ScriptedModel(["Um sieben."]), makeEmbedder: { _ in embedder }) { client in
            try await client.makeWorkspace(text: "Der Hafen öffnet um sieben.")
            for (question, isForeign) in [
                ("Wann öffnet der Hafen?", true), ("Когда открывается порт?", true), ("港は何時に開きますか", true),
                ("When does the harbour open?", false), ("Hafen", false), ("B417", false), ("die hard 2", false),
            ] {
                let found = try await client.json(.post, Self.path, ["query": .string(question)])
                let warnings = found["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
                #expect(warnings.contains { $0.contains("knows English alone") } == isForeign, "\(question)")
            }
            let answer = try await client.json(.post, "/v1/workspace/w/chat", ["message": "Wann öffnet der Hafen?"])
            #expect(answer["warnings"]?.arrayValue?.count == 1)
        }
    }
}

/// Embeds by words until it is sent away.
private final class AbsentEmbedder: Embedder {
    private let base = WordEmbedder()
    let isAway = Atomic(false)
    let model: EmbeddingModel

    init(id: String? = nil) {
        var model = base.model
        model.id = id ?? model.id
        self.model = model
    }

    func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        if isAway.load(ordering: .relaxed) { throw ServiceError(.upstream, "The model is away.") }
        return try await base.embed(texts, as: role)
    }

    func tokenCount(_ text: String) -> Int? { base.tokenCount(text) }
}
