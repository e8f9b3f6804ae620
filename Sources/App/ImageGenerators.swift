import AsyncHTTPClient
import Domain
import Engine
import ModelProviders

/// Chooses who makes pictures, by the settings.
struct ImageGenerators: Sendable {
    let settings: Settings
    let client: HTTPClient

    /// Throws `ServiceError` with code `unavailable` where something that the provider needs is not set.
    func generator() throws -> any ImageGenerator {
        let snapshot = settings.snapshot
        let retries = snapshot.integer(for: "ANYTHINGLLM_MAX_RETRIES").map { RetryPolicy(maximumRetries: max(0, $0)) }
        return RemoteImageGenerator(
            endpoint: try endpoint(snapshot), client: client, retries: retries ?? RetryPolicy())
    }

    private func endpoint(_ snapshot: SettingsSnapshot) throws -> ImageEndpoint {
        switch snapshot.value(for: "IMAGE_GEN_PROVIDER") {
        case "openai":
            return .openAI(
                apiKey: try required("IMAGE_GEN_OPENAI_KEY", snapshot), modelID: snapshot.value(for: Self.model))
        case "openrouter":
            return .openRouter(
                apiKey: try required("IMAGE_GEN_OPENROUTER_API_KEY", snapshot),
                modelID: try required(Self.model, snapshot))
        case "ollama":
            return .ollama(
                basePath: try required("IMAGE_GEN_OLLAMA_BASE_PATH", snapshot),
                token: snapshot.value(for: "IMAGE_GEN_OLLAMA_AUTH_TOKEN"), modelID: try required(Self.model, snapshot))
        case "lemonade":
            return .lemonade(
                basePath: try required("IMAGE_GEN_LEMONADE_BASE_PATH", snapshot),
                apiKey: snapshot.value(for: "IMAGE_GEN_LEMONADE_API_KEY"),
                modelID: try required(Self.model, snapshot))
        case let provider:
            throw ServiceError(
                .unavailable, "No valid image generation provider was set. Got: \(provider ?? "undefined")")
        }
    }

    private static let model = "IMAGE_GEN_MODEL_PREF"

    private func required(_ variable: String, _ snapshot: SettingsSnapshot) throws -> String {
        guard let value = snapshot.value(for: variable) else {
            throw ServiceError(.unavailable, "The image generation provider needs \(variable), which is not set.")
        }
        return value
    }
}
