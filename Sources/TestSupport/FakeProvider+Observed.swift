import Synchronization

/// A value that tests can wait for, instead of sleeping until it is likely to have changed.
package final class Observed<Value: Sendable>: Sendable {
    private struct Waiter {
        let isSatisfied: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Value, any Error>
    }

    private struct State {
        var value: Value
        var waiters: [Int: Waiter] = [:]
        var nextID = 0
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    package init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    package var value: Value { state.withLock(\.value) }

    /// Changes the value, and resumes everybody who waits for what it is now.
    @discardableResult
    package func change<Result>(_ body: (inout Value) -> sending Result) -> sending Result {
        state.withLock { state in
            let result = body(&state.value)
            for (id, waiter) in state.waiters where waiter.isSatisfied(state.value) {
                state.waiters[id] = nil
                waiter.continuation.resume(returning: state.value)
            }
            return result
        }
    }

    /// Returns as soon as the value satisfies `condition`, at once if it does already; throws `CancellationError` where the
    /// task is cancelled before.
    @discardableResult
    package func wait(until condition: @escaping @Sendable (Value) -> Bool) async throws -> Value {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                state.withLock { state in
                    if state.cancelled.remove(id) != nil {
                        continuation.resume(throwing: CancellationError())
                    } else if condition(state.value) {
                        continuation.resume(returning: state.value)
                    } else {
                        state.waiters[id] = Waiter(isSatisfied: condition, continuation: continuation)
                    }
                }
            }
        } onCancel: {
            state.withLock { state in
                if let waiter = state.waiters.removeValue(forKey: id) {
                    waiter.continuation.resume(throwing: CancellationError())
                } else {
                    state.cancelled.insert(id)
                }
            }
        }
    }
}

/// Holds up whoever waits at it until the test opens it.
package struct Gate: Sendable {
    private let isOpen = Observed(false)

    package init() {}

    package func open() { isOpen.change { $0 = true } }
    package func pass() async throws { try await isOpen.wait { $0 } }
}
