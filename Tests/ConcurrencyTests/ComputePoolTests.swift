import Concurrency
import Dispatch
import Domain
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ComputePoolTests {
    @Test func `work never runs wider than the pool, and all of it runs`() async throws {
        let pool = ComputePool(width: 2, label: "test")
        let running = Counter()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<200 {
                group.addTask {
                    try await pool.run(index % 2 == 0 ? .interactive : .background) {
                        running.enter()
                        defer { running.leave() }
                        return index
                    }
                }
            }
            var seen: Set<Int> = []
            for try await index in group { seen.insert(index) }
            #expect(seen.count == 200)
        }
        #expect(running.most <= 2)
    }

    @Test func `an error of the work reaches who asked for it`() async {
        let pool = ComputePool(width: 1, label: "test")
        await #expect(throws: ServiceError.self) { try await pool.run { throw ServiceError.invalid("No.") } }
    }

    @Test func `background work leaves a thread to what a request waits for`() async throws {
        let pool = ComputePool(width: 2, label: "test")
        let gate = DispatchSemaphore(value: 0)
        let background = (0..<2).map { _ in Task { try await pool.run(.background) { gate.wait() } } }
        // Nothing lets the background go on before the request's work has run.
        #expect(try await pool.run { 42 } == 42)
        for _ in background { gate.signal() }
        for task in background { try await task.value }
    }

    @Test func `work that is cancelled while it waits never runs`() async throws {
        let pool = ComputePool(width: 1, label: "test")
        let (gate, isBusy, ran) = (DispatchSemaphore(value: 0), Observed(false), Observed(false))
        let busy = Task {
            try await pool.run {
                isBusy.change { $0 = true }
                gate.wait()
            }
        }
        try await isBusy.wait { $0 }
        let waiting = Task { try await pool.run { ran.change { $0 = true } } }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        gate.signal()
        try await busy.value
        try await pool.run {}
        #expect(!ran.value)
    }

    @Test func `more than may wait is refused`() async throws {
        let pool = ComputePool(width: 1, label: "test", waitingLimit: 1)
        let (gate, isBusy) = (DispatchSemaphore(value: 0), Observed(false))
        let busy = Task {
            try await pool.run {
                isBusy.change { $0 = true }
                gate.wait()
            }
        }
        try await isBusy.wait { $0 }
        let refused = Observed(0)
        let others = (0..<2).map { _ in
            Task {
                do { try await pool.run {} } catch is ServiceError { refused.change { $0 += 1 } }
            }
        }
        try await refused.wait { $0 == 1 }
        gate.signal()
        for task in others + [busy] { try await task.value }
        #expect(refused.value == 1)
    }
}
