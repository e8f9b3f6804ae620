import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Threads for what can wait: everything else of this process that wants the processor goes first.
package enum BackgroundThreads {
    /// That of parsers (`ParseCommand`), with which they share what is left.
    private static let niceness: Int32 = 5

    /// What one thread runs.
    private final class Work {
        let index: Int
        let body: @Sendable (Int) -> Void

        init(_ index: Int, _ body: @escaping @Sendable (Int) -> Void) {
            self.index = index
            self.body = body
        }
    }

    /// Calls `body` with 0, 1 … `count - 1`, each on a thread, and returns when all of them have returned.
    ///
    /// The threads are new ones: one that has given up its priority may not take it back (nice(2)). Starting one takes
    /// some microseconds.
    package static func perform(_ count: Int, _ body: @Sendable (Int) -> Void) {
        withoutActuallyEscaping(body) { body in
            var threads: [pthread_t] = []
            for index in 0..<count {
                let work = Unmanaged.passRetained(Work(index, body))
                var thread = pthread_t()
                guard pthread_create(&thread, nil, run, work.toOpaque()) == 0 else {
                    // No more threads are to be had: what is left is done here.
                    work.release()
                    body(index)
                    continue
                }
                threads.append(thread)
            }
            for thread in threads { pthread_join(thread, nil) }
        }
    }

    // MARK: Standing aside

    /// How much is under way that somebody waits for.
    private static let urgent = Atomic(0)
    /// So that what can wait goes on, if slowly, where there is always something urgent.
    private static let longestPause: UInt32 = 20_000
    private static let pause: UInt32 = 200

    /// Runs what somebody waits for, while background work stands aside wherever it asks. Priorities alone do not do that: two threads on
    /// one core's two sides slow each other down whatever these are.
    package static func standingAside<Result>(_ body: () throws -> Result) rethrows -> Result {
        urgent.wrappingAdd(1, ordering: .relaxed)
        defer { urgent.wrappingSubtract(1, ordering: .relaxed) }
        return try body()
    }

    /// Waits while something urgent is under way, twenty milliseconds at most. To be called every few milliseconds of work.
    package static func standAside() {
        var waited: UInt32 = 0
        while urgent.load(ordering: .relaxed) > 0, waited < longestPause {
            usleep(pause)
            waited += pause
        }
    }

    private static let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument else { return nil }
        #if os(Linux)
            // Of this thread alone, as Linux has it.
            _ = nice(niceness)
        #endif
        let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
        work.body(work.index)
        return nil
    }
}
