import Domain
import HTTPTypes
import OrderedJSON
import Testing

/// What is searched with where operators have questions condensed.
@Suite struct CondensedQuestionTests {
    private static let environment = ["LECTERN_CONDENSE_QUESTIONS": "true"]

    @Test func `the search uses what the model makes of the conversation, and the answer the question itself`()
        async throws
    {
        let model = ConversingModel(
            [.text("At seven."), .text("When does the harbour open?"), .text("Because.")], supportsTools: false)
        try await TestServer.run(model: model, environment: Self.environment) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            _ = try await client.json(.post, "/v1/workspace/w/chat", ["message": "Zebras?"])
            let answer = try await client.json(
                .post, "/v1/workspace/w/chat", ["message": "Kilimanjaro lions?", "mode": "query"])
            #expect(answer["textResponse"] == "Because.")
            #expect(answer["sources"]?.arrayValue?.count == 1)
            // The first question has no conversation to be condensed from.
            #expect(model.prompts.count == 3)
            #expect(model.prompts.last?.question == "Kilimanjaro lions?")
        }
    }

    @Test func `where the model cannot condense, the question is searched with as it is`() async throws {
        let model = ConversingModel(
            [.text("x"), .failure(ServiceError(.upstream, "too busy")), .text("At seven.")], supportsTools: false)
        try await TestServer.run(model: model, environment: Self.environment) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            _ = try await client.json(.post, "/v1/workspace/w/chat", ["message": "Zebras?"])
            let answer = try await client.json(
                .post, "/v1/workspace/w/chat", ["message": "When does the harbour open?", "mode": "query"])
            #expect(answer["textResponse"] == "At seven.")
            #expect(answer["sources"]?.arrayValue?.count == 1)
        }
    }
}
