import Domain
import Engine
import HTTPTypes
import OrderedJSON
import Testing

@Suite(.timeLimit(.minutes(1))) struct ProviderModelsTests {
    private struct Lister: ModelLister {
        let label: String

        func models() async throws -> [OfferedModel] {
            guard label != "Groq" else { throw ServiceError(.upstream, "Groq answered 500.") }
            return [OfferedModel(id: "a", name: "A", contextWindow: 8192), OfferedModel(id: "b")]
        }
    }

    @Test func `the models of a provider are listed for whoever may choose one`() async throws {
        let environment = ["LLM_PROVIDER": "mistral", "MISTRAL_API_KEY": "k", "GROQ_API_KEY": "k"]
        try await TestServer.run(
            environment: environment, modelLister: { endpoint, _ in Lister(label: endpoint.label) }
        ) {
            client in
            let expected: JSON = [
                "provider": "mistral",
                "models": [
                    ["id": "a", "name": "A", "contextWindow": 8192], ["id": "b", "name": "b", "contextWindow": .null],
                ],
            ]
            #expect(try await client.json(.get, "/v1/system/models") == expected)
            #expect(try await client.json(.get, "/v1/system/models?provider=mistral") == expected)
            for (query, status, message) in [
                ("provider=groq", 502, "Groq answered 500."), ("provider=excel", 404, "There is no provider excel."),
                ("provider=openai", 503, "No OpenAI API key was set."),
                ("model=x", 400, "There is no parameter model."),
            ] {
                let answer = try await client.send(.get, "/v1/system/models?\(query)")
                #expect(answer.status == status && answer.text.contains(message), "\(answer)")
            }
            let reader = try await client.withKey(scopes: [.chat])
            #expect(try await reader.send(.get, "/v1/system/models").status == 403)
        }
    }
}
