import Domain

/// The requests that wait for the end of jobs.
struct JobWaiters {
    private var continuations: [String: [Int: AsyncStream<Job>.Continuation]] = [:]
    private var nextWaiter = 0

    /// The jobs that somebody waits for.
    var jobs: [String] { Array(continuations.keys) }

    /// The stream gives the finished job, or ends without one where nobody here will see its end.
    mutating func add(_ id: String) -> (waiter: Int, end: AsyncStream<Job>) {
        let (end, continuation) = AsyncStream<Job>.makeStream(bufferingPolicy: .bufferingNewest(1))
        nextWaiter += 1
        continuations[id, default: [:]][nextWaiter] = continuation
        return (nextWaiter, end)
    }

    mutating func remove(_ waiter: Int, of id: String) {
        continuations[id]?[waiter] = nil
        if continuations[id]?.isEmpty == true { continuations[id] = nil }
    }

    func finish(_ job: Job) {
        for continuation in (continuations[job.id] ?? [:]).values {
            continuation.yield(job)
            continuation.finish()
        }
    }

    /// Tells those who wait for other jobs than `kept` that they need not wait.
    func dismiss(except kept: (String) -> Bool = { _ in false }) {
        for (id, waiters) in continuations where !kept(id) {
            for continuation in waiters.values { continuation.finish() }
        }
    }
}
