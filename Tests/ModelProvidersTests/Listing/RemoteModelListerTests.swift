import AsyncHTTPClient
import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// Each vendor's way of listing its models, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct RemoteModelListerTests {
    private func models(
        _ format: ModelListingEndpoint.Format, _ path: String,
        _ authentication: ModelListingEndpoint.Authentication = .none, list: JSON?, wanted: [String] = [],
        unwanted: [String] = []
    ) async throws -> (found: [OfferedModel], request: FakeProvider.RecordedRequest?) {
        try await FakeProvider.run { provider in
            var endpoint = ModelListingEndpoint(
                label: "Vendor", format: format, baseURL: provider.origin, path: path, authentication: authentication)
            endpoint.wanted = wanted
            endpoint.unwanted = unwanted
            if let list { provider.keep(list, at: "/\(path.prefix { $0 != "?" })") }
            let target = endpoint
            return try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
                let lister = RemoteModelLister(endpoint: target, client: client, retries: .never)
                return (try await lister.models(), provider.requests.last)
            }
        }
    }

    @Test func `OpenAI's list and what others add to it`() async throws {
        let list: JSON = [
            "object": "list",
            "data": [
                ["id": "gpt-x", "object": "model"], ["id": "o9"], ["id": "gpt-x-audio"], ["id": "text-embedding-3"],
                ["id": "gpt-x"], ["object": "model"], 7,
            ],
        ]
        let some = try await models(
            .openAI, "v1/models", .bearer("k-123456"), list: list, wanted: ["gpt", "^o"], unwanted: ["audio"])
        #expect(some.found.map(\.id) == ["gpt-x", "o9"])
        #expect(some.request?.headers["authorization"] == "Bearer k-123456")
        let typed: JSON = [
            ["id": "a", "type": "chat", "display_name": "A", "context_length": 8192], ["id": "b", "type": "embedding"],
            ["id": "c", "subtype": "image"], ["id": "d", "max_model_len": 4096, "name": "d"],
        ]
        let bare = try await models(.openAI, "models", list: typed)
        #expect(
            bare.found == [
                OfferedModel(id: "a", name: "A", contextWindow: 8192), OfferedModel(id: "d", contextWindow: 4096),
            ])
    }

    @Test func `Anthropic's list`() async throws {
        let list: JSON = [
            "data": [["type": "model", "id": "claude-x", "display_name": "Claude X"]], "has_more": false,
        ]
        let answer = try await models(
            .anthropic, "v1/models?limit=1000", .header("x-api-key", key: "sk-ant-1"), list: list)
        let headers = answer.request?.headers ?? [:]
        #expect(headers["x-api-key"] == "sk-ant-1" && headers["anthropic-version"] == "2023-06-01")
        #expect(answer.found == [OfferedModel(id: "claude-x", name: "Claude X")])
    }

    @Test func `Ollama's list`() async throws {
        let list: JSON = ["models": [["name": "llama3.2:latest", "model": "llama3.2:latest", "size": 1]]]
        let answer = try await models(.ollama, "api/tags", list: list)
        #expect(answer.request != nil && answer.request?.headers["authorization"] == nil)
        #expect(answer.found == [OfferedModel(id: "llama3.2:latest")])
    }

    @Test func `Google's list says what each model does`() async throws {
        let list: JSON = [
            "models": [
                [
                    "name": "models/gemini-x", "displayName": "Gemini X", "inputTokenLimit": 1_048_576,
                    "supportedGenerationMethods": ["generateContent", "countTokens"],
                ], ["name": "models/embedding-x", "supportedGenerationMethods": ["embedContent"]],
            ]
        ]
        let answer = try await models(
            .gemini, "v1beta/models?pageSize=1000", .header("x-goog-api-key", key: "g"), list: list)
        let headers = answer.request?.headers ?? [:]
        #expect(headers["x-goog-api-key"] == "g")
        #expect(answer.found == [OfferedModel(id: "gemini-x", name: "Gemini X", contextWindow: 1_048_576)])
    }

    @Test func `Cohere's and Bedrock's lists`() async throws {
        let cohere = try await models(
            .cohere, "v1/models?page_size=1000&endpoint=chat",
            list: ["models": [["name": "command-x", "context_length": 9]]])
        #expect(cohere.found == [OfferedModel(id: "command-x", contextWindow: 9)])
        let summaries: JSON = [
            "modelSummaries": [
                ["modelId": "amazon.nova-x", "modelName": "Nova X", "outputModalities": ["TEXT"]],
                ["modelId": "amazon.canvas-x", "modelName": "Canvas", "outputModalities": ["IMAGE"]],
            ]
        ]
        let credentials = AWSCredentials(accessKeyID: "AK", secretAccessKey: "S")
        let signature = ModelListingEndpoint.Authentication.signature(credentials, region: "us-east-1")
        let bedrock = try await models(.bedrock, "foundation-models", signature, list: summaries)
        let authorization = bedrock.request?.headers["authorization"] ?? ""
        #expect(authorization.hasPrefix("AWS4-HMAC-SHA256 Credential=AK/"))
        #expect(bedrock.found == [OfferedModel(id: "amazon.nova-x", name: "Nova X")])
    }

    @Test func `a server that lists nothing is said to`() async throws {
        let refused = await #expect(throws: ServiceError.self) { try await models(.openAI, "models", list: nil) }
        #expect(refused?.providerStatus == 404 && refused?.message.hasPrefix("Vendor answered 404") == true)
        let other = await #expect(throws: ServiceError.self) { try await models(.openAI, "models", list: ["a": 1]) }
        #expect(other?.message == "The answer of Vendor is no list of models.")
    }
}
