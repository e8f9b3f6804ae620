import Dispatch
import Domain
import Synchronization

/// Queries in line for one thread. Those that have come while it was busy are embedded together.
final class QueryLine: Sendable {
    private struct Request {
        let texts: [String]
        let continuation: CheckedContinuation<[Embedding], any Error>
    }

    private struct State {
        var waiting: [Request] = []
        var isBusy = false
    }

    private let maximumBatch: Int
    private let compute: @Sendable ([String]) throws -> [Embedding]
    private let queue = DispatchQueue(label: "bert.queries", qos: .userInitiated)
    private let state = Mutex(State())

    /// - Parameters:
    ///   - maximumBatch: texts that are embedded together, unless one request has more.
    ///   - compute: one embedding for each text, in order.
    init(maximumBatch: Int, compute: @escaping @Sendable ([String]) throws -> [Embedding]) {
        self.maximumBatch = maximumBatch
        self.compute = compute
    }

    func embed(_ texts: [String]) async throws -> [Embedding] {
        try await withCheckedThrowingContinuation { continuation in
            let isBusy = state.withLock { state in
                state.waiting.append(Request(texts: texts, continuation: continuation))
                defer { state.isBusy = true }
                return state.isBusy
            }
            if !isBusy { queue.async { self.drain() } }
        }
    }

    private func drain() {
        while case let requests = nextBatch(), !requests.isEmpty {
            do {
                var embeddings = try compute(requests.flatMap(\.texts))[...]
                for request in requests {
                    request.continuation.resume(returning: Array(embeddings.prefix(request.texts.count)))
                    embeddings.removeFirst(request.texts.count)
                }
            } catch {
                for request in requests { request.continuation.resume(throwing: error) }
            }
        }
    }

    /// The oldest requests; none of them means that the line is empty and no longer busy.
    private func nextBatch() -> [Request] {
        state.withLock { state in
            var count = 0
            let batch = state.waiting.prefix { request in
                count += request.texts.count
                return count <= maximumBatch
            }
            let size = max(batch.count, min(1, state.waiting.count))
            let requests = Array(state.waiting.prefix(size))
            state.waiting.removeFirst(size)
            state.isBusy = size > 0
            return requests
        }
    }
}
