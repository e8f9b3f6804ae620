package import Domain
import Synchronization

/// Owns the embedder in use, for everybody.
///
/// Questions go to the embedder at once. Passages wait in a queue for each embedder and are embedded a batch at a time, those of
/// several requests together and long ones with long ones, so that a bulk upload never holds up a question for longer than
/// the batch that is being computed, and an embedder that is slow or silent holds up nobody who uses another. Both are
/// embedded in one normal form, `String.compatible`.
package final class EmbeddingService: Sendable {
    private let current: Mutex<any Embedder>
    /// By the embedder's fingerprint.
    private let passages = Mutex<[String: PassageQueue]>([:])

    package init(_ embedder: any Embedder) { current = Mutex(embedder) }

    package var embedder: any Embedder { current.withLock { $0 } }

    package var model: EmbeddingModel { embedder.model }

    /// Puts another embedder in the place of the one in use; batches under way end with the old one.
    package func replace(with embedder: any Embedder) { current.withLock { $0 = embedder } }

    /// One embedding for each question, in order; together they take hardly longer than one of them.
    package func embed(queries: [String], with embedder: any Embedder) async throws -> [Embedding] {
        let embeddings = try await embedder.embed(queries.map(\.compatible), as: .query)
        guard embeddings.count == queries.count else {
            throw ServiceError(.upstream, "The embedding model gave no vector for the question.")
        }
        return embeddings
    }

    /// Embeds passages in order with `embedder`, in their turn among those of other requests.
    ///
    /// - Parameter waitingLimit: passages that may wait with these; `nil` for jobs, which are few and bring a few at a time.
    /// - Throws: `unavailable` where more would wait.
    package func embed(
        passages texts: [String], with embedder: any Embedder, waitingLimit: Int? = nil
    ) async throws -> [Embedding] {
        guard !texts.isEmpty else { return [] }
        return try await queue(for: embedder).embed(
            texts.map(\.compatible), with: embedder, waitingLimit: waitingLimit)
    }

    /// Passages of clients that wait at most: minutes of work, and some tens of megabytes of text.
    package static let clientLimit = 1 << 15

    private func queue(for embedder: any Embedder) -> PassageQueue {
        passages.withLock { queues in
            let fingerprint = embedder.model.fingerprint
            if let queue = queues[fingerprint] { return queue }
            let queue = PassageQueue()
            queues[fingerprint] = queue
            return queue
        }
    }

    /// How many requests for passages are not answered yet.
    package var waitingRequests: Int {
        get async {
            var count = 0
            for queue in passages.withLock({ Array($0.values) }) { count += await queue.waitingRequests }
            return count
        }
    }
}

/// The passages of one embedder that wait. One batch is under way at a time: an embedder in process uses every core for it, and
/// a remote one is not flooded.
private actor PassageQueue {
    /// A text that waits, and where its embedding goes.
    private struct Entry {
        let text: String
        let request: Int
        let place: Int
    }

    private struct Request {
        let embedder: any Embedder
        var embeddings: [Embedding?]
        var missing: Int
        let continuation: CheckedContinuation<[Embedding], any Error>
    }

    private var entries: [Entry] = []
    private var requests: [Int: Request] = [:]
    var waitingRequests: Int { requests.count }
    private var nextRequest = 0
    private let metrics = EmbeddingMetrics()
    private var isDraining = false
    private var batchUnderWay: (task: Task<[Embedding], any Error>, requests: Set<Int>)?

    func embed(
        _ texts: [String], with embedder: any Embedder, waitingLimit: Int?
    ) async throws -> [Embedding] {
        if let waitingLimit, entries.count + texts.count > waitingLimit {
            throw ServiceError(
                .unavailable, "\(entries.count) texts wait to be embedded already. Try again in a while.",
                retryAfter: 30)
        }
        let id = nextRequest
        nextRequest += 1
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                requests[id] = Request(
                    embedder: embedder, embeddings: Array(repeating: nil, count: texts.count), missing: texts.count,
                    continuation: continuation)
                for (place, text) in texts.enumerated() { entries.append(Entry(text: text, request: id, place: place)) }
                if Task.isCancelled { fail(id, CancellationError()) }
                startDraining()
            }
        } onCancel: {
            Task { await self.fail(id, CancellationError()) }
        }
    }

    private func startDraining() {
        guard !isDraining, !entries.isEmpty else { return }
        isDraining = true
        Task { await drain() }
    }

    private func drain() async {
        while let batch = nextBatch() {
            metrics.passagesAreWaiting(entries.count)
            guard let embedder = requests[batch[0].request]?.embedder else { continue }
            do {
                let embeddings = try await embeddings(of: batch, with: embedder)
                guard embeddings.count == batch.count else {
                    throw ServiceError(
                        .upstream, "The embedding model gave \(embeddings.count) vectors for \(batch.count) texts.")
                }
                for (entry, embedding) in zip(batch, embeddings) { deliver(embedding, to: entry) }
            } catch {
                // Whose text it was cannot be told apart, and a remote model that fails once fails for all of them.
                for request in Set(batch.map(\.request)) { fail(request, error) }
            }
        }
        isDraining = false
    }

    /// In a task of its own, which ends when the last request that waits for it is gone: an embedder that is silent would
    /// hold up the whole queue for nobody.
    private func embeddings(of batch: [Entry], with embedder: any Embedder) async throws -> [Embedding] {
        let texts = batch.map(\.text)
        let task = Task { [metrics] in
            try await metrics.measure(texts.count) { try await embedder.embed(texts, as: .passage) }
        }
        batchUnderWay = (task, Set(batch.map(\.request)))
        defer { batchUnderWay = nil }
        return try await task.value
    }

    /// Waiting texts, longest first, as many as the embedder likes to have at once: of each request its share, then
    /// the oldest, so that a few texts do not wait for all of a large document's.
    private func nextBatch() -> [Entry]? {
        guard let first = entries.first, let embedder = requests[first.request]?.embedder else { return nil }
        let size = max(1, embedder.preferredBatchSize)
        let share = max(1, size / max(1, requests.count))
        var taken: [Int: Int] = [:]
        var chosen: [Int] = []
        var rest: [Int] = []
        for index in entries.indices where chosen.count < size {
            let request = entries[index].request
            if taken[request, default: 0] < share {
                taken[request, default: 0] += 1
                chosen.append(index)
            } else if rest.count < size {
                rest.append(index)
            }
        }
        chosen = (chosen + rest.prefix(size - chosen.count)).sorted()
        let batch = chosen.map { entries[$0] }
        for index in chosen.reversed() { entries.remove(at: index) }
        return batch.sorted { $0.text.utf8.count > $1.text.utf8.count }
    }

    private func deliver(_ embedding: Embedding, to entry: Entry) {
        guard var request = requests[entry.request] else { return }
        request.embeddings[entry.place] = embedding
        request.missing -= 1
        guard request.missing == 0 else { return requests[entry.request] = request }
        requests[entry.request] = nil
        request.continuation.resume(returning: request.embeddings.compactMap(\.self))
    }

    private func fail(_ id: Int, _ error: any Error) {
        guard let request = requests.removeValue(forKey: id) else { return }
        entries.removeAll { $0.request == id }
        batchUnderWay?.requests.remove(id)
        if let batchUnderWay, batchUnderWay.requests.isEmpty { batchUnderWay.task.cancel() }
        request.continuation.resume(throwing: error)
    }
}
