import Crypto
package import Domain
package import Persistence

/// Makes, finds and revokes API keys. A key is shown once, when it is made; only its hash is stored.
package final class APIKeys: Sendable {
    private let store: APIKeyStore
    private let events: EventStore
    private let verdicts = VerdictCache()
    private let usage = KeyUsage()

    package init(store: APIKeyStore, events: EventStore) {
        self.store = store
        self.events = events
    }

    package convenience init(database: any Database) {
        self.init(store: APIKeyStore(database), events: EventStore(database))
    }

    /// Makes a key and returns it; it cannot be read again.
    ///
    /// A key that is confined to workspaces stays so for good, also when they are deleted. One that a key makes may do no
    /// more than its maker, nor for longer.
    ///
    /// - Throws: `invalid` for a name that would do something to the terminal it is shown on.
    package func create(_ new: APIKeyStore.NewKey, by caller: Caller) async throws -> (
        key: String, entry: APIKeyStore.Entry
    ) {
        if new.name?.holdsControlCharacters == true {
            throw ServiceError.invalid("The name of a key cannot contain line breaks or control characters.")
        }
        var new = new
        if case .key(let maker) = caller, let entry = try await store.find(ids: [maker.id]).first {
            new.confine(to: entry)
        }
        let key = SecretCode.random()
        let entry = try await store.insert(
            new, hash: SecretCode.hash(key), prefix: String(key.prefix(7)), by: caller, at: .now)
        try await events.log(.keyCreated(id: entry.key.id, name: entry.key.name), by: caller)
        return (key, entry)
    }

    package func all() async throws -> [APIKeyStore.Entry] { try await store.all() }

    /// `nil` where there is no such key.
    package func revoke(id: Int64, by caller: Caller) async throws -> APIKeyStore.Entry? {
        let entry = try await store.delete(id: id)
        verdicts.forgetAll()
        if let entry { try await events.log(.keyDeleted(id: id, name: entry.key.name), by: caller) }
        return entry
    }

    /// What was found out a moment ago; `nil` where it has to be looked up.
    package func remembered(_ key: CallerCredential) -> CallerCredential.Verdict? { verdicts[key] }

    /// Whose key this is. One that nobody has is refused like one that is over.
    package func verdict(on key: CallerCredential) async throws -> CallerCredential.Verdict {
        if let known = verdicts[key] { return known }
        let entry = try await store.find(hash: Array(key.digest).hexadecimal)
        let found = entry.flatMap { $0.isValid(at: .now) ? $0.key : nil }
        let verdict = found.map { CallerCredential.Verdict.caller(.key($0)) } ?? .refused("Invalid auth token.")
        verdicts.remember(verdict, on: key)
        if let found { usage.recordUse(of: found.id) }
        return verdict
    }

    /// Those of `keys` that hold as they are: neither revoked nor over, and with the same rights.
    func valid(_ keys: Set<Caller.APIKey>) async throws -> Set<Caller.APIKey> {
        guard !keys.isEmpty else { return [] }
        let entries = try await store.find(ids: keys.map(\.id))
        let valid = keys.intersection(entries.filter { $0.isValid(at: .now) }.map(\.key))
        if valid != keys { verdicts.forgetAll() }
        return valid
    }

    func forgetVerdicts() { verdicts.forgetAll() }

    /// Stores when the keys were last used. Not at each request: a look costs little, a write much.
    package func storeUsage() async throws { try await store.recordUse(usage.take()) }

    // MARK: What a key may cost

    /// Counts a question to a model.
    ///
    /// - Throws: `tooMany` where the key has no more of them for today, or of tokens for this month.
    package func countMessage(of key: Caller.APIKey) async throws {
        let day = UsageDay.today
        if let limit = key.limits.tokensPerMonth,
            try await store.tokens(of: key.id, since: day.firstOfMonth.number) >= limit
        {
            throw ServiceError(
                .tooMany, "This API key has used its \(limit) tokens of this month.",
                retryAfter: day.secondsToNextMonth())
        }
        guard let limit = key.limits.messagesPerDay else { return }
        guard try await store.countMessage(of: key.id, on: day.number, limit: limit) else {
            throw ServiceError(
                .tooMany, "This API key has asked its \(limit) questions of today.", retryAfter: day.secondsToTomorrow()
            )
        }
    }

    package func addTokens(_ tokens: Int, of key: Caller.APIKey) async throws {
        guard key.limits.tokensPerMonth != nil, tokens > 0 else { return }
        try await store.addTokens(tokens, of: key.id, on: UsageDay.today.number)
    }
}

extension APIKeyStore.NewKey {
    fileprivate mutating func confine(to maker: APIKeyStore.Entry) {
        let key = maker.key
        if let greatest = key.scopes.max(by: { $0.rank < $1.rank }) {
            scopes = scopes.isEmpty ? key.scopes : scopes.filter { $0.rank <= greatest.rank }
        }
        if workspaces == .all { workspaces = key.workspaces }
        limits.requestsPerMinute = Self.least(limits.requestsPerMinute, key.limits.requestsPerMinute)
        limits.messagesPerDay = Self.least(limits.messagesPerDay, key.limits.messagesPerDay)
        limits.tokensPerMonth = Self.least(limits.tokensPerMonth, key.limits.tokensPerMonth)
        expiresAt = Self.least(expiresAt, maker.expiresAt)
    }

    private static func least<Bound: Comparable>(_ bounds: Bound?...) -> Bound? { bounds.compactMap(\.self).min() }
}

extension Caller.Scope {
    /// Each scope holds those before it.
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
