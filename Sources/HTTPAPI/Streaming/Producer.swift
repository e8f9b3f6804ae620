/// Makes an answer beside the request that asked for it, and ends with its owner: whoever drops the answer cancels it.
final class Producer: Sendable {
    private let task: Task<Void, any Error>

    init(_ operation: @escaping @Sendable () async throws -> Void) { task = Task { try await operation() } }

    deinit { task.cancel() }

    /// Waits for the end; cancelling the wait cancels the operation.
    func value() async throws {
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
