package import AsyncHTTPClient
package import Domain
import NIOCore
import OrderedJSON
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A model outside this process that judges results, behind any endpoint that speaks one of the rerank dialects.
package final class RemoteReranker: Reranker {
    /// In bytes: the scores of a thousand texts, and the texts themselves, which some servers send back unasked.
    private static let maximumAnswerLength = 64 * 1024 * 1024
    /// Requests under way for one search.
    private static let concurrency = 4

    private let endpoint: RerankEndpoint
    private let connection: ProviderConnection
    /// Whether a score has been outside 0...1. A server that gives logits once gives them always, and two searches whose
    /// scores were counted differently could not be compared.
    private let givesLogits = Mutex(false)

    /// - Parameter client: made with `HTTPClient.Configuration.modelProviders` and the same `timeouts`; the caller keeps it
    ///   and shuts it down.
    package init(
        endpoint: RerankEndpoint, client: HTTPClient, timeouts: ProviderTimeouts = ProviderTimeouts(),
        retries: RetryPolicy = RetryPolicy()
    ) {
        self.endpoint = endpoint
        connection = ProviderConnection(
            name: endpoint.label, baseURL: endpoint.baseURL, apiKey: endpoint.apiKey, customHeaders: CustomHeaders(),
            timeouts: timeouts, retries: retries, client: client)
    }

    /// What a request costs in the way of time is not known before; those that are under way at the deadline are given up.
    package func scores(
        _ question: String, candidates: [RerankCandidate], until deadline: ContinuousClock.Instant
    ) async throws -> [Double] {
        let texts = candidates.map(\.text)
        let starts = Array(stride(from: 0, to: texts.count, by: endpoint.batchSize))
        let batches = starts.map { Array(texts[$0..<min($0 + endpoint.batchSize, texts.count)]) }
        return mapped(try await judged(batches, by: question, until: deadline))
    }

    private enum Event {
        case judged(batch: Int, scores: [Double])
        case timeIsUp
    }

    /// The scores of the first batches, as many as are there at the deadline.
    private func judged(
        _ batches: [[String]], by question: String, until deadline: ContinuousClock.Instant
    ) async throws -> [Double] {
        var found = [[Double]?](repeating: nil, count: batches.count)
        try await withThrowingTaskGroup(of: Event.self) { group in
            group.addTask {
                try await Task.sleep(until: deadline, clock: .continuous)
                return .timeIsUp
            }
            var waiting = batches.indices
            func startNext() {
                guard let batch = waiting.popFirst() else { return }
                group.addTask { .judged(batch: batch, scores: try await self.scores(batches[batch], by: question)) }
            }
            for _ in 0..<Self.concurrency { startNext() }
            while found.contains(where: { $0 == nil }), let event = try await group.next() {
                guard case .judged(let batch, let scores) = event else { break }
                found[batch] = scores
                startNext()
            }
            group.cancelAll()
        }
        return found.prefix { $0 != nil }.compactMap(\.self).flatMap(\.self)
    }

    private func scores(_ texts: [String], by question: String) async throws -> [Double] {
        let request = RerankRequest(
            dialect: endpoint.dialect, modelID: endpoint.modelID, question: question, texts: texts)
        let response = try await connection.post(request.body, to: "rerank")
        let body = try await response.body.collect(upTo: Self.maximumAnswerLength)
        guard let json = try? JSON(parsing: body.readableBytesView) else { throw connection.unusable("is not JSON") }
        if let error = json["error"], error != .null { throw connection.reported(ProviderMessage.extract(from: json)) }
        do { return try RerankResponse(json, count: texts.count).scores } catch {
            throw connection.unusable(error.description)
        }
    }

    /// Each score as 0...1, in the same order: logits, as llama.cpp gives them, by the logistic function, which models that
    /// give 0...1 have applied themselves.
    private func mapped(_ scores: [Double]) -> [Double] {
        let areLogits = givesLogits.withLock { givesLogits in
            if !scores.allSatisfy((0...1).contains) { givesLogits = true }
            return givesLogits
        }
        return areLogits ? scores.map { 1 / (1 + exp(-$0)) } : scores
    }
}
