import Domain
import Logging
import Persistence

extension JobQueue {
    /// Runs until the task is cancelled or `stop` is called. What is unfinished then is taken up by the next start.
    package func run() async throws {
        try await begin()
        workers.wakeAll()
        await withTaskGroup { group in
            for worker in workers.all { group.addTask { await self.work(worker) } }
            let upkeep = policy.interval
            group.addTask { await self.keepUp(every: upkeep) }
            for _ in workers.all { await group.next() }
            group.cancelAll()
        }
        ended()
    }

    /// A database that cannot be asked at the start is asked again: without this no job would run until the next start.
    private func begin() async throws {
        while !isStopping {
            do {
                try await store.deleteFinished(before: .now - policy.retention)
                // What this node had claimed when its process died.
                return try await recover(heldBy: policy.node)
            } catch let error as DatabaseError {
                logger.error("Jobs cannot begin yet", metadata: ["error": "\(error)"])
                try await Task.sleep(for: policy.interval)
            }
        }
    }

    private func work(_ worker: JobWorker) async {
        for await _ in worker.signals {
            workers.begin(worker)
            while let job = await claim(from: worker.lanes) {
                // Where one job waited, more may.
                workers.wake(for: job.lane)
                await perform(job)
            }
            workers.rest(worker)
        }
    }

    private func claim(from lanes: [Job.Lane]) async -> Job? {
        guard !isStopping, !Task.isCancelled else { return nil }
        do {
            return try await store.claim(from: lanes, for: policy.node, at: .now, until: .now + policy.lease)
        } catch {
            // The upkeep wakes the workers again.
            if !(error is CancellationError) {
                logger.error("No job could be claimed", metadata: ["error": "\(error)"])
            }
            return nil
        }
    }

    private func perform(_ job: Job) async {
        guard let handler = handlers[job.kind] else {
            return await finish(job, .failure(ServiceError(.unavailable, "Unknown kind of job.")), after: .zero)
        }
        let start = ContinuousClock.now
        let task = Task { try await handler.run(job) { await self.note($0, of: job.id) } }
        running[job.id] = RunningJob(attempts: job.attempts) { task.cancel() }
        // Stopped between the claim and here.
        if isStopping { task.cancel() }
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        if case .failure = result, task.isCancelled {
            await giveBack(job)
        } else {
            await finish(job, result, after: start.duration(to: .now))
        }
        ended(job.id)
    }

    private func note(_ progress: JobProgress, of id: String) async {
        guard running[id]?.note(progress) == true else { return }
        do { try await store.forgiveDeaths(of: id, by: policy.node) } catch {
            // It is given up a death earlier then.
            logger.warning(
                "The attempts of a job could not be stored", metadata: ["job": "\(id)", "error": "\(error)"])
        }
    }

    // MARK: Ends

    private func finish(
        _ job: Job, _ result: Result<Job.Outcome, any Error>, after duration: Duration
    ) async {
        var finished = job
        switch result {
        case .success(let outcome):
            finished.state = .succeeded
            finished.outcome = outcome
        case .failure(let error):
            finished.state = .failed
            finished.error = message(for: error, of: job)
            // What fails for a reason of its own knows what it leaves; a full disk or a fault may strike between two steps. What
            // cannot even be cleared up is left to another attempt.
            if !(error is ServiceError), await !discard(job) {
                waiters.dismiss { $0 != job.id }
                return
            }
        }
        metrics.jobEnded(finished, after: duration)
        let (end, node) = (finished, policy.node)
        let isStored = await uncancelled("The end of a job could not be stored", job) { store in
            try await store.finish(end, by: node, at: .now)
        }
        // Not stored, it is not done here: another attempt, or another node, finds out what is.
        if isStored { waiters.finish(finished) } else { waiters.dismiss { $0 != job.id } }
        logger.info(
            "Job ended",
            metadata: ["job": "\(job.id)", "kind": "\(job.kind.rawValue)", "state": "\(finished.state.rawValue)"])
    }

    /// Lets others run a job that was interrupted here, which is no fault of its own.
    private func giveBack(_ job: Job) async {
        let node = policy.node
        _ = await uncancelled("A job could not be given back", job) { store in
            try await store.giveBack(job.id, by: node, at: .now)
            // Interrupted because nobody wants it any more: nobody will take it up.
            if try await store.find(id: job.id)?.state == .cancelled { await self.discard(job) }
            return true
        }
    }

    /// Stores something although this task may have been cancelled; `false` where it was not stored.
    private func uncancelled(
        _ complaint: Logger.Message, _ job: Job, _ write: @escaping @Sendable (JobStore) async throws -> Bool
    ) async -> Bool {
        do {
            return try await Task { [store] in try await write(store) }.value
        } catch {
            logger.error(complaint, metadata: ["job": "\(job.id)", "error": "\(error)"])
            return false
        }
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

    // MARK: Upkeep

    private func keepUp(every interval: Duration) async {
        while (try? await Task.sleep(for: interval)) != nil {
            do { try await upkeep() } catch is CancellationError {
                return
            } catch {
                logger.error("The upkeep of jobs failed", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Renews leases, takes over jobs of nodes that have gone silent, and looks for what other nodes have recorded or
    /// finished.
    package func upkeep() async throws {
        if !running.isEmpty {
            let held = Set(try await store.renew(for: policy.node, until: .now + policy.lease))
            // The process was held up beyond its lease, and another node works on these.
            for (id, job) in running where !held.contains(id) { try await cancelIfLost(id, job) }
        }
        try await recover(heldBy: nil)
        for job in try await store.finished(among: waiters.jobs) { waiters.finish(job) }
        for lane in try await store.waitingLanes() { workers.wake(for: lane) }
    }

    /// A job that ended while leases were renewed is not lost.
    private func cancelIfLost(_ id: String, _ job: RunningJob) async throws {
        guard let stored = try await store.find(id: id), stored.owner != policy.node, running[id] != nil else { return }
        job.cancel()
    }

    /// Takes over the jobs of a node, or those whose lease has run out; those that keep ending the process fail.
    private func recover(heldBy node: String?) async throws {
        for job in try await store.failExhausted(
            heldBy: node, expired: .now, attempts: policy.maximumAttempts, error: Self.poisoned)
        {
            logger.error("A job was given up", metadata: ["job": "\(job.id)", "attempts": "\(job.attempts)"])
            await discard(job)
            waiters.finish(job)
        }
        try await store.resume(heldBy: node, since: start, expired: .now)
    }

    static let poisoned = """
        The server ended unexpectedly each time it worked on this, so it is not tried again. The file may need more memory \
        than there is.
        """
}
