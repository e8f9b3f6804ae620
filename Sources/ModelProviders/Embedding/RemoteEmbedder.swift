package import AsyncHTTPClient
package import Domain
import FoundationEssentials
import NIOCore
import OrderedJSON
import Synchronization

/// A model behind any endpoint that speaks one of the dialects of embeddings.
package final class RemoteEmbedder: Embedder {
    /// In bytes: a thousand vectors of 4,096 numbers, written as text.
    private static let maximumResponseLength = 64 * 1024 * 1024

    private let endpoint: EmbeddingsEndpoint
    private let connection: ProviderConnection
    private let tokens: TokenCounter
    private let fingerprint: String
    /// Known from the configuration or from the first answer on; every later answer must agree.
    private let dimensions: Mutex<Int?>

    /// - Parameters:
    ///   - client: made with `HTTPClient.Configuration.modelProviders` and the same `timeouts`; the caller keeps it and
    ///     shuts it down.
    ///   - tokens: what texts are held to the endpoint's limits by.
    package init(
        endpoint: EmbeddingsEndpoint, client: HTTPClient, timeouts: ProviderTimeouts = ProviderTimeouts(),
        retries: RetryPolicy = RetryPolicy(), tokens: TokenCounter = .estimate
    ) {
        self.endpoint = endpoint
        self.tokens = tokens
        fingerprint = endpoint.fingerprint
        dimensions = Mutex(endpoint.dimensions)
        connection = ProviderConnection(
            name: endpoint.label, baseURL: endpoint.baseURL, apiKey: endpoint.apiKey,
            keyHeader: endpoint.keyHeader.map(ProviderConnection.KeyHeader.named) ?? .bearer,
            customHeaders: endpoint.customHeaders, timeouts: timeouts, retries: retries, client: client)
    }

    /// Enough for all requests that may be under way at once.
    package var preferredBatchSize: Int { endpoint.batchSize * endpoint.concurrency }

    package var model: EmbeddingModel {
        EmbeddingModel(
            id: endpoint.modelID ?? "", fingerprint: fingerprint, dimensions: dimensions.withLock(\.self),
            maximumInputTokens: endpoint.maximumInputTokens, maximumChunkLength: endpoint.maximumChunkLength)
    }

    /// Only the remote side knows exactly; where it has a limit, this is what it is kept by.
    package func tokenCount(_ text: String) -> Int? {
        endpoint.maximumInputTokens == nil ? nil : tokens.tokens(in: text)
    }

    /// Each batch is tried again by itself; the first that fails for good fails all of them.
    package func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        let prefix = role == .query ? endpoint.queryPrefix : endpoint.passagePrefix
        let batches = batches(of: texts.map { within(limit: prefix + $0) })
        do {
            return try await embeddings(of: batches, as: role)
        } catch let error as ServiceError {
            // The wording is AnythingLLM's; people search for it.
            let message = "\(endpoint.label) Failed to embed: \(error.message)"
            throw ServiceError(
                error.code, message, retryAfter: error.retryAfter, providerStatus: error.providerStatus,
                cause: error.cause)
        }
    }

    // MARK: Batches

    private func within(limit text: String) -> String {
        // A token has at least one byte, so short texts need no counting.
        guard let limit = endpoint.maximumInputTokens, text.utf8.count > limit else { return text }
        return String(tokens.prefix(of: text, tokens: limit))
    }

    /// As many texts together as one request may have, by their number and their tokens.
    private func batches(of texts: [String]) -> [[String]] {
        var batches: [[String]] = []
        var batch: [String] = []
        var length = 0
        for text in texts {
            let count = endpoint.batchTokens == nil ? 0 : tokens.tokens(in: text)
            let isFull = batch.count == endpoint.batchSize || length + count > endpoint.batchTokens ?? Int.max
            if isFull, !batch.isEmpty {
                batches.append(batch)
                (batch, length) = ([], 0)
            }
            batch.append(text)
            length += count
        }
        return batch.isEmpty ? batches : batches + [batch]
    }

    private func embeddings(of batches: [[String]], as role: EmbeddingRole) async throws -> [Embedding] {
        if endpoint.concurrency == 1 || batches.count == 1 {
            var embeddings: [Embedding] = []
            for (place, batch) in batches.enumerated() {
                if place > 0, endpoint.batchDelay > .zero { try await Task.sleep(for: endpoint.batchDelay) }
                embeddings += try await ask(batch, as: role)
            }
            return embeddings
        }
        return try await withThrowingTaskGroup(of: (place: Int, embeddings: [Embedding]).self) { group in
            var found = [[Embedding]](repeating: [], count: batches.count)
            var waiting = batches.indices
            func startNext() {
                guard let place = waiting.popFirst() else { return }
                group.addTask { (place, try await self.ask(batches[place], as: role)) }
            }
            for _ in 0..<endpoint.concurrency { startNext() }
            while let batch = try await group.next() {
                found[batch.place] = batch.embeddings
                startNext()
            }
            return found.flatMap(\.self)
        }
    }

    // MARK: One request

    private func ask(_ batch: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        let request = EmbeddingsRequest(endpoint: endpoint, texts: batch, role: role)
        let response = try await connection.post(request.body, to: request.path)
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

    /// Some servers put their errors into an answer of status 200.
    private func reported(in body: ByteBuffer) -> ServiceError? {
        guard let json = try? JSON(parsing: body.readableBytesView), let error = json["error"], error != .null else {
            return nil
        }
        return connection.reported(ProviderMessage.extract(from: json))
    }
}
