package import Domain

/// Does the work of one kind of job. It may run again after a crash, so each of its steps must find out what is done.
package protocol JobHandler: Sendable {
    /// What the job came to; a `ServiceError` says why it failed.
    func run(_ job: Job, progress: @escaping @Sendable (JobProgress) async -> Void) async throws -> Job.Outcome
    /// Removes what only a further attempt would need, after a job that was given up without running again.
    func discard(_ job: Job) async
}

extension JobHandler {
    package func discard(_ job: Job) async {}
}
