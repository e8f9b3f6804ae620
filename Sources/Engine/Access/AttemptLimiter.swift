package import Domain
import Synchronization

/// Slows guessing down: whoever attempts are counted for may make so many within a time.
///
/// An attempt is counted before it is looked at, so that those which come at once count as well, and given back where it was right.
package final class AttemptLimiter: Sendable {
    /// Whom an attempt is counted for, and how many may be made.
    package struct Subject: Sendable {
        let name: String
        let maximum: Int

        package init(_ name: String, maximum: Int) {
            self.name = name
            self.maximum = maximum
        }
    }

    private let window: Duration
    private let attempts = Mutex<[String: [ContinuousClock.Instant]]>([:])

    /// Subjects that are remembered; beyond it, those whose attempts are over make way.
    private static let capacity = 10_000

    package init(within window: Duration) { self.window = window }

    /// Counts an attempt.
    ///
    /// - Throws: `tooMany` with the time to wait, where any of the subjects has made too many; none is counted then.
    package func take(_ subjects: [Subject]) throws(ServiceError) {
        let now = ContinuousClock.now
        let wait = attempts.withLock { attempts -> Duration? in
            if attempts.count > Self.capacity {
                attempts = attempts.filter { $0.value.last.map { $0 + window > now } ?? false }
                if attempts.count > Self.capacity { attempts.removeAll() }
            }
            var wait: Duration?
            for subject in subjects {
                let times = attempts[subject.name, default: []].filter { $0 + window > now }
                attempts[subject.name] = times
                if times.count >= subject.maximum, let first = times.first {
                    wait = max(wait ?? .zero, first + window - now)
                }
            }
            if wait == nil {
                for subject in subjects { attempts[subject.name, default: []].append(now) }
            }
            return wait
        }
        guard let wait else { return }
        throw ServiceError(
            .tooMany, "Too many attempts. Try again later.", retryAfter: max(1, Int(wait.components.seconds) + 1))
    }

    /// The attempt was right: it does not count, and others may have been.
    package func giveBack(_ subjects: [Subject]) {
        attempts.withLock { attempts in
            for subject in subjects where attempts[subject.name]?.isEmpty == false {
                attempts[subject.name]?.removeLast()
            }
        }
    }
}

extension AttemptLimiter.Subject {
    /// For attempts to be somebody: few from one address, more for the name from wherever they come and for the address
    /// whomever they name, so that neither can be tried for long and few mistakes lock nobody else out.
    static func signIn(as name: String) -> [AttemptLimiter.Subject] {
        let name = String(name.prefix(256))
        let address = ClientAddress.current ?? ""
        return [
            .init("\(name) from \(address)", maximum: 10), .init("name \(name)", maximum: 100),
            .init("address \(address)", maximum: 100),
        ]
    }

    /// For attempts with codes that nobody has.
    static func guess(_ kind: String, maximum: Int) -> [AttemptLimiter.Subject] {
        [.init("\(kind) from \(ClientAddress.current ?? "")", maximum: maximum)]
    }
}
