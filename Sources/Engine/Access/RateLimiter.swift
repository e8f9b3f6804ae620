package import Domain
import Synchronization

/// Lets each subject ask so many times a minute, in bursts of at most as many: a token bucket for each.
package final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var filled: ContinuousClock.Instant
    }

    private let buckets = Mutex<[String: Bucket]>([:])

    /// Subjects that are remembered; beyond it, those whose buckets are full again make way.
    private static let capacity = 10_000

    package init() {}

    /// - Throws: `tooMany` with the time to wait.
    package func take(_ subject: String, perMinute limit: Int, at now: ContinuousClock.Instant = .now)
        throws(ServiceError)
    {
        let limit = Double(max(1, limit))
        let wait = buckets.withLock { buckets -> Double? in
            if buckets.count > Self.capacity { buckets = buckets.filter { now - $0.value.filled < .seconds(60) } }
            if buckets.count > Self.capacity { buckets.removeAll() }
            var bucket = buckets[subject] ?? Bucket(tokens: limit, filled: now)
            let elapsed = (now - bucket.filled) / .seconds(1)
            bucket.tokens = min(limit, bucket.tokens + max(0, elapsed) * limit / 60)
            bucket.filled = now
            defer { buckets[subject] = bucket }
            guard bucket.tokens < 1 else {
                bucket.tokens -= 1
                return nil
            }
            return (1 - bucket.tokens) * 60 / limit
        }
        guard let wait else { return }
        throw ServiceError(
            .tooMany, "Too many requests. Try again in a moment.", retryAfter: Int(wait.rounded(.up)))
    }
}
