import Metrics

/// What the embedder does, for whoever looks at the metrics.
struct EmbeddingMetrics: Sendable {
    private let passages = Counter(label: "lectern_embedded_passages_total")
    private let failures = Counter(label: "lectern_embedding_failures_total")
    private let batches = Timer(label: "lectern_embedding_batch_duration_seconds")
    private let waiting = Meter(label: "lectern_embedding_waiting_passages")

    /// Measures a batch; one that is cancelled is no failure.
    func measure<Value>(_ count: Int, _ batch: () async throws -> Value) async throws -> Value {
        let start = ContinuousClock.now
        do {
            let value = try await batch()
            passages.increment(by: count)
            batches.recordNanoseconds(Int64(start.duration(to: .now) / .nanoseconds(1)))
            return value
        } catch {
            if !(error is CancellationError) { failures.increment() }
            throw error
        }
    }

    func passagesAreWaiting(_ count: Int) { waiting.set(count) }
}
