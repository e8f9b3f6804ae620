import Metrics

/// How a provider answers, for whoever looks at the metrics.
enum ProviderMetrics {
    /// Measures one attempt, up to the head of the answer; one that is cancelled is no failure.
    static func measure<Value>(_ provider: String, _ attempt: () async throws -> Value) async throws -> Value {
        let dimensions = [("provider", provider)]
        let start = ContinuousClock.now
        do {
            let value = try await attempt()
            Timer(label: "lectern_provider_response_seconds", dimensions: dimensions)
                .recordNanoseconds(Int64(start.duration(to: .now) / .nanoseconds(1)))
            return value
        } catch let failure as ProviderFailure {
            Counter(label: "lectern_provider_failures_total", dimensions: dimensions).increment()
            throw failure
        }
    }
}
