import NIOCore
import Synchronization

/// Carries a stream's events from the task that makes them to the task that writes them.
///
/// Events that are made while others are being written go out together, in one write. One that makes them faster than they
/// are taken waits, so that a slow reader slows the model and not the memory.
final class EventQueue: Sendable {
    private struct State {
        var pending = ByteBuffer()
        var isFinished = false
        var isAbandoned = false
        var changes = 0
        var taker: CheckedContinuation<Void, Never>?
        var maker: CheckedContinuation<Void, Never>?

        mutating func wakeAll() -> [CheckedContinuation<Void, Never>] {
            defer { (taker, maker) = (nil, nil) }
            return [taker, maker].compactMap(\.self)
        }
    }

    private let state = Mutex(State())

    /// Bytes that wait at most before their maker does.
    private static let limit = 32 << 10

    /// Adds an event, and waits while there are too many. One task at a time may call this.
    ///
    /// - Throws: `CancellationError` where nobody takes events any more, or the task is cancelled.
    func add(_ bytes: [UInt8]) async throws {
        let (taker, isFull) = try state.withLock { state in
            guard !state.isAbandoned else { throw CancellationError() }
            state.pending.writeBytes(bytes)
            state.changes += 1
            defer { state.taker = nil }
            return (state.taker, state.pending.readableBytes > Self.limit)
        }
        taker?.resume()
        guard isFull else { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isFull = state.withLock { state in
                    guard state.pending.readableBytes > Self.limit, !state.isAbandoned, !Task.isCancelled else {
                        return false
                    }
                    state.maker = continuation
                    return true
                }
                if !isFull { continuation.resume() }
            }
        } onCancel: {
            state.withLock { state in
                defer { state.maker = nil }
                return state.maker
            }?.resume()
        }
        try Task.checkCancellation()
    }

    /// Adds what may be left out, and only where nothing has been added since `mark`; gives the new mark.
    func addIfSilent(_ bytes: [UInt8], since mark: Int) -> Int {
        let (taker, changes) = state.withLock { state in
            guard state.changes == mark, !state.isFinished else {
                return (CheckedContinuation<Void, Never>?.none, state.changes)
            }
            state.pending.writeBytes(bytes)
            defer { state.taker = nil }
            return (state.taker, state.changes)
        }
        taker?.resume()
        return changes
    }

    /// No more events will come.
    func finish() {
        state.withLock { state in
            state.isFinished = true
            return state.wakeAll()
        }.forEach { $0.resume() }
    }

    /// Nobody will take events any more.
    func abandon() {
        state.withLock { state in
            state.isAbandoned = true
            return state.wakeAll()
        }.forEach { $0.resume() }
    }

    /// Everything that waits, as soon as something does; `nil` at the end. One task at a time may call this.
    func next() async throws -> ByteBuffer? {
        while true {
            try Task.checkCancellation()
            let (bytes, isFinished, maker) = state.withLock { state in
                defer { state.maker = nil }
                let bytes = state.pending
                state.pending = ByteBuffer()
                return (bytes, state.isFinished || state.isAbandoned, state.maker)
            }
            maker?.resume()
            if bytes.readableBytes > 0 { return bytes }
            if isFinished { return nil }
            await waitForEvents()
        }
    }

    private func waitForEvents() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    let isIdle = state.pending.readableBytes == 0 && !state.isFinished && !state.isAbandoned
                    guard isIdle, !Task.isCancelled else { return false }
                    state.taker = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            state.withLock { state in
                defer { state.taker = nil }
                return state.taker
            }?.resume()
        }
    }
}
