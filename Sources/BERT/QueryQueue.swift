import Concurrency
import Dispatch
import Domain
import Synchronization

/// Queries that wait for one thread. Those that have come while it was busy are embedded together.
///
/// One that would have to wait for too long is refused at once, and one whose task is cancelled leaves the queue.
final class QueryQueue: Sendable {
    /// How long a query may have to wait, by what those before it are expected to take.
    static let maximumWait = 5.0
    /// Seconds that a byte takes until one has been measured: a tenth of a millisecond for a token.
    static let expectedCost = 25e-6

    private struct Request {
        let id: UInt64
        let texts: [String]
        /// About as many bytes as are computed with.
        let cost: Int
        let continuation: CheckedContinuation<[Embedding], any Error>
    }

    private struct State {
        var waiting: [Request] = []
        var isBusy = false
        var nextID: UInt64 = 0
        /// Of what waits and what is being computed.
        var cost = 0
        var secondsPerByte = QueryQueue.expectedCost

        var expectedWait: Double { Double(cost) * secondsPerByte }
    }

    private let maximumBatch: Int
    private let maximumBytes: Int
    private let compute: @Sendable ([String]) throws -> [Embedding]
    private let queue = DispatchQueue(label: "bert.queries", qos: .userInitiated)
    private let state = Mutex(State())

    /// - Parameters:
    ///   - maximumBatch: texts that are embedded together, unless one request has more.
    ///   - maximumBytes: what is read of a text; the rest is not looked at.
    ///   - compute: one embedding for each text, in order.
    init(
        maximumBatch: Int, maximumBytes: Int = .max, compute: @escaping @Sendable ([String]) throws -> [Embedding]
    ) {
        self.maximumBatch = maximumBatch
        self.maximumBytes = maximumBytes
        self.compute = compute
    }

    /// - Throws: `unavailable` with the time to come again where the queue is too long.
    func embed(_ texts: [String]) async throws -> [Embedding] {
        let texts = texts.map { $0.utf8.count <= maximumBytes ? $0 : $0.prefix(utf8Count: maximumBytes) }
        // Words are shorter than the longest that are looked at.
        let cost = texts.reduce(0) { $0 + min($1.utf8.count, maximumBytes / 8) }
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enter(Request(id: id, texts: texts, cost: cost, continuation: continuation))
            }
        } onCancel: {
            leave(id)?.resume(throwing: CancellationError())
        }
    }

    private func enter(_ request: Request) {
        let result: Result<Bool, any Error> = state.withLock { state in
            // Cancelled before this line: the handler has found nobody, so nobody may start to wait.
            if Task.isCancelled { return .failure(CancellationError()) }
            guard state.expectedWait <= Self.maximumWait else {
                let seconds = max(1, Int(state.expectedWait.rounded(.up)))
                return .failure(
                    ServiceError(
                        .unavailable, "Too many questions wait to be embedded. Try again in \(seconds) seconds.",
                        retryAfter: seconds))
            }
            state.waiting.append(request)
            state.cost += request.cost
            defer { state.isBusy = true }
            return .success(state.isBusy)
        }
        switch result {
        case .failure(let error): request.continuation.resume(throwing: error)
        case .success(let isBusy): if !isBusy { queue.async { self.drain() } }
        }
    }

    private func leave(_ id: UInt64) -> CheckedContinuation<[Embedding], any Error>? {
        state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return nil }
            state.cost -= state.waiting[index].cost
            return state.waiting.remove(at: index).continuation
        }
    }

    private func drain() {
        while case let requests = nextBatch(), !requests.isEmpty {
            let start = ContinuousClock.now
            let result = Result { try BackgroundThreads.standingAside { try compute(requests.flatMap(\.texts)) } }
            account(requests.reduce(0) { $0 + $1.cost }, took: ContinuousClock.now - start)
            switch result {
            case .success(let all):
                var embeddings = all[...]
                for request in requests {
                    request.continuation.resume(returning: Array(embeddings.prefix(request.texts.count)))
                    embeddings.removeFirst(request.texts.count)
                }
            case .failure(let error):
                for request in requests { request.continuation.resume(throwing: error) }
            }
        }
    }

    /// Remembers how fast it goes, the latest batches above all. Few bytes say little: the reading of the weights is most of
    /// what they take.
    private func account(_ cost: Int, took duration: Duration) {
        state.withLock { state in
            state.cost -= cost
            guard cost >= 1024 else { return }
            state.secondsPerByte = 0.7 * state.secondsPerByte + 0.3 * (duration / .seconds(1)) / Double(cost)
        }
    }

    /// The oldest requests; none of them means that the queue is empty and no longer busy.
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

extension String {
    /// As many whole characters of Unicode as have at most `count` bytes in UTF-8.
    fileprivate func prefix(utf8Count count: Int) -> String {
        var end = utf8.index(utf8.startIndex, offsetBy: count)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
