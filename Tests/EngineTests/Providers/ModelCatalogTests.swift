import Domain
import TestSupport
import Testing

@testable import Engine

@Suite struct ModelCatalogTests {
    private struct Lister: ModelLister {
        let result: [OfferedModel]?

        func models() async throws -> [OfferedModel] {
            guard let result else { throw ServiceError(.upstream, "It does not answer.") }
            return result
        }
    }

    private func listing(_ id: String, _ environment: [String: String]) throws -> ModelListingEndpoint {
        guard case .remote(let endpoint) = try SettingsSnapshot(environment: environment).modelListing(id) else {
            throw ServiceError.invalid("is known")
        }
        return endpoint
    }

    static let places: [(String, [String: String], String, String, ModelListingEndpoint.Authentication)] = [
        ("openai", ["OPEN_AI_KEY": "k"], "https://api.openai.com/v1", "models", .bearer("k")),
        ("mistral", ["MISTRAL_API_KEY": "k"], "https://api.mistral.ai/v1", "models", .bearer("k")),
        ("cerebras", ["CEREBRAS_API_KEY": "k"], "https://api.cerebras.ai/public/v1", "models", .bearer("k")),
        (
            "gemini", ["GEMINI_API_KEY": "k"], "https://generativelanguage.googleapis.com/v1beta",
            "models?pageSize=1000", .header("x-goog-api-key", key: "k")
        ),
        (
            "cohere", ["COHERE_API_KEY": "k"], "https://api.cohere.com/v1", "models?page_size=1000&endpoint=chat",
            .bearer("k")
        ),
        (
            "anthropic", ["ANTHROPIC_API_KEY": "k"], "https://api.anthropic.com/v1", "models?limit=1000",
            .header("x-api-key", key: "k")
        ), ("ollama", ["OLLAMA_BASE_PATH": "http://h:11434"], "http://h:11434", "api/tags", .none),
        ("lmstudio", ["LMSTUDIO_BASE_PATH": "http://h:1234/v1"], "http://h:1234", "api/v0/models", .none),
        ("generic-openai", ["GENERIC_OPEN_AI_BASE_PATH": "http://h/v1"], "http://h/v1", "models", .none),
        (
            "bedrock", ["AWS_BEDROCK_LLM_API_KEY": "k", "AWS_REGION": "eu-west-1"],
            "https://bedrock-mantle.eu-west-1.api.aws/v1", "models", .bearer("k")
        ),
        (
            "bedrock", ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "eu-west-1"],
            "https://bedrock.eu-west-1.amazonaws.com", "foundation-models",
            .signature(AWSCredentials(accessKeyID: "a", secretAccessKey: "b"), region: "eu-west-1")
        ),
    ]

    @Test(arguments: places) func `a vendor's list is where the vendor has it, and needs no model to be set`(
        id: String, environment: [String: String], base: String, path: String,
        authentication: ModelListingEndpoint.Authentication
    ) throws {
        let endpoint = try listing(id, environment)
        #expect(endpoint.baseURL == base && endpoint.path == path && endpoint.authentication == authentication)
    }

    @Test func `every provider that can be chosen has a list, or says why not`() throws {
        for id in ProviderRegistry.chat.built {
            do { _ = try SettingsSnapshot(environment: [:]).modelListing(id) } catch let error {
                #expect(error.code == .unavailable && !error.message.isEmpty, "\(id)")
            }
        }
        let none = #expect(throws: ServiceError.self) { try SettingsSnapshot.empty.modelListing("excel") }
        #expect(none?.code == .notFound)
        let azure = #expect(throws: ServiceError.self) { try SettingsSnapshot.empty.modelListing("azure") }
        #expect(azure?.message == "Azure does not list deployments; Azure's portal does.")
    }

    @Test func `a vendor is asked once in a while, and again after a failure or with another key`() async throws {
        let asked = Observed<[ModelListingEndpoint]>([])
        let answers = Observed<[[OfferedModel]?]>([nil, [OfferedModel(id: "a")], [OfferedModel(id: "b")]])
        let settings = Settings(environment: ["LLM_PROVIDER": "mistral", "MISTRAL_API_KEY": "k"])
        let catalog = ModelCatalog(settings: settings) { endpoint, _ in
            asked.change { $0.append(endpoint) }
            return Lister(result: answers.change { $0.removeFirst() })
        }
        await #expect(throws: ServiceError.self) { try await catalog.models(of: nil) }
        for _ in 0..<2 {
            let listing = try await catalog.models(of: nil)
            #expect(listing.provider == "mistral" && listing.models.map(\.id) == ["a"])
        }
        #expect(asked.value.count == 2)
        settings.apply([SettingChange(variable: "MISTRAL_API_KEY", value: "other", isSecret: true)])
        #expect(try await catalog.models(of: "mistral").models.map(\.id) == ["b"])
        let nobody = try await catalog.models(of: "extractive")
        #expect(nobody.models.isEmpty && asked.value.count == 3)
    }
}
