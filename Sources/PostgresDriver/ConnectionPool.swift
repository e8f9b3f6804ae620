import Concurrency
import Dispatch
import Synchronization

/// At most `width` connections, each on a thread of its own; who finds none free waits in line.
final class ConnectionPool: Sendable {
    private let permits: Semaphore
    /// As many as there are permits. The one that was used last is used next: its connection is open.
    private let idle: Mutex<[Lane]>

    init(target: ConnectionTarget, width: Int) {
        let width = max(1, width)
        permits = Semaphore(value: width)
        idle = Mutex((0..<width).map { Lane(number: $0, target: target) })
    }

    /// Runs `body` with a connection, on its thread.
    ///
    /// - Throws: what `body` throws; `CancellationError` where the task is cancelled while it waits for a connection.
    func withConnection<Value: Sendable>(
        _ body: @escaping @Sendable (Connection, Cancellation) throws -> Value
    ) async throws -> Value {
        try await permits.withPermit {
            guard let lane = idle.withLock({ $0.popLast() }) else {
                throw PostgresFailure(.connectionLost).databaseError
            }
            defer { idle.withLock { $0.append(lane) } }
            let cancellation = Cancellation()
            return try await withTaskCancellationHandler {
                try await lane.run { try body($0, cancellation) }
            } onCancel: {
                cancellation.request()
            }
        }
    }
}

/// A connection with the thread that it blocks.
///
/// `@unchecked`, because the connection is touched on the serial queue only.
private final class Lane: @unchecked Sendable {
    // On Linux a serial queue gets a thread of its own, where a concurrent one would share those of Swift's tasks.
    private let queue: DispatchQueue
    private let connection: Connection

    init(number: Int, target: ConnectionTarget) {
        queue = DispatchQueue(label: "postgres-\(number)")
        connection = Connection(target: target)
    }

    func run<Value: Sendable>(_ body: @escaping @Sendable (Connection) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body(self.connection) }) }
        }
    }
}
