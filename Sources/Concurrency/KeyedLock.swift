import Synchronization

/// Lets one task at a time work on each key, in the order in which they came.
package final class KeyedLock<Key: Hashable & Sendable>: Sendable {
    /// The keys that are held, with the tasks that wait for them.
    private let waiting = Mutex<[Key: WaitingList]>([:])

    package init() {}

    /// Runs `body` while nobody else works on the key.
    ///
    /// - Throws: what `body` throws; `CancellationError` where the task is cancelled while it waits.
    package func withLock<Value: Sendable>(
        _ key: Key, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
    ) async throws -> Value {
        try await lock(key)
        defer { unlock(key) }
        return try await body()
    }

    /// How many tasks wait for the key.
    package func waitingCount(for key: Key) -> Int { waiting.withLock { $0[key]?.count ?? 0 } }

    private func lock(_ key: Key, isolation: isolated (any Actor)? = #isolation) async throws {
        try Task.checkCancellation()
        let id = WaiterID.next()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = waiting.withLock { waiting in
                    // Cancelled before this line: the handler has found nobody to wake, so nobody may start to wait.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard waiting[key] != nil else {
                        waiting[key] = WaitingList()
                        return .success(())
                    }
                    waiting[key]?.append(id, continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            waiting.withLock { $0[key]?.remove(id) }?.resume(throwing: CancellationError())
        }
    }

    /// Hands the key to the task that has waited longest.
    private func unlock(_ key: Key) {
        waiting.withLock { waiting in
            let next = waiting[key]?.popFirst()
            if next == nil { waiting[key] = nil }
            return next
        }?.resume()
    }
}
