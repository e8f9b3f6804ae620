import Concurrency
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct SemaphoreTests {
    private struct Failure: Error {}

    @Test func `no more are inside than there are permits, and all get in`() async throws {
        let semaphore = Semaphore(value: 3)
        let inside = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await semaphore.withPermit {
                        inside.enter()
                        await Task.yield()
                        inside.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(inside.most <= 3)
    }

    @Test func `a permit is free again after an error`() async throws {
        let semaphore = Semaphore(value: 1)
        await #expect(throws: Failure.self) { try await semaphore.withPermit { throw Failure() } }
        try await semaphore.withPermit {}
    }

    @Test func `who is cancelled while it waits leaves, and the next one gets the permit`() async throws {
        let semaphore = Semaphore(value: 1)
        let (gate, isInside) = (Gate(), Observed(false))
        let holder = Task {
            try await semaphore.withPermit {
                isInside.change { $0 = true }
                try await gate.pass()
            }
        }
        try await isInside.wait { $0 }
        let impatient = Task { try await semaphore.withPermit {} }
        while semaphore.waitingCount == 0 { await Task.yield() }
        let patient = Task { try await semaphore.withPermit { true } }
        while semaphore.waitingCount < 2 { await Task.yield() }
        impatient.cancel()
        // The holder is still inside.
        await #expect(throws: CancellationError.self) { try await impatient.value }
        gate.open()
        #expect(try await patient.value)
        try await holder.value
    }
}

@Suite(.timeLimit(.minutes(1))) struct KeyedLockTests {
    @Test func `one task works on a key, and others on other keys`() async throws {
        let lock = KeyedLock<String>()
        let inside = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await lock.withLock("a") {
                        inside.enter()
                        // A lock of another key does not wait for this one.
                        try await lock.withLock("b") { await Task.yield() }
                        inside.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(inside.most == 1)
    }

    @Test func `who is cancelled while it waits leaves, and the next one gets the key`() async throws {
        let lock = KeyedLock<Int>()
        let (gate, isInside) = (Gate(), Observed(false))
        let holder = Task {
            try await lock.withLock(1) {
                isInside.change { $0 = true }
                try await gate.pass()
            }
        }
        try await isInside.wait { $0 }
        let impatient = Task { try await lock.withLock(1) {} }
        while lock.waitingCount(for: 1) == 0 { await Task.yield() }
        let patient = Task { try await lock.withLock(1) { true } }
        while lock.waitingCount(for: 1) < 2 { await Task.yield() }
        impatient.cancel()
        await #expect(throws: CancellationError.self) { try await impatient.value }
        gate.open()
        #expect(try await patient.value)
        try await holder.value
    }
}
