package import Domain

/// Does the work of one kind of job. It may run again after a crash, so each of its steps must find out what is done.
package protocol JobHandler: Sendable {
    /// What the job came to; a `ServiceError` says why it failed.
    func run(_ job: Job, progress: @escaping @Sendable (JobProgress) async -> Void) async throws -> Job.Outcome
    /// Removes what a job that was cancelled or given up, or failed for no reason of its own, has left half done, and what only a further attempt would need.
    func discard(_ job: Job) async throws
}

extension JobHandler {
    package func discard(_ job: Job) async throws {}
}
