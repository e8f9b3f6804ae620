package import Domain

package struct JobStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func insert(_ job: Job) async throws { try await database.write(Self.insertion(of: job)) }

    /// For a transaction that also stores what the job works on.
    package static func insertion(of job: Job) -> SQL {
        """
        INSERT INTO job (
            id, kind, state, payload, result, error, created_at, updated_at
        ) VALUES (
            \(job.id), \(job.kind.rawValue), \(job.state.rawValue), \(job.payload), \(job.result), \(job.error),
            \(job.createdAt), \(job.updatedAt)
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

    package func finish(_ id: String, _ state: Job.State, result: JSON?, error: String?, at time: Timestamp)
        async throws
    {
        try await database.write(
            """
            UPDATE job SET state = \(state.rawValue), result = \(result), error = \(error), updated_at = \(time)
            WHERE id = \(id)
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
        self.init(
            id: try row.get("id"), kind: Kind(rawValue: try row.get("kind")) ?? .upload,
            payload: try row.get("payload"), createdAt: try row.get("created_at"))
        state = State(rawValue: try row.get("state")) ?? .failed
        result = try row.get("result")
        error = try row.get("error")
        updatedAt = try row.get("updated_at")
    }
}
