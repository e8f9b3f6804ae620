package import AsyncHTTPClient
package import Domain
import FoundationEssentials
import NIOCore
import OrderedJSON
import Synchronization

/// A model behind any endpoint that speaks OpenAI's embeddings dialect.
package final class OpenAICompatibleEmbedder: Embedder {
    /// In bytes: a thousand vectors of 4,096 numbers, written as text.
    private static let maximumResponseLength = 64 * 1024 * 1024

    private let endpoint: EmbeddingsEndpoint
    private let connection: ProviderConnection
    private let fingerprint: String
    /// Known from the configuration or from the first answer on; every later answer must agree.
    private let dimensions: Mutex<Int?>

    /// - Parameter client: made with `HTTPClient.Configuration.modelProviders` and the same `timeouts`; the caller keeps it
    ///   and shuts it down.
    package init(
        endpoint: EmbeddingsEndpoint, client: HTTPClient, timeouts: ProviderTimeouts = ProviderTimeouts(),
        retries: RetryPolicy = RetryPolicy()
    ) {
        self.endpoint = endpoint
        fingerprint = endpoint.fingerprint
        dimensions = Mutex(endpoint.dimensions)
        connection = ProviderConnection(
            name: endpoint.label, baseURL: endpoint.baseURL, apiKey: endpoint.apiKey,
            customHeaders: endpoint.customHeaders, timeouts: timeouts, retries: retries, client: client)
    }

    package var preferredBatchSize: Int { endpoint.batchSize }

    package var model: EmbeddingModel {
        EmbeddingModel(
            id: endpoint.modelID ?? "", fingerprint: fingerprint, dimensions: dimensions.withLock(\.self),
            maximumInputTokens: nil, maximumChunkLength: endpoint.maximumChunkLength)
    }

    /// Sends one batch after the other; the first that fails for good fails all of them.
    package func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        var embeddings: [Embedding] = []
        embeddings.reserveCapacity(texts.count)
        for start in stride(from: 0, to: texts.count, by: endpoint.batchSize) {
            if start > 0, endpoint.batchDelay > .zero { try await Task.sleep(for: endpoint.batchDelay) }
            let batch = texts[start..<min(start + endpoint.batchSize, texts.count)]
            do { embeddings += try await embed(batch, as: role) } catch let error as ServiceError {
                // The wording is AnythingLLM's; people search for it.
                let message = "\(endpoint.label) Failed to embed: \(error.message)"
                throw ServiceError(error.code, message, cause: error.cause)
            }
        }
        return embeddings
    }

    /// Only the remote side knows.
    package func tokenCount(_ text: String) -> Int? { nil }

    private func embed(_ batch: ArraySlice<String>, as role: EmbeddingRole) async throws -> [Embedding] {
        let response = try await connection.post(request(for: batch, as: role), to: "embeddings")
        let body = try await response.body.collect(upTo: Self.maximumResponseLength)
        let answer: EmbeddingsResponse
        do { answer = try JSONDecoder().decode(EmbeddingsResponse.self, from: Data(body.readableBytesView)) } catch {
            throw reported(in: body) ?? connection.unusable("holds no embeddings")
        }
        do {
            let vectors = try answer.vectors(count: batch.count, dimensions: dimensions.withLock(\.self))
            try agree(on: vectors)
            return vectors.map(Embedding.init)
        } catch { throw connection.unusable(error.description) }
    }

    /// Two first answers may arrive at once; the later one is held to the earlier.
    private func agree(on vectors: [[Float]]) throws(EmbeddingsResponse.Defect) {
        guard let found = vectors.first?.count else { return }
        let known = dimensions.withLock { dimensions in
            dimensions = dimensions ?? found
            return dimensions
        }
        if found != known {
            throw EmbeddingsResponse.Defect(description: "has another number of dimensions than before")
        }
    }

    private func request(for batch: ArraySlice<String>, as role: EmbeddingRole) -> JSON {
        let prefix = role == .query ? endpoint.queryPrefix : endpoint.passagePrefix
        var body = JSONObject()
        body["model"] = endpoint.modelID.map(JSON.string)
        body["input"] = .array(batch.map { .string(prefix + $0) })
        body["encoding_format"] = (endpoint.encodingFormat?.rawValue).map(JSON.string)
        body["dimensions"] = endpoint.dimensions.map { .integer(Int64($0)) }
        return .object(body)
    }

    /// Some servers put their errors into an answer of status 200.
    private func reported(in body: ByteBuffer) -> ServiceError? {
        guard let json = try? JSON(parsing: body.readableBytesView), json["error"] != nil else { return nil }
        return connection.reported(ProviderMessage.extract(from: json))
    }
}
