import Synchronization

/// Holds back the head of an answer until it is known how the answer begins: with an event, or with a failure.
final class AnswerStart: Sendable {
    private enum Phase {
        case waiting(CheckedContinuation<Void, any Error>?)
        case open
        case failed(any Error)
    }

    private let phase = Mutex(Phase.waiting(nil))

    /// The answer begins; once it has failed, it does not.
    func open() {
        phase.withLock { phase -> CheckedContinuation<Void, any Error>? in
            guard case .waiting(let waiter) = phase else { return nil }
            phase = .open
            return waiter
        }?.resume()
    }

    /// The answer fails. Says whether whoever waits is told so; else the answer has begun.
    func fail(_ error: any Error) -> Bool {
        let (isFirst, waiter) = phase.withLock { phase -> (Bool, CheckedContinuation<Void, any Error>?) in
            switch phase {
            case .waiting(let waiter):
                phase = .failed(error)
                return (true, waiter)
            case .failed: return (true, nil)
            case .open: return (false, nil)
            }
        }
        waiter?.resume(throwing: error)
        return isFirst
    }

    /// Returns when the answer begins, or has not failed for as long as `limit`. One task may call this, once.
    ///
    /// - Throws: the failure, where that comes first; `CancellationError` where the task is cancelled.
    func wait(atMost limit: Duration) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await self.wait() }
            group.addTask {
                try await Task.sleep(for: limit)
                self.open()
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func wait() async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = phase.withLock { phase -> Result<Void, any Error>? in
                    switch phase {
                    case .waiting:
                        phase = .waiting(continuation)
                        return nil
                    case .open: return .success(())
                    case .failed(let error): return .failure(error)
                    }
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            _ = fail(CancellationError())
        }
    }
}
