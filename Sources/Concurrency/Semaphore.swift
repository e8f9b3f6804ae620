import Synchronization

/// A number of permits, given in order to the tasks that wait for one.
package final class Semaphore: Sendable {
    private struct State {
        var available: Int
        var waiting = WaitingList()
    }

    private let state: Mutex<State>

    /// - Parameter value: permits in all; at least one.
    package init(value: Int) { state = Mutex(State(available: max(1, value))) }

    /// How many tasks wait for a permit.
    package var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Runs `work` with a permit, which is given back however that ends.
    ///
    /// - Throws: what `work` throws; `CancellationError` where the task is cancelled while it waits.
    package func withPermit<Value: Sendable>(
        isolation: isolated (any Actor)? = #isolation, _ work: () async throws -> Value
    ) async throws -> Value {
        try await wait()
        defer { signal() }
        return try await work()
    }

    private func wait(isolation: isolated (any Actor)? = #isolation) async throws {
        try Task.checkCancellation()
        let id = WaiterID.next()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    // Cancelled before this line: the handler has found nobody to wake, so nobody may start to wait.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard state.available == 0 else {
                        state.available -= 1
                        return .success(())
                    }
                    state.waiting.append(id, continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            state.withLock { $0.waiting.remove(id) }?.resume(throwing: CancellationError())
        }
    }

    /// Hands the permit to the task that has waited longest.
    private func signal() {
        state.withLock { state in
            let next = state.waiting.popFirst()
            if next == nil { state.available += 1 }
            return next
        }?.resume()
    }
}
