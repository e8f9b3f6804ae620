import Domain
import Testing

@testable import Engine

@Suite struct RerankerSettingsTests {
    private func connection(_ environment: [String: String]) throws -> RerankerConnection? {
        try SettingsSnapshot(environment: environment).rerankerConnection()
    }

    private func endpoint(_ environment: [String: String]) throws -> RerankEndpoint? {
        guard case .rerank(let endpoint)? = try connection(environment) else { return nil }
        return endpoint
    }

    @Test func `nothing is reranked where nothing is set, and a model alone is a folder`() throws {
        #expect(try connection([:]) == nil)
        #expect(try connection(["LECTERN_RERANKER_MODEL": "/m"]) == .inProcess(folder: "/m"))
        #expect(
            try connection(["LECTERN_RERANKER_MODEL": "/m", "LECTERN_RERANKER_PROVIDER": "native"])
                == .inProcess(folder: "/m"))
    }

    /// Written down a second time: id, address, variable of the shared key, model.
    static let hosted = [
        ("cohere", "https://api.cohere.com/v2", "COHERE_API_KEY", "rerank-v3.5"),
        ("voyageai", "https://api.voyageai.com/v1", "VOYAGEAI_API_KEY", "rerank-2.5"),
        ("jina", "https://api.jina.ai/v1", "LECTERN_RERANKER_API_KEY", "jina-reranker-v2-base-multilingual"),
    ]

    @Test(arguments: hosted) func `a vendor has its address, its key and its usual model`(
        id: String, address: String, key: String, model: String
    ) throws {
        let found = try #require(try endpoint(["LECTERN_RERANKER_PROVIDER": id, key: "k"]))
        #expect(found.baseURL == address && found.apiKey == "k" && found.modelID == model)
        var environment = ["LECTERN_RERANKER_PROVIDER": id, key: "k"]
        environment["LECTERN_RERANKER_API_KEY"] = "own"
        environment["LECTERN_RERANKER_MODEL"] = "m"
        let other = try #require(try endpoint(environment))
        #expect(other.apiKey == "own" && other.modelID == "m")
        let error = #expect(throws: ServiceError.self) { try endpoint(["LECTERN_RERANKER_PROVIDER": id]) }
        #expect(error?.code == .unavailable && error?.message.contains(key) == true)
    }

    @Test func `a key that is shared goes to the vendor's own address alone`() throws {
        let found = try #require(
            try endpoint([
                "LECTERN_RERANKER_PROVIDER": "cohere", "COHERE_API_KEY": "k",
                "LECTERN_RERANKER_BASE_PATH": "http://localhost:8000/v2",
            ]))
        #expect(found.baseURL == "http://localhost:8000/v2" && found.apiKey == nil)
    }

    @Test(arguments: ["tei", "generic-openai"]) func `a server of one's own needs an address, and no more`(
        id: String
    ) throws {
        let error = #expect(throws: ServiceError.self) { try endpoint(["LECTERN_RERANKER_PROVIDER": id]) }
        #expect(
            error?.message == "Reranking by \(id) needs LECTERN_RERANKER_BASE_PATH, which is not set.")
        let found = try #require(
            try endpoint(["LECTERN_RERANKER_PROVIDER": id, "LECTERN_RERANKER_BASE_PATH": "http://h:1"]))
        #expect(found.baseURL == "http://h:1" && found.apiKey == nil && found.modelID == nil)
        #expect(found.dialect == (id == "tei" ? .textEmbeddingsInference : .jina))
    }

    @Test func `what cannot rerank is refused with what can`() throws {
        let error = #expect(throws: ServiceError.self) { try endpoint(["LECTERN_RERANKER_PROVIDER": "mistral"]) }
        #expect(error?.message.hasPrefix("mistral has no reranking model. Available: native, ") == true)
        let checks = SettingsSnapshot(environment: ["LECTERN_RERANKER_PROVIDER": "tei"]).providerChecks()
        #expect(checks.contains { $0.title == "reranking by tei" && $0.problem != nil })
    }
}
