package import Domain

package struct JobStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func insert(_ job: Job) async throws { try await database.write(Self.insertion(of: job)) }

    /// For a transaction that also stores what the job works on.
    package static func insertion(of job: Job) -> SQL {
        """
        INSERT INTO job (
            id, kind, state, caller, payload, result, error, created_at, updated_at
        ) VALUES (
            \(job.id), \(job.kind.rawValue), \(job.state.rawValue), \(job.caller), \(job.work.stored),
            \(job.outcome?.stored), \(job.error), \(job.createdAt), \(job.updatedAt)
        )
        """
    }

    package func find(id: String) async throws -> Job? {
        try await database.read("SELECT * FROM job WHERE id = \(id)", Job.init).first
    }

    /// Jobs that a crash or a shutdown left unfinished, oldest first.
    package func unfinished() async throws -> [Job] {
        try await database.read(
            """
            SELECT * FROM job WHERE state IN ('waiting', 'running') ORDER BY created_at, id
            """, Job.init)
    }

    /// Stores how a job ended: its state, its outcome and its error.
    package func finish(_ job: Job, at time: Timestamp) async throws {
        try await database.write(
            """
            UPDATE job
            SET state = \(job.state.rawValue), result = \(job.outcome?.stored), error = \(job.error), updated_at = \(time)
            WHERE id = \(job.id)
            """)
    }

    /// Removes finished jobs that nobody will ask for any more.
    package func deleteFinished(before time: Timestamp) async throws {
        try await database.write(
            "DELETE FROM job WHERE state IN ('succeeded', 'failed') AND updated_at < \(time)")
    }
}

extension Job {
    fileprivate init(_ row: any SQLRow) throws {
        let kind = Kind(rawValue: try row.get("kind"))
        let payload = try? row.get("payload", as: JSON.self)
        let work = kind.flatMap { kind in payload.map { Work(kind, stored: $0) } }
        self.init(
            work ?? .unreadable(kind ?? .upload), by: try row.get("caller", as: Caller?.self) ?? .system,
            id: try row.get("id"), createdAt: try row.get("created_at"))
        state = State(rawValue: try row.get("state")) ?? .failed
        outcome = try row.get("result", as: JSON?.self).flatMap { stored in kind.flatMap { Outcome($0, stored: stored) }
        }
        error = try row.get("error")
        updatedAt = try row.get("updated_at")
    }
}
