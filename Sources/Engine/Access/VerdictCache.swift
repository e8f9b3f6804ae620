import Crypto
import Synchronization

/// Remembers for a moment whom a secret lets in, so that a busy client costs no look into the database at each request.
///
/// What another process revokes dies within `validity`.
final class VerdictCache: Sendable {
    private let entries = Mutex<[SHA256Digest: (verdict: CallerCredential.Verdict, expiry: ContinuousClock.Instant)]>(
        [:])

    private static var validity: Duration { .milliseconds(500) }
    /// Entries after which the memory is emptied, so that guessing cannot fill it.
    private static var capacity: Int { 10_000 }

    subscript(credential: CallerCredential) -> CallerCredential.Verdict? {
        let now = ContinuousClock.now
        return entries.withLock { entries in
            guard let entry = entries[credential.digest], now < entry.expiry else { return nil }
            return entry.verdict
        }
    }

    func remember(_ verdict: CallerCredential.Verdict, on credential: CallerCredential) {
        let expiry = ContinuousClock.now + Self.validity
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries.removeAll() }
            entries[credential.digest] = (verdict, expiry)
        }
    }

    func forgetAll() { entries.withLock { $0.removeAll() } }
}
