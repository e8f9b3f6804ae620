package import Domain
package import Logging
package import Persistence

/// Does the work of one kind of job. It may run again after a crash, so each of its steps must find out what is done.
package protocol JobHandler: Sendable {
    /// What the job came to; a `ServiceError` says why it failed.
    func run(_ job: Job, progress: @escaping @Sendable (JobProgress) async -> Void) async throws -> Job.Outcome
}

/// Runs jobs, a few at a time, in the order in which they came, and takes up at the start what a crash left unfinished.
package actor JobQueue {
    private let store: JobStore
    private let concurrency: Int
    private let logger: Logger
    private var handlers: [Job.Kind: any JobHandler] = [:]
    private var waitingJobs: [Job] = []
    private var idleWorkers: [CheckedContinuation<Job?, Never>] = []
    private var observers: [String: [Int: AsyncStream<Job>.Continuation]] = [:]
    private var nextObserver = 0
    private var progressByJob: [String: JobProgress] = [:]
    private var isStopped = false

    /// How long a finished job can be asked for.
    private static let retention: Int64 = 7 * 24 * 3600 * 1000

    package init(store: JobStore, concurrency: Int = 4, logger: Logger) {
        self.store = store
        self.concurrency = concurrency
        self.logger = logger
    }

    package func register(_ handler: any JobHandler, for kind: Job.Kind) { handlers[kind] = handler }

    /// Records a job; it runs even if nobody waits for it and if the process dies.
    package func submit(_ job: Job) async throws {
        try await store.insert(job)
        enqueue(job)
    }

    /// Runs a job that somebody has recorded already.
    package func enqueue(_ job: Job) {
        progressByJob[job.id] = JobProgress()
        if idleWorkers.isEmpty {
            waitingJobs.append(job)
        } else {
            idleWorkers.removeFirst().resume(returning: job)
        }
    }

    /// Waits for the job's end and gives its outcome.
    ///
    /// - Throws: `ServiceError` with the job's message where it failed, `unavailable` where the process stops first.
    package func outcome(of id: String) async throws -> Job.Outcome {
        let (finished, continuation) = AsyncStream<Job>.makeStream()
        let observer = nextObserver
        nextObserver += 1
        observers[id, default: [:]][observer] = continuation
        defer { forget(observer, of: id) }
        if let job = try await store.find(id: id), job.state.isFinished { return try Self.outcome(of: job) }
        if isStopped { continuation.finish() }
        for await job in finished { return try Self.outcome(of: job) }
        try Task.checkCancellation()
        throw ServiceError(.unavailable, "The server is stopping. The work goes on when it starts again.")
    }

    private func forget(_ observer: Int, of id: String) {
        observers[id]?[observer] = nil
        if observers[id]?.isEmpty == true { observers[id] = nil }
    }

    /// `nil` where there is no such job for the caller: who is confined to some workspaces sees what it began itself.
    package func find(id: String, for caller: Caller) async throws -> (job: Job, progress: JobProgress?)? {
        guard let job = try await store.find(id: id),
            caller.workspaces == .all || (caller.kind, caller.id) == (job.caller.kind, job.caller.id)
        else { return nil }
        return (job, progressByJob[id])
    }

    /// Runs until the task is cancelled. What is unfinished then is taken up by the next start.
    package func run() async throws {
        try await store.deleteFinished(before: Timestamp(milliseconds: Timestamp.now.milliseconds - Self.retention))
        for job in try await store.unfinished() where progressByJob[job.id] == nil { enqueue(job) }
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                for _ in 0..<concurrency { group.addTask { await self.work() } }
            }
        } onCancel: {
            Task { await self.stop() }
        }
    }

    private func work() async {
        while let job = await nextJob() { await perform(job) }
    }

    private func nextJob() async -> Job? {
        if isStopped { return nil }
        if !waitingJobs.isEmpty { return waitingJobs.removeFirst() }
        return await withCheckedContinuation { idleWorkers.append($0) }
    }

    private func stop() {
        isStopped = true
        for worker in idleWorkers { worker.resume(returning: nil) }
        idleWorkers = []
        for observer in observers.values.flatMap(\.values) { observer.finish() }
    }

    private func perform(_ job: Job) async {
        var finished = job
        do {
            guard let handler = handlers[job.kind] else { throw ServiceError(.unavailable, "Unknown kind of job.") }
            finished.outcome = try await handler.run(job) { await self.note($0, of: job.id) }
            finished.state = .succeeded
        } catch is CancellationError {
            return
        } catch {
            if Task.isCancelled { return }
            finished.state = .failed
            finished.error = message(for: error, of: job)
        }
        await finish(finished)
    }

    private func finish(_ job: Job) async {
        do {
            try await store.finish(job, at: .now)
        } catch {
            logger.error("The end of a job could not be stored", metadata: ["job": "\(job.id)", "error": "\(error)"])
        }
        progressByJob[job.id] = nil
        for observer in (observers[job.id] ?? [:]).values {
            observer.yield(job)
            observer.finish()
        }
    }

    private func note(_ progress: JobProgress, of id: String) {
        if progressByJob[id] != nil { progressByJob[id] = progress }
    }

    private func message(for error: any Error, of job: Job) -> String {
        if let error = error as? ServiceError {
            logger.info(
                "Job failed", metadata: ["job": "\(job.id)", "kind": "\(job.kind.rawValue)", "why": "\(error.message)"])
            return error.message
        }
        logger.error("Job failed", metadata: ["job": "\(job.id)", "error": "\(error)"])
        if error as? DatabaseError == .full { return "There is no space left in the storage directory." }
        return "A processing error occurred."
    }

    private static func outcome(of job: Job) throws -> Job.Outcome {
        guard let outcome = job.outcome else {
            throw ServiceError(.unprocessable, job.error ?? "A processing error occurred.")
        }
        return outcome
    }
}

extension JobQueue {
    /// Waits for the end of an ingestion; throws as `outcome(of:)`.
    package func ingestionOutcome(of id: String) async throws -> IngestionOutcome {
        guard case .ingestion(let outcome) = try await outcome(of: id) else { throw ServiceError.unreadableJob }
        return outcome
    }

    /// Waits for the end of a job that embeds documents; throws as `outcome(of:)`.
    package func embeddingsOutcome(of id: String) async throws -> EmbeddingsOutcome {
        guard case .embeddings(let outcome) = try await outcome(of: id) else { throw ServiceError.unreadableJob }
        return outcome
    }
}

extension ServiceError {
    /// A job was recorded in a form that nobody can read.
    static let unreadableJob = ServiceError(.invalid, "The job's payload is damaged.")
}
