package import Domain
package import Logging
package import Persistence

/// Jobs that are recorded, waited for and run, a few at a time.
///
/// What is to be done lies in the database; memory holds the ids of what runs here. A job belongs to the node that claimed
/// it for as long as its lease lasts; see [decision 9](docs/adr/0009-jobs.md).
package actor JobQueue {
    let store: JobStore
    let logger: Logger
    let policy: JobPolicy
    /// What was recorded before is of a former life of this node.
    let start = Timestamp.now
    private(set) var handlers: [Job.Kind: any JobHandler] = [:]
    var workers: JobWorkers
    var waiters = JobWaiters()
    var running: [String: RunningJob] = [:] {
        didSet { if running.count != oldValue.count { metrics.jobsAreRunning(running.count) } }
    }
    let metrics = JobMetrics()
    private(set) var isStopping = false
    /// Ends when nothing runs any more; there once the queue is stopping.
    private var quiet: AsyncStream<Void>.Continuation?

    /// A job that runs in this process.
    struct RunningJob {
        private var latest = JobProgress()
        private var pace = PaceEstimate()
        /// Whether it counts against the job that a process has died before while it ran.
        private var isSuspect: Bool
        let cancel: @Sendable () -> Void

        init(attempts: Int, cancel: @escaping @Sendable () -> Void) {
            isSuspect = attempts > 1
            self.cancel = cancel
        }

        /// - Returns: `true` once: where a job whose process has died gets further than it had.
        mutating func note(_ next: JobProgress) -> Bool {
            defer { latest = next }
            pace.note(next.share, at: .now)
            guard isSuspect, next.lasts(after: latest) else { return false }
            isSuspect = false
            return true
        }

        var progress: JobProgress {
            var progress = latest
            progress.remaining = pace.remaining(at: .now)
            return progress
        }
    }

    package init(store: JobStore, policy: JobPolicy = JobPolicy(), logger: Logger) {
        self.store = store
        self.policy = policy
        self.logger = logger
        workers = JobWorkers(count: policy.concurrency)
    }

    package func register(_ handler: any JobHandler, for kind: Job.Kind) { handlers[kind] = handler }

    // MARK: Recording

    /// Throws `unavailable` where no more jobs are taken at the moment; to be asked before what a job needs is received.
    package func requireRoom() async throws {
        if isStopping { throw Self.stopping }
        guard try await store.waitingCount(atMost: policy.waitingLimit) < policy.waitingLimit else {
            throw ServiceError(
                .unavailable, "\(policy.waitingLimit) jobs are waiting already. Try again in a while.", retryAfter: 15)
        }
    }

    /// Records a job; it runs even if nobody waits for it and if the process dies.
    ///
    /// - Throws: `unavailable` where too many wait already, or the server is stopping.
    package func submit(_ job: Job) async throws {
        if job.kind != .reembed { try await requireRoom() }
        try await store.insert(job, node: policy.node)
        workers.wake(for: job.lane)
    }

    /// Tells the workers of a job that somebody has recorded in a transaction of its own.
    package func enqueue(_ job: Job) { workers.wake(for: job.lane) }

    // MARK: Watching

    /// `nil` where there is no such job for the caller: who is confined to some workspaces sees what it began itself.
    package func find(id: String, for caller: Caller) async throws -> (job: Job, progress: JobProgress?)? {
        guard let job = try await store.find(id: id),
            caller.workspaces == .all || (caller.kind, caller.id) == (job.caller.kind, job.caller.id)
        else { return nil }
        return (job, running[id]?.progress)
    }

    /// Those of the jobs that there are for the caller, in no particular order.
    package func find(
        ids: [String], for caller: Caller
    ) async throws -> [(job: Job, progress: JobProgress?)] {
        try await store.find(ids: ids, for: caller).map { ($0, running[$0.id]?.progress) }
    }

    /// Jobs, the newest first, as far as the caller may know of them, and how many there are in all.
    package func list(
        _ states: [Job.State], offset: Int, limit: Int, for caller: Caller
    ) async throws -> (jobs: [(job: Job, progress: JobProgress?)], count: Int) {
        let jobs = try await store.list(states, offset: offset, limit: limit, for: caller)
        let count = try await store.count(states, for: caller)
        return (jobs.map { ($0, running[$0.id]?.progress) }, count)
    }

    /// Ends a job that is not finished, wherever it runs. What it has made by then stays.
    ///
    /// - Returns: the job as it is now; `nil` where there is none for the caller.
    package func cancel(id: String, for caller: Caller) async throws -> Job? {
        guard let found = try await find(id: id, for: caller) else { return nil }
        let event = Event.jobCancelled(id: id, kind: found.job.kind)
        guard let job = try await store.cancel(id, error: Self.cancelled, event: event, by: caller, at: .now) else {
            return try await store.find(id: id)
        }
        // Another node that runs it finds out when it renews its lease.
        if let run = running[id] { run.cancel() } else if found.job.state == .waiting { await discard(job) }
        waiters.finish(job)
        return job
    }

    /// - Returns: whether all of it is gone.
    @discardableResult func discard(_ job: Job) async -> Bool {
        do {
            try await handlers[job.kind]?.discard(job)
            return true
        } catch {
            logger.error(
                "What a job left could not be removed", metadata: ["job": "\(job.id)", "error": "\(error)"])
            return false
        }
    }

    private static let cancelled = "The job was cancelled."

    /// Waits for the job's end and gives its outcome.
    ///
    /// - Throws: `ServiceError` with the job's message where it failed, `unavailable` where the process stops first.
    package func outcome(of id: String) async throws -> Job.Outcome {
        let (waiter, end) = waiters.add(id)
        defer { waiters.remove(waiter, of: id) }
        if let job = try await store.find(id: id), job.state.isFinished { return try Self.outcome(of: job) }
        if isStopping, running[id] == nil { throw Self.stopping }
        for await job in end { return try Self.outcome(of: job) }
        try Task.checkCancellation()
        throw Self.stopping
    }

    private static func outcome(of job: Job) throws -> Job.Outcome {
        guard let outcome = job.outcome else {
            throw ServiceError(.unprocessable, job.error ?? "A processing error occurred.")
        }
        return outcome
    }

    static let stopping = ServiceError(
        .unavailable, "The server is stopping. What it has accepted goes on when it starts again.", retryAfter: 5)

    /// Sets the metrics that are not kept up to date all the time.
    package func measure() async throws { metrics.jobsAreWaiting(try await store.waitingCounts()) }

    // MARK: Stopping

    /// Takes no more jobs, lets those that run come to their end for as long as `grace`, and interrupts the others. Whoever
    /// waits for a job that will not end in this process is told so.
    package func stop(after grace: Duration) async {
        isStopping = true
        workers.finish()
        waiters.dismiss { running[$0] != nil }
        if !running.isEmpty {
            let (quiet, continuation) = AsyncStream<Void>.makeStream()
            self.quiet = continuation
            await withTaskGroup { group in
                group.addTask { for await _ in quiet {} }
                group.addTask { try? await Task.sleep(for: grace) }
                await group.next()
                group.cancelAll()
            }
        }
        waiters.dismiss()
        for job in running.values { job.cancel() }
    }

    /// Nothing will run here any more.
    func ended() {
        isStopping = true
        waiters.dismiss()
    }

    func ended(_ id: String) {
        running[id] = nil
        if running.isEmpty { quiet?.finish() }
    }
}

/// How jobs are run.
package struct JobPolicy: Sendable {
    /// The name of this process among those that work on one database, the same at each start.
    package var node: String
    /// Jobs that run at once.
    package var concurrency: Int
    /// Jobs that wait at most, those that the server makes itself left out.
    package var waitingLimit: Int
    /// A job that the process has not survived this often is not tried again.
    package var maximumAttempts = 2
    /// For how long a node that has gone silent keeps its jobs.
    package var lease = Duration.seconds(30)
    /// How often leases are renewed, and other nodes' doings looked at.
    package var interval = Duration.seconds(5)
    /// How long a finished job can be asked for.
    package var retention = Duration.seconds(7 * 24 * 3600)

    package init(node: String = UUIDText.random(), concurrency: Int = 6, waitingLimit: Int = 1000) {
        self.node = node
        self.concurrency = concurrency
        self.waitingLimit = waitingLimit
    }
}
