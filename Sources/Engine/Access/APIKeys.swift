import Crypto
package import Domain
package import Persistence
import Synchronization

/// Makes, finds and revokes API keys. A key is shown once, when it is made; only its hash is stored.
package final class APIKeys: Sendable {
    private let store: APIKeyStore
    /// By the hash of the key.
    private let verdicts = Mutex<[SHA256Digest: Verdict]>([:])

    private struct Verdict {
        /// `nil` where there is no such key.
        let key: Caller.APIKey?
        let expiry: ContinuousClock.Instant
    }

    /// How long a verdict holds without looking into the database: a key that another process revokes dies within it.
    private static let validity = Duration.milliseconds(500)
    /// Entries after which the memory of verdicts is emptied, so that guessing cannot fill it.
    private static let maximumVerdicts = 10_000

    package init(store: APIKeyStore) { self.store = store }

    /// Makes a key and returns it; it cannot be read again.
    ///
    /// - Parameters:
    ///   - scopes: none for a key that may do everything.
    ///   - workspaces: the key is confined to these for good, also when they are deleted.
    package func create(
        name: String?, scopes: Set<Caller.Scope> = [], workspaces: WorkspaceReach = .all
    ) async throws -> (key: String, entry: APIKeyStore.Entry) {
        let key = Self.randomKey()
        let entry = try await store.insert(
            hash: Self.hash(of: key), prefix: String(key.prefix(7)), name: name, scopes: scopes,
            workspaces: workspaces, at: .now)
        return (key, entry)
    }

    package func all() async throws -> [APIKeyStore.Entry] { try await store.all() }

    /// `nil` where there is no such key.
    package func revoke(id: Int64) async throws -> APIKeyStore.Entry? {
        let entry = try await store.delete(id: id)
        verdicts.withLock { $0.removeAll() }
        return entry
    }

    /// Whose key this is; `nil` where there is no such key. Compares hashes, so the time it takes says nothing about how
    /// near a guess was.
    package func caller(with key: String) async throws -> Caller? {
        let digest = SHA256.hash(data: Array(key.utf8))
        let now = ContinuousClock.now
        if let verdict = verdicts.withLock({ $0[digest] }), now < verdict.expiry { return verdict.key.map(Caller.key) }
        let found = try await store.find(hash: Array(digest).hexadecimal)?.key
        verdicts.withLock { verdicts in
            if verdicts.count >= Self.maximumVerdicts { verdicts.removeAll() }
            verdicts[digest] = Verdict(key: found, expiry: now + Self.validity)
        }
        return found.map(Caller.key)
    }

    /// Those of `keys` that hold as they are: not revoked, and with the same rights.
    func valid(_ keys: Set<Caller.APIKey>) async throws -> Set<Caller.APIKey> {
        guard !keys.isEmpty else { return [] }
        let valid = keys.intersection(try await store.find(ids: keys.map(\.id)).map(\.key))
        if valid != keys { verdicts.withLock { $0.removeAll() } }
        return valid
    }

    private static func hash(of key: String) -> String { Array(SHA256.hash(data: Array(key.utf8))).hexadecimal }

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
