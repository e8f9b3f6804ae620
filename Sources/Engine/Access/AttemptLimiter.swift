package import Domain
import Synchronization

/// Slows guessing down: after a number of failures within a time, whoever they are counted for has to wait.
package final class AttemptLimiter: Sendable {
    private let maximum: Int
    private let window: Duration
    private let failures = Mutex<[String: [ContinuousClock.Instant]]>([:])

    /// Subjects that are remembered; beyond it, those whose failures are over make way.
    private static let capacity = 10_000

    package init(maximum: Int, within window: Duration) {
        self.maximum = maximum
        self.window = window
    }

    /// - Throws: `tooMany` with the time to wait, where any of the subjects has failed too often.
    package func check(_ subjects: [String]) throws(ServiceError) {
        let now = ContinuousClock.now
        let wait = failures.withLock { failures -> Duration? in
            subjects.compactMap { subject -> Duration? in
                guard let times = failures[subject], times.count >= maximum, let first = times.first else { return nil }
                let rest = first + window - now
                return rest > .zero ? rest : nil
            }.max()
        }
        guard let wait else { return }
        throw ServiceError(
            .tooMany, "Too many attempts. Try again later.", retryAfter: max(1, Int(wait.components.seconds) + 1))
    }

    package func recordFailure(of subjects: [String]) {
        let now = ContinuousClock.now
        failures.withLock { failures in
            for subject in subjects {
                var times = failures[subject, default: []].filter { $0 + window > now }
                times.append(now)
                failures[subject] = times.suffix(maximum)
            }
            guard failures.count > Self.capacity else { return }
            failures = failures.filter { $0.value.last.map { $0 + window > now } ?? false }
            if failures.count > Self.capacity { failures.removeAll() }
        }
    }

    package func forget(_ subjects: [String]) {
        failures.withLock { failures in
            for subject in subjects { failures[subject] = nil }
        }
    }
}
