/// When a request that failed before its first byte is sent again, and after how long.
package struct RetryPolicy: Sendable {
    /// Attempts after the first one (`ANYTHINGLLM_MAX_RETRIES`).
    package var maximumRetries: Int
    /// Before the first retry; doubled for each one after it.
    package var firstDelay: Duration
    /// The longest pause, both our own and one that the provider asks for. A provider which wants a longer one has refused.
    package var maximumDelay: Duration

    package init(
        maximumRetries: Int = 2, firstDelay: Duration = .milliseconds(500), maximumDelay: Duration = .seconds(20)
    ) {
        self.maximumRetries = maximumRetries
        self.firstDelay = firstDelay
        self.maximumDelay = maximumDelay
    }

    package static let never = RetryPolicy(maximumRetries: 0)

    /// The pause before retry number `retry` (from 0), or `nil` where the failure stands.
    /// - Parameter retryAfter: what the provider asks for, if it does.
    func delay(beforeRetry retry: Int, retryAfter: Duration?) -> Duration? {
        guard retry < maximumRetries else { return nil }
        if let retryAfter { return retryAfter <= maximumDelay ? retryAfter : nil }
        let backOff = min(firstDelay * (1 << min(retry, 16)), maximumDelay)
        // Spread, so that requests which failed together do not come back together.
        return backOff * Double.random(in: 0.75...1)
    }

    /// Statuses that may be gone at the next attempt. 529 is what overloaded providers answer that stand behind Cloudflare.
    static func isTransient(status: Int) -> Bool {
        [408, 429, 500, 502, 503, 504, 529].contains(status)
    }
}
