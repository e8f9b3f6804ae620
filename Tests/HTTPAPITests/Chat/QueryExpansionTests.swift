import Domain
import HTTPTypes
import OrderedJSON
import Testing

/// What is searched with besides the question, where operators want that.
@Suite struct QueryExpansionTests {
    @Test(arguments: [
        ("LECTERN_MULTI_QUERY", "1. When does the harbour open?\n2. \"Opening hours\"\n- harbour, seven"),
        ("LECTERN_STEP_BACK", "When does the harbour open?"),
    ])
    func `what the model writes finds what the question does not`(variable: String, reply: String) async throws {
        let model = ConversingModel([.text(reply), .text("At seven.")], supportsTools: false)
        try await TestServer.run(model: model, environment: [variable: "true"]) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let answer = try await client.json(
                .post, "/v1/workspace/w/chat", ["message": "Kilimanjaro lions?", "mode": "query"])
            #expect(answer["textResponse"] == "At seven.")
            #expect(answer["sources"]?.arrayValue?.count == 1)
            #expect(model.prompts.map(\.question) == ["Kilimanjaro lions?", "Kilimanjaro lions?"])
        }
    }

    @Test func `where the model writes nothing, the question is searched with alone`() async throws {
        let model = ConversingModel(
            [.failure(ServiceError(.upstream, "too busy")), .text("At seven.")], supportsTools: false)
        try await TestServer.run(model: model, environment: ["LECTERN_MULTI_QUERY": "true"]) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let answer = try await client.json(
                .post, "/v1/workspace/w/chat", ["message": "When does the harbour open?", "mode": "query"])
            #expect(answer["textResponse"] == "At seven.")
        }
    }
}
