import AsyncHTTPClient
import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// Rankings by providers, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct RemoteRerankerTests {
    static let texts = ["the crane", "when does the ferry leave", "a ferry", "nothing of it"]
    static let question = "when does the ferry leave"
    static let shares = [0.2, 1, 0.2, 0]

    static let dialects: [(RerankEndpoint.Dialect, String)] = [
        (
            .cohere,
            #"{"model":"m","query":"q","documents":["a","b"],"top_n":2}"#
        ),
        (.jina, #"{"model":"m","query":"q","documents":["a","b"],"top_n":2,"return_documents":false}"#),
        (
            .voyage,
            #"{"model":"m","query":"q","documents":["a","b"],"top_k":2,"return_documents":false,"truncation":true}"#
        ),
        (
            .textEmbeddingsInference,
            #"{"query":"q","texts":["a","b"],"raw_scores":false,"return_text":false,"truncate":true}"#
        ),
    ]

    @Test(arguments: dialects) func `a vendor is asked in its form, and its scores are those of the texts`(
        dialect: RerankEndpoint.Dialect, body: String
    ) async throws {
        try await Self.withReranker(dialect) { provider, reranker in
            let scores = try await Self.scores(reranker)
            #expect(scores == Self.shares)
            _ = try await Self.scores(reranker, ["a", "b"], "q")
            let request = try #require(provider.requests.last)
            #expect(request.path == "/v1/rerank")
            #expect(request.headers["authorization"] == "Bearer very-secret-key")
            #expect(request.body.text == body)
        }
    }

    @Test(arguments: dialects.map(\.0)) func `logits become what lies between 0 and 1, and stay so`(
        dialect: RerankEndpoint.Dialect
    ) async throws {
        try await Self.withReranker(dialect) { provider, reranker in
            provider.answerRankings(.logits)
            let scores = try await Self.scores(reranker)
            #expect(scores.allSatisfy { (0...1).contains($0) })
            #expect(scores[1] > 0.999 && scores[3] < 0.001 && scores[0] == scores[2] && scores[0] < 0.01)
            // -10 + 20 * 0.5 lies between 0 and 1, and is a logit all the same.
            let half = try await Self.scores(reranker, ["ferry"], "ferry now")
            #expect(half == [0.5])
        }
    }

    @Test func `scores of 0 to 1 are taken as they are`() async throws {
        try await Self.withReranker { provider, reranker in
            provider.answerRankings(
                .json(["results": [["index": 1, "relevance_score": 1], ["index": 0, "relevance_score": 0]]]))
            let scores = try await Self.scores(reranker, ["a", "b"])
            #expect(scores == [0, 1])
        }
    }

    static let unusable: [(FakeRerankReply, String)] = [
        (.missingLast, "holds 1 scores for 2 texts"), (.json(["results": []]), "holds 0 scores for 2 texts"),
        (.json(["id": "1"]), "holds no ranking"), (.json("ok"), "holds no ranking"),
        (
            .json(["results": [["index": 0, "relevance_score": 1], ["index": 0, "relevance_score": 1]]]),
            "does not say which text each score belongs to"
        ),
        (
            .json(["results": [["index": 0, "relevance_score": 1], ["index": -1, "relevance_score": 1]]]),
            "does not say which text each score belongs to"
        ),
        (
            .json(["results": [["relevance_score": 1], ["relevance_score": 1]]]),
            "does not say which text each score belongs to"
        ),
        (.json(["data": [["index": 0, "score": "1"], ["index": 1, "score": 1]]]), "holds a score that is no number"),
        (.json([["index": 0, "score": nil], ["index": 1, "score": 1]]), "holds a score that is no number"),
    ]

    @Test(arguments: unusable) func `rankings that cannot be right are refused`(
        reply: FakeRerankReply, problem: String
    ) async throws {
        try await Self.withReranker { provider, reranker in
            provider.answerRankings(reply)
            let error = await #expect(throws: ServiceError.self) { _ = try await Self.scores(reranker, ["a", "b"]) }
            #expect(error?.code == .upstream && error?.message == "The answer of Jina \(problem).")
        }
    }

    // MARK: Batches and time

    @Test func `what one request cannot take goes in several, and each score to its text`() async throws {
        try await Self.withReranker(batchSize: 3) { provider, reranker in
            let texts = (0..<20).map { $0.isMultiple(of: 7) ? "ferry \($0)" : "crane \($0)" }
            let scores = try await Self.scores(reranker, texts, "ferry")
            #expect(scores == (0..<20).map { $0.isMultiple(of: 7) ? 1 : 0 })
            let sent = provider.requests.map { $0.body["documents"]?.arrayValue?.count ?? 0 }
            #expect(sent.sorted() == [2] + Array(repeating: 3, count: 6))
        }
    }

    @Test func `at the deadline there is what came before it, and the rest is given up`() async throws {
        try await Self.withReranker(batchSize: 1) { provider, reranker in
            provider.answerRankings(.shares, .silence)
            let scores = try await Self.scores(
                reranker, ["ferry", "ferry", "ferry"], "ferry", within: .milliseconds(300))
            #expect(scores == [1] || scores.isEmpty)
            try await provider.state.wait { $0.disconnections == 2 }
        }
    }

    @Test func `attempts end at the deadline, whatever pause a provider asks for`() async throws {
        try await Self.withReranker(retries: RetryPolicy(maximumRetries: 9)) { provider, reranker in
            provider.fail(.failure(429, "later", headers: [("Retry-After", "15")]))
            let scores = try await Self.scores(reranker, within: .milliseconds(200))
            #expect(scores.isEmpty && provider.requests.count == 1)
        }
    }

    @Test func `cancelling closes the connection`() async throws {
        try await Self.withReranker { provider, reranker in
            provider.answerRankings(.silence)
            let task = Task { try await Self.scores(reranker) }
            try await provider.state.wait { $0.requests.count == 1 }
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            try await provider.state.wait { $0.disconnections == 1 }
        }
    }

    // MARK: -

    private static func scores(
        _ reranker: RemoteReranker, _ texts: [String] = texts, _ question: String = question,
        within time: Duration = .seconds(50)
    ) async throws -> [Double] {
        let candidates = texts.map { RerankCandidate(text: $0, context: "", similarity: 0.5) }
        return try await reranker.scores(question, candidates: candidates, until: .now + time)
    }

    private static func withReranker(
        _ dialect: RerankEndpoint.Dialect = .jina, batchSize: Int = 1000, retries: RetryPolicy = .never,
        _ body: @Sendable (FakeProvider, RemoteReranker) async throws -> Void
    ) async throws {
        try await FakeProvider.run { provider in
            let endpoint = RerankEndpoint(
                label: "Jina", baseURL: provider.baseURL, apiKey: "very-secret-key", modelID: "m", dialect: dialect,
                batchSize: batchSize)
            try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
                try await body(provider, RemoteReranker(endpoint: endpoint, client: client, retries: retries))
            }
        }
    }
}
