import Domain
import Engine
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import TestSupport
import Testing

/// The embedder is changed while the server answers.
@Suite(.timeLimit(.minutes(3))) struct EmbedderChangeTests {
    private static func change(to model: String) -> JSON {
        [
            "EmbeddingEngine": "generic-openai", "EmbeddingBasePath": "http://127.0.0.1:1/v1",
            "EmbeddingModelPref": .string(model),
        ]
    }

    private static func texts(_ answer: JSON) -> [String] {
        (answer["results"]?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }
    }

    private static func search(_ client: TestClient, _ question: String) async throws -> [String] {
        texts(try await client.json(.post, "/v1/workspace/w/vector-search", ["query": .string(question)]))
    }

    @Test func `an embedder that does not answer is refused with its error, and nothing changes`() async throws {
        let embedders = NamedEmbedders()
        try await TestServer.run(makeEmbedder: embedders.make) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let answer = try await client.json(.post, "/v1/system/update-env", Self.change(to: "broken"))
            #expect(answer["error"] == "The model broken is not there.")
            #expect(answer["failedKeys"] == ["EmbeddingEngine", "EmbeddingBasePath", "EmbeddingModelPref"])
            #expect(answer["newValues"] == [:])
            #expect(answer["reembedding"] == false)
            let settings = try await client.json(.get, "/v1/system")["settings"]
            #expect(settings?["EmbeddingEngine"] == "native")
            #expect(settings?["EmbeddingBasePath"] == nil)
            #expect(try await Self.search(client, "harbour").count == 1)
            #expect(try await EmbedderStore(client.server.database).current() == "standard")
        }
    }

    @Test func `the old vectors serve until all documents of a workspace are embedded anew`() async throws {
        let embedders = NamedEmbedders()
        try await TestServer.run(makeEmbedder: embedders.make) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let answer = try await client.json(.post, "/v1/system/update-env", Self.change(to: "held"))
            #expect(answer["error"] == .null)
            #expect(answer["reembedding"] == true)
            try await embedders.heldPassages.wait { $0 > 0 }
            let store = EmbedderStore(client.server.database)
            #expect(try await store.current() == "held")
            #expect(try await Self.search(client, "harbour").count == 1)
            // A document that comes meanwhile is found at once, too.
            _ = try await client.upload("The light is lit at dusk.", named: "light.txt")
            #expect(try await Self.search(client, "light dusk").first?.contains("lit at dusk") == true)
            #expect(embedders.questions.value["held"] == 1)

            embedders.gate.open()
            try await client.finishJobs()
            #expect(try await store.outdatedWorkspaces("held").isEmpty)
            #expect(try await Self.search(client, "light dusk").first?.contains("lit at dusk") == true)
            #expect(try await Self.search(client, "harbour seven").first?.contains("opens at seven") == true)
            // The first was the trial.
            #expect(embedders.questions.value["held"] == 3)
            // Nothing is left of the old embedder.
            #expect(try await store.settings(of: "standard") == nil)
        }
    }

    @Test func `of two changes at once the later one holds`() async throws {
        let embedders = NamedEmbedders()
        try await TestServer.run(makeEmbedder: embedders.make) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for round in 0..<6 {
                    group.addTask {
                        let body = Self.change(to: round.isMultiple(of: 2) ? "even" : "odd")
                        let answer = try await client.json(.post, "/v1/system/update-env", body)
                        #expect(answer["error"] == .null)
                    }
                }
                try await group.waitForAll()
            }
            let settings = try await client.json(.get, "/v1/system")["settings"]
            let model = try #require(settings?["EmbeddingModelPref"]?.stringValue)
            while try await !JobStore(client.server.database).unfinished().isEmpty { try await client.finishJobs() }
            let store = EmbedderStore(client.server.database)
            #expect(try await store.current() == model)
            #expect(try await store.outdatedWorkspaces(model).isEmpty)
            #expect(client.server.services.search.embedding.model.fingerprint == model)
            #expect(try await Self.search(client, "harbour").count == 1)
        }
    }
}

/// Embedders by the model that is set. One can be held up, and one is broken.
final class NamedEmbedders: Sendable {
    let gate = Gate()
    let heldPassages = Observed(0)
    /// How many questions each has embedded, the trial included.
    let questions = Observed<[String: Int]>([:])

    var make: WorkspaceEmbedders.Factory {
        { settings in NamedEmbedder(name: settings.value(for: "EMBEDDING_MODEL_PREF") ?? "standard", all: self) }
    }

    private struct NamedEmbedder: Embedder {
        let name: String
        let all: NamedEmbedders

        /// Vectors of two embedders cannot be compared.
        private var dimensions: Int { 512 + name.utf8.count * 8 }

        var model: EmbeddingModel {
            EmbeddingModel(
                id: name, fingerprint: name, dimensions: dimensions, maximumInputTokens: nil, maximumChunkLength: 1000)
        }

        func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
            if name == "broken" { throw ServiceError(.upstream, "The model broken is not there.") }
            if role == .query {
                all.questions.change { $0[name, default: 0] += texts.count }
            } else if name == "held" {
                all.heldPassages.change { $0 += texts.count }
                try await all.gate.pass()
            }
            return texts.map { text in
                let vector = FakeProvider.vector(for: text, dimensions: dimensions)
                let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
                return Embedding(vector.map { $0 / length })
            }
        }

        func tokenCount(_ text: String) -> Int? { nil }
    }
}
