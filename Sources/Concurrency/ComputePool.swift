import Dispatch
import Domain
import FoundationEssentials
import Synchronization

/// Runs what computes for long on a bounded number of threads of its own, so that it never holds one of the few that
/// serve all tasks.
///
/// What a request waits for goes first. Background work never takes every thread where there are several, so that a
/// search does not wait for the cutting of a large document.
package final class ComputePool: Sendable {
    package enum Urgency: Sendable { case interactive, background }

    /// The one that everything in this process shares, as wide as the machine.
    package static let shared = ComputePool(width: ProcessInfo.processInfo.activeProcessorCount, label: "compute")

    package let width: Int
    private let waitingLimit: Int
    // Serial queues: on Linux each gets a thread of its own, where a concurrent one would share those of Swift's tasks.
    private let threads: [DispatchQueue]
    private let state: Mutex<ComputeQueue>

    /// - Parameters:
    ///   - width: threads; at least one.
    ///   - waitingLimit: pieces of work that wait at most; more are refused.
    package init(width: Int, label: String, waitingLimit: Int = 4096) {
        self.width = max(1, width)
        self.waitingLimit = waitingLimit
        threads = (0..<self.width).map { DispatchQueue(label: "\(label)-\($0)") }
        state = Mutex(ComputeQueue(width: self.width))
    }

    /// The result of `work`, which runs to its end once it has begun.
    ///
    /// - Throws: what `work` throws; `CancellationError` where the task is cancelled before it has begun; `unavailable` where
    ///   too much waits already.
    package func run<Value: Sendable>(
        _ urgency: Urgency = .interactive, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        let id = WaiterID.next()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let item = ComputeItem(
                    id: id, urgency: urgency,
                    run: { continuation.resume(with: Result(catching: work)) },
                    fail: { continuation.resume(throwing: $0) })
                submit(item)
            }
        } onCancel: {
            state.withLock { $0.remove(id) }?.fail(CancellationError())
        }
    }

    private func submit(_ item: ComputeItem) {
        let (thread, refusal): (Int?, (any Error)?) = state.withLock { state in
            if Task.isCancelled { return (nil, CancellationError()) }
            guard state.waitingCount < waitingLimit else {
                return (
                    nil, ServiceError(.unavailable, "The server has too much to compute at the moment.", retryAfter: 5)
                )
            }
            state.append(item)
            return (state.takeIdleThread(for: item.urgency), nil)
        }
        if let refusal { return item.fail(refusal) }
        if let thread { threads[thread].async { self.drain(thread) } }
    }

    private func drain(_ thread: Int) {
        while let item = state.withLock({ $0.next(for: thread) }) {
            item.run()
            state.withLock { $0.finished(item) }
        }
    }
}

/// A piece of work; either `run` or `fail` is called, once.
struct ComputeItem: Sendable {
    let id: UInt64
    let urgency: ComputePool.Urgency
    let run: @Sendable () -> Void
    let fail: @Sendable (any Error) -> Void
}

/// What waits to be computed, and which threads have nothing to do.
struct ComputeQueue: Sendable {
    private var interactive: [ComputeItem] = []
    private var background: [ComputeItem] = []
    private var idle: [Int]
    private var runningInBackground = 0
    private let backgroundWidth: Int

    init(width: Int) {
        idle = Array(0..<width)
        backgroundWidth = max(1, width - 1)
    }

    var waitingCount: Int { interactive.count + background.count }

    mutating func append(_ item: ComputeItem) {
        switch item.urgency {
        case .interactive: interactive.append(item)
        case .background: background.append(item)
        }
    }

    mutating func takeIdleThread(for urgency: ComputePool.Urgency) -> Int? {
        guard urgency == .interactive || runningInBackground < backgroundWidth else { return nil }
        return idle.popLast()
    }

    /// What the thread does next; `nil` where nothing waits that it may do, and it is idle then.
    mutating func next(for thread: Int) -> ComputeItem? {
        if !interactive.isEmpty { return interactive.removeFirst() }
        guard !background.isEmpty, runningInBackground < backgroundWidth else {
            idle.append(thread)
            return nil
        }
        runningInBackground += 1
        return background.removeFirst()
    }

    mutating func finished(_ item: ComputeItem) {
        if item.urgency == .background { runningInBackground -= 1 }
    }

    /// Takes out what has not begun.
    mutating func remove(_ id: UInt64) -> ComputeItem? {
        if let index = interactive.firstIndex(where: { $0.id == id }) { return interactive.remove(at: index) }
        if let index = background.firstIndex(where: { $0.id == id }) { return background.remove(at: index) }
        return nil
    }
}
