/// Lets one task at a time work on each key, first come first served.
actor KeyedLock<Key: Hashable & Sendable> {
    /// The keys that somebody works on, with those who wait for them.
    private var waiting: [Key: [CheckedContinuation<Void, Never>]] = [:]

    func withLock<Result: Sendable>(
        _ key: Key, _ body: @Sendable () async throws -> Result
    ) async rethrows -> Result {
        await enter(key)
        defer { leave(key) }
        return try await body()
    }

    private func enter(_ key: Key) async {
        guard waiting[key] != nil else {
            waiting[key] = []
            return
        }
        await withCheckedContinuation { waiting[key]?.append($0) }
    }

    /// Hands the key to whoever waits longest.
    private func leave(_ key: Key) {
        if waiting[key]?.isEmpty == false {
            waiting[key]?.removeFirst().resume()
        } else {
            waiting[key] = nil
        }
    }
}
