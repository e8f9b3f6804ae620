package import Domain
import OrderedJSON

package struct JobStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    // MARK: Recording

    /// - Parameter node: the one whose client waits for the job.
    package func insert(_ job: Job, node: String? = nil) async throws {
        var job = job
        job.owner = node
        try await database.write(Self.insertion(of: job))
    }

    /// For a transaction that also stores what the job works on.
    ///
    /// - Parameter condition: the job is recorded only where this holds.
    package static func insertion(of job: Job, where condition: SQL = "TRUE") -> SQL {
        """
        INSERT INTO job (
            id, kind, state, caller, \(raw: callerColumns), lane, owner, payload, result, error, created_at, updated_at
        ) SELECT
            \(job.id), \(job.kind.rawValue), \(job.state.rawValue), \(job.caller), \(caller: job.caller),
            \(job.lane.rawValue), \(job.owner), \(job.work.stored), \(job.outcome?.stored), \(job.error),
            \(job.createdAt), \(job.updatedAt)
        WHERE \(condition)
        """
    }

    // MARK: Reading

    package func find(id: String) async throws -> Job? {
        try await database.read("SELECT * FROM job WHERE id = \(id)", Job.init).first
    }

    /// Those of the jobs that there are, as far as the caller may know of them, in no particular order.
    package func find(ids: [String], for caller: Caller) async throws -> [Job] {
        try await database.read("SELECT * FROM job j WHERE j.id \(in: ids) AND \(jobVisibleTo: caller)", Job.init)
    }

    /// Jobs in one of these states, the newest first, as far as the caller may know of them.
    package func list(
        _ states: [Job.State], offset: Int, limit: Int, for caller: Caller
    ) async throws -> [Job] {
        try await database.read(
            """
            SELECT * FROM job j WHERE j.state \(in: states.map(\.rawValue)) AND \(jobVisibleTo: caller)
            ORDER BY j.created_at DESC, j.id DESC LIMIT \(limit) OFFSET \(offset)
            """, Job.init)
    }

    package func count(_ states: [Job.State], for caller: Caller) async throws -> Int {
        try await database.count(
            "SELECT COUNT(*) FROM job j WHERE j.state \(in: states.map(\.rawValue)) AND \(jobVisibleTo: caller)")
    }

    /// Jobs that are not finished, oldest first.
    package func unfinished() async throws -> [Job] {
        try await database.read(
            """
            SELECT * FROM job WHERE state IN ('waiting', 'running') ORDER BY created_at, id
            """, Job.init)
    }

    /// How many jobs wait for a worker, counted up to `limit`.
    package func waitingCount(atMost limit: Int) async throws -> Int {
        try await database.readInline(
            """
            SELECT COUNT(*) FROM (SELECT 1 AS one FROM job WHERE state = 'waiting' LIMIT \(limit)) AS waiting
            """
        ) { Int(try $0.integer(0)) }.first ?? 0
    }

    /// The lanes in which jobs wait.
    package func waitingLanes() async throws -> [Job.Lane] {
        try await database.readInline("SELECT DISTINCT lane FROM job WHERE state = 'waiting'") { try $0.get("lane") }
            .compactMap(Job.Lane.init)
    }

    /// How many jobs wait, by lane.
    package func waitingCounts() async throws -> [Job.Lane: Int] {
        let counts = try await database.read(
            "SELECT lane, COUNT(*) AS count FROM job WHERE state = 'waiting' GROUP BY lane"
        ) { (Job.Lane(rawValue: try $0.get("lane")), Int(try $0.get("count", as: Int64.self))) }
        return counts.reduce(into: [:]) { result, count in if let lane = count.0 { result[lane] = count.1 } }
    }

    /// Those of the jobs that are finished.
    package func finished(among ids: [String]) async throws -> [Job] {
        guard !ids.isEmpty else { return [] }
        return try await database.read(
            "SELECT * FROM job WHERE id \(in: ids) AND state NOT IN ('waiting', 'running')", Job.init)
    }

    // MARK: Claims

    /// Claims the oldest waiting job of the first lane that has one; `nil` where none waits, or where another node was
    /// quicker.
    package func claim(
        from lanes: [Job.Lane], for node: String, at time: Timestamp, until end: Timestamp
    ) async throws -> Job? {
        guard let last = lanes.last else { return nil }
        let names = (lanes + Array(repeating: last, count: 4)).map(\.rawValue)
        let (first, second, third, fourth) = (names[0], names[1], names[2], names[3])
        // Of two nodes that have chosen the same job, PostgreSQL lets one wait and then look again whether it is waiting.
        return try await database.write(
            """
            UPDATE job SET
                state = 'running', owner = \(node), lease_until = \(end), attempts = attempts + 1, updated_at = \(time)
            WHERE state = 'waiting' AND id = (
                SELECT id FROM job WHERE state = 'waiting' AND lane IN (\(first), \(second), \(third), \(fourth))
                ORDER BY CASE lane WHEN \(first) THEN 0 WHEN \(second) THEN 1 WHEN \(third) THEN 2 ELSE 3 END, created_at, id LIMIT 1
            )
            RETURNING *
            """, Job.init
        ).first
    }

    /// Keeps what the node works on for longer; gives the ids of these jobs.
    package func renew(for node: String, until end: Timestamp) async throws -> [String] {
        try await database.write(
            "UPDATE job SET lease_until = \(end) WHERE state = 'running' AND owner = \(node) RETURNING id"
        ) { try $0.get("id") }
    }

    /// Stores the end of a job; `false` where another node has taken it over, whose end counts.
    @discardableResult
    package func finish(_ job: Job, by node: String, at time: Timestamp) async throws -> Bool {
        let finished = try await database.write(
            """
            UPDATE job SET
                state = \(job.state.rawValue), result = \(job.outcome?.stored), error = \(job.error), updated_at = \(time),
                owner = NULL, lease_until = NULL
            WHERE id = \(job.id) AND state = 'running' AND owner = \(node)
            RETURNING id
            """
        ) { try $0.get("id", as: String.self) }
        return !finished.isEmpty
    }

    /// Counts the attempts of a job from this one on.
    package func forgiveDeaths(of id: String, by node: String) async throws {
        try await database.write(
            "UPDATE job SET attempts = 1 WHERE id = \(id) AND state = 'running' AND owner = \(node)")
    }

    /// Lets others run a job whose attempt does not count.
    package func giveBack(_ id: String, by node: String, at time: Timestamp) async throws {
        try await database.write(
            """
            UPDATE job SET
                state = 'waiting', lane = 'background', attempts = attempts - 1, updated_at = \(time), owner = NULL,
                lease_until = NULL
            WHERE id = \(id) AND state = 'running' AND owner = \(node)
            """)
    }

    /// Ends a job that is not finished; `nil` where it is.
    package func cancel(
        _ id: String, error: String, event: Event, by caller: Caller, at time: Timestamp
    ) async throws -> Job? {
        let isUnfinished: SQL = "id = \(id) AND state IN ('waiting', 'running')"
        return try await database.write(
            [
                EventStore.statement(
                    event, by: caller, at: time, where: "EXISTS (SELECT 1 FROM job WHERE \(isUnfinished))"),
                """
                UPDATE job SET
                    state = 'cancelled', error = \(error), updated_at = \(time), owner = NULL, lease_until = NULL
                WHERE \(isUnfinished)
                RETURNING *
                """,
            ], Job.init
        ).first
    }

    // MARK: Recovery

    /// Lets the running jobs of a node, and those whose lease has run out, fail where they were begun `attempts` times or
    /// more.
    package func failExhausted(
        heldBy node: String?, expired time: Timestamp, attempts: Int, error: String
    ) async throws -> [Job] {
        try await database.write(
            """
            UPDATE job SET
                state = 'failed', error = \(error), updated_at = \(time), owner = NULL, lease_until = NULL
            WHERE state = 'running' AND attempts >= \(attempts) AND (owner = \(node) OR lease_until < \(time))
            RETURNING *
            """, Job.init)
    }

    /// Lets the others wait for another attempt. Those for which clients of the node waited before it began at `start` have
    /// nobody now.
    package func resume(heldBy node: String?, since start: Timestamp, expired time: Timestamp) async throws {
        try await database.write([
            """
            UPDATE job SET state = 'waiting', lane = 'resumed', owner = NULL, lease_until = NULL
            WHERE state = 'running' AND (owner = \(node) OR lease_until < \(time))
            """,
            """
            UPDATE job SET lane = 'background', owner = NULL
            WHERE state = 'waiting' AND lane IN ('quick', 'interactive') AND owner = \(node) AND created_at < \(start)
            """,
        ])
    }

    /// Removes finished jobs that nobody will ask for any more.
    package func deleteFinished(before time: Timestamp) async throws {
        try await database.write(
            "DELETE FROM job WHERE state NOT IN ('waiting', 'running') AND updated_at < \(time)")
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
        lane = Lane(rawValue: try row.get("lane")) ?? .resumed
        attempts = try row.get("attempts")
        owner = try row.get("owner")
        state = State(rawValue: try row.get("state")) ?? .failed
        outcome = try row.get("result", as: JSON?.self).flatMap { stored in kind.flatMap { Outcome($0, stored: stored) }
        }
        error = try row.get("error")
        updatedAt = try row.get("updated_at")
    }
}
