import AsyncHTTPClient
import Domain
import ModelProviders
import TestSupport

/// An embedder that asks a fake provider, for as long as `body` runs.
func withEmbedder<Result>(
    retries: RetryPolicy = .never, configure: (inout EmbeddingsEndpoint) -> Void = { _ in },
    _ body: (FakeProvider, RemoteEmbedder) async throws -> Result
) async throws -> Result {
    try await FakeProvider.run { provider in
        var endpoint = EmbeddingsEndpoint.generic(baseURL: provider.baseURL, apiKey: nil, modelID: "m")
        configure(&endpoint)
        return try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
            try await body(provider, RemoteEmbedder(endpoint: endpoint, client: client, retries: retries))
        }
    }
}
