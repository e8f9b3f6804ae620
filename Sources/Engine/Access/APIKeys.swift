import Crypto
import Domain
package import Persistence
import Synchronization

/// Makes, finds and revokes API keys. A key is shown once, when it is made; only its hash is stored.
package final class APIKeys: Sendable {
    private let store: APIKeyStore
    private let verdicts = Mutex<[String: Verdict]>([:])

    private struct Verdict {
        let isKnown: Bool
        let expiry: ContinuousClock.Instant
    }

    /// How long a verdict holds without looking into the database: a key that another process revokes dies within it.
    private static let validity = Duration.seconds(1)
    /// Entries after which the memory of verdicts is emptied, so that guessing cannot fill it.
    private static let maximumVerdicts = 10_000

    package init(store: APIKeyStore) { self.store = store }

    /// Makes a key and returns it; it cannot be read again.
    package func create(name: String?) async throws -> (key: String, entry: APIKeyStore.Entry) {
        let key = Self.randomKey()
        let entry = try await store.insert(
            hash: Self.hash(of: key), prefix: String(key.prefix(7)), name: name, at: .now)
        return (key, entry)
    }

    package func all() async throws -> [APIKeyStore.Entry] { try await store.all() }

    /// `nil` where there is no such key.
    package func revoke(id: Int64) async throws -> APIKeyStore.Entry? {
        let entry = try await store.delete(id: id)
        verdicts.withLock { $0.removeAll() }
        return entry
    }

    /// Whether this is a key. Compares hashes, so the time it takes says nothing about how near a guess was.
    package func isKnown(_ key: String) async throws -> Bool {
        let hash = Self.hash(of: key)
        let now = ContinuousClock.now
        if let verdict = verdicts.withLock({ $0[hash] }), now < verdict.expiry { return verdict.isKnown }
        let isKnown = try await store.find(hash: hash) != nil
        verdicts.withLock { verdicts in
            if verdicts.count >= Self.maximumVerdicts { verdicts.removeAll() }
            verdicts[hash] = Verdict(isKnown: isKnown, expiry: now + Self.validity)
        }
        return isKnown
    }

    private static func hash(of key: String) -> String { SHA256.hash(data: Array(key.utf8)).hexadecimal }

    /// Four groups of seven characters of Crockford's base 32: 140 random bits.
    private static func randomKey() -> String {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        var generator = SystemRandomNumberGenerator()
        let groups = (0..<4).map { _ in
            String((0..<7).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] })
        }
        return groups.joined(separator: "-")
    }
}
