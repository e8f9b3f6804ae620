import HTTPTypes
import OrderedJSON
import Testing

@Suite struct EvaluationTests {
    private static let texts = [
        ("ferry", "The ferry leaves the pier at noon and comes back at six."),
        ("lamp", "The lamp of the lighthouse burned oil until it was wired."),
        ("market", "Fish is sold on the market square every morning."),
    ]

    private func withWorkspace(_ body: @escaping @Sendable (TestClient) async throws -> Void) async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "quay"])
            for (title, text) in Self.texts {
                _ = try await client.json(
                    .post, "/v1/document/raw-text",
                    [
                        "textContent": .string(text), "addToWorkspaces": "quay",
                        "metadata": ["title": .string(title)],
                    ])
            }
            try await body(client)
        }
    }

    @Test func `questions are asked in each mode, and the modes compared`() async throws {
        try await withWorkspace { client in
            let listed = try await client.json(.get, "/v1/workspace/quay")["workspace"]?.arrayValue?.first?["documents"]
            let location = try #require(listed?.arrayValue?.first?["docpath"]?.stringValue)
            let title = try #require(Self.texts.map(\.0).first { location.contains($0) })
            let answer = try await client.json(
                .post, "/v1/workspace/quay/evaluate",
                [
                    "questions": [
                        ["question": "When does the ferry leave?", "documents": ["ferry.txt"]],
                        ["question": .string(title), "documents": .string(location)],
                        [
                            "question": "lamp oil",
                            "documents": [["document": "lamp.txt", "relevance": 2], "market.txt"],
                        ],
                    ],
                    "depth": 2,
                ])
            #expect(answer["workspace"] == "quay" && answer["depth"] == 2)
            let modes = try #require(answer["modes"]?.arrayValue)
            #expect(modes.map { $0["mode"] } == ["vector", "default"])
            #expect(modes[0]["pValue"] == nil && modes[1]["pValue"]?.doubleValue != nil)
            let questions = try #require(answer["questions"]?.arrayValue)
            #expect(questions.count == 3)
            #expect(questions[0]["modes"]?["default"]?["rank"] == 1)
            #expect(questions[1]["modes"]?["default"]?["ndcg"]?.doubleValue == 1)
        }
    }

    @Test(arguments: [
        ("{}", "questions must be a list"), (#"{"questions": []}"#, "questions must be a list"),
        (#"{"questions": [{"question": " ", "documents": ["ferry.txt"]}]}"#, "questions[0] has no question"),
        (#"{"questions": [{"question": "x"}]}"#, "questions[0] names no documents"),
        (#"{"questions": [{"question": "x", "documents": ["nowhere.pdf"]}]}"#, "no document \"nowhere.pdf\""),
        (#"{"questions": [{"question": "x", "documents": [{"document": "ferry.txt", "relevance": 0}]}]}"#, "relevance"),
        (#"{"questions": [{"question": "x", "documents": ["ferry.txt"]}], "modes": ["best"]}"#, "modes must be"),
        (#"{"questions": [{"question": "x", "documents": ["ferry.txt"]}], "depth": 0}"#, "depth must be"),
    ])
    func `what cannot be evaluated is said`(body: String, message: String) async throws {
        try await withWorkspace { client in
            let (status, text) = try await client.send(.post, "/v1/workspace/quay/evaluate", JSON(parsing: body))
            let said = try JSON(parsing: text)["error"]?.stringValue ?? ""
            #expect(status == 400 && said.contains(message), "\(text)")
        }
    }
}
