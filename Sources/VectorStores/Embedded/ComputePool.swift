import Dispatch
import Synchronization

/// Runs work on at most `width` threads of its own, in the order in which it came, so that a long computation never
/// holds a thread that other tasks are waiting for.
final class ComputePool: Sendable {
    private typealias Job = @Sendable () -> Void

    private struct State {
        var waiting: [Job] = []
        /// Numbers of the lanes that have nothing to do.
        var idle: [Int]
    }

    let width: Int
    // Serial queues: on Linux each gets a thread of its own, where a concurrent one would share those of Swift's tasks.
    private let lanes: [DispatchQueue]
    private let state: Mutex<State>

    init(width: Int, label: String) {
        self.width = width
        lanes = (0..<width).map { DispatchQueue(label: "\(label)-\($0)") }
        state = Mutex(State(idle: Array(0..<width)))
    }

    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            submit { continuation.resume(with: Swift.Result(catching: work)) }
        }
    }

    private func submit(_ job: @escaping Job) {
        let lane = state.withLock { state in
            state.waiting.append(job)
            return state.idle.popLast()
        }
        if let lane { lanes[lane].async { self.drain(lane) } }
    }

    private func drain(_ lane: Int) {
        while let job = nextJob(lane) { job() }
    }

    private func nextJob(_ lane: Int) -> Job? {
        state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.idle.append(lane)
            return nil
        }
    }
}
