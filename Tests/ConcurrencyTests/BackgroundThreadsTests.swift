import Concurrency
import Foundation
import Synchronization
import Testing

@Suite struct BackgroundThreadsTests {
    /// Of the thread that asks.
    private static var niceness: Int32 { nice(0) }

    @Test func `each index is done on a thread that gives way, and the caller goes on as before`() {
        let priority = Self.niceness
        let done = Mutex<[Int: Int32]>([:])
        BackgroundThreads.perform(5) { index in
            let own = Self.niceness
            done.withLock { $0[index] = own }
        }
        let priorities = done.withLock { $0 }
        #expect(priorities.keys.sorted() == [0, 1, 2, 3, 4])
        #if os(Linux)
            #expect(priorities.values.allSatisfy { $0 == min(19, priority + 5) })
        #endif
        #expect(Self.niceness == priority)
        BackgroundThreads.perform(0) { _ in Issue.record("There was nothing to do") }
    }

    @Test(.timeLimit(.minutes(1))) func `background work stands aside for what somebody waits for, and not for ever`() {
        let passed = Atomic(0)
        BackgroundThreads.standAside()
        BackgroundThreads.standingAside {
            // Nobody ends this: the pause ends by itself.
            BackgroundThreads.standAside()
            passed.wrappingAdd(1, ordering: .relaxed)
        }
        #expect(passed.load(ordering: .relaxed) == 1)
    }
}
