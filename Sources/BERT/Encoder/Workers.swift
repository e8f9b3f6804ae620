import Concurrency
import Dispatch

/// The threads that a network is computed on, at most.
package enum Workers: Sendable {
    /// The one that asks, and others beside it.
    case threads(Int)
    /// Threads that let everything else of this process go first, while the one that asks waits.
    case background(Int)

    /// Lets what somebody waits for go first, where these threads are of the background.
    func standAside() { if case .background = self { BackgroundThreads.standAside() } }

    /// Calls `work` on each of the threads, on no more than `limit`, and returns when all have returned.
    func perform(_ limit: Int, _ work: @Sendable (Int) -> Void) {
        switch self {
        case .threads(let count) where min(count, limit) > 1:
            DispatchQueue.concurrentPerform(iterations: min(count, limit), execute: work)
        case .threads: work(0)
        case .background(let count): BackgroundThreads.perform(max(1, min(count, limit)), work)
        }
    }
}
