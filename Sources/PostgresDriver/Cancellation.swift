import CPostgreSQL
import Dispatch
import Persistence
import Synchronization

/// Carries the cancellation of a task to the statement that runs for it.
final class Cancellation: Sendable {
    private struct State {
        var isRequested = false
        /// The server may still be on its way to stop something.
        var isSent = false
        /// Of the connection that runs a statement.
        var running: CancelHandle?
    }

    /// A `PGcancel`; libpq allows its use from any thread.
    private struct CancelHandle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private let state = Mutex(State())

    // Asking the server to stop takes a connection of its own, which nobody may wait for on a thread of tasks.
    private static let queue = DispatchQueue(label: "postgres-cancel")

    func request() {
        let isRunning = state.withLock { state in
            state.isRequested = true
            return state.running != nil
        }
        if isRunning { Self.queue.async { self.send() } }
    }

    /// An order that overtakes its statement is lost, so it is given again until the statement has ended.
    private func send() {
        let isRunning = state.withLock { state in
            guard let running = state.running else { return false }
            state.isSent = true
            // A refused order writes its reason here, also where nobody wants to read it.
            _ = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Self.reasonLength) { reason in
                libpq.PQcancel(running.pointer, reason.baseAddress, Int32(reason.count))
            }
            return true
        }
        if isRunning { Self.queue.asyncAfter(deadline: .now() + Self.interval) { self.send() } }
    }

    private static let reasonLength = 256
    private static let interval = DispatchTimeInterval.milliseconds(20)

    /// Runs `body`, whose statements a request stops.
    ///
    /// A connection that was told to stop is closed, because the order could reach the next statement.
    ///
    /// - Throws: `PostgresFailure` of the kind `cancelled` where a request came before the end.
    func guarding(_ connection: Connection, _ body: () throws -> Void) throws {
        guard let handle = libpq.PQgetCancel(try connection.opened()) else { throw PostgresFailure(.connectionLost) }
        defer { libpq.PQfreeCancel(handle) }
        let running = CancelHandle(pointer: handle)
        let isRequested = state.withLock { state in
            state.running = running
            return state.isRequested
        }
        let outcome = Result { if !isRequested { try body() } }
        // From here on nobody uses the handle.
        let end = state.withLock { state in
            state.running = nil
            return state
        }
        if end.isSent { connection.close() }
        if end.isRequested { throw PostgresFailure(.cancelled) }
        try outcome.get()
    }
}
