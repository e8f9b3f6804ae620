package import Domain
import OrderedJSON

/// The addresses that documents were made of, and what is known of their checks.
package struct LinkStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    // MARK: Recording

    /// Stores a link, before the documents that name it. One that is there stays as it is, so that a job which runs again
    /// changes nothing.
    package func insert(_ link: StoredLink) async throws {
        try await database.write(
            """
            INSERT INTO link (
                id, address, metadata, sealed_headers, obeys_robots, validated_address, entity_tag, last_modified, caller,
                created_at, next_check_at, failure_count
            ) VALUES (
                \(link.id), \(link.address.whole), \((link.metadata?.stored).map(JSON.object)), \(link.sealedHeaders),
                \(link.obeysRobots), \(link.validators?.address.whole), \(link.validators?.entityTag),
                \(link.validators?.lastModified), \(link.caller), \(link.createdAt), \(link.nextCheckAt),
                \(link.failureCount)
            ) ON CONFLICT (id) DO NOTHING
            """)
    }

    /// Removes those of the links that no document names, where they were stored before `time`: documents may be about to
    /// come.
    package func removeUnused(before time: Timestamp) async throws {
        do {
            try await database.write("DELETE FROM link WHERE created_at < \(time) AND \(isUnused)")
        } catch DatabaseError.foreignKeyViolation {
            // A document has just come; the next time finds out.
        }
    }

    /// Removes a link where no document names it.
    package func removeIfUnused(_ id: String) async throws {
        try await database.write("DELETE FROM link WHERE id = \(id) AND \(isUnused)")
    }

    private var isUnused: SQL { "NOT EXISTS (SELECT 1 FROM document d WHERE d.link_id = link.id)" }

    // MARK: Reading

    /// Those of the links that there are, in no particular order.
    package func find(ids: [String]) async throws -> [StoredLink] {
        guard !ids.isEmpty else { return [] }
        return try await database.read("SELECT * FROM link WHERE id \(in: ids)", StoredLink.init)
    }

    package func find(id: String) async throws -> StoredLink? { try await find(ids: [id]).first }

    // MARK: Watching

    /// Has links watched, or not any more, and forgets what went wrong before.
    ///
    /// - Parameters:
    ///   - headers: to be sent from now on, encrypted, by link, `nil` for none; those of others stay as they are.
    ///   - next: when those that were not watched are checked first.
    package func setWatched(
        _ isWatched: Bool, _ ids: [String], headers: [String: String?], next: Timestamp, event: Event,
        by caller: Caller, at time: Timestamp
    ) async throws {
        let change: SQL =
            isWatched
            ? """
            UPDATE link SET
                next_check_at = COALESCE(next_check_at, \(next)), failure_count = 0, caller = \(caller)
            WHERE id \(in: ids)
            """ : "UPDATE link SET next_check_at = NULL WHERE id \(in: ids)"
        let sealed = headers.sorted { $0.key < $1.key }.map { id, text -> SQL in
            "UPDATE link SET sealed_headers = \(text) WHERE id = \(id)"
        }
        try await database.write([change] + sealed + [EventStore.statement(event, by: caller, at: time)])
    }

    /// Links whose time has come, those that have waited longest first.
    package func due(at time: Timestamp, limit: Int) async throws -> [StoredLink] {
        try await database.read(
            "SELECT * FROM link WHERE next_check_at <= \(time) ORDER BY next_check_at, id LIMIT \(limit)",
            StoredLink.init)
    }

    /// Records the job that checks a link which is due, and when it is checked again if that job is lost.
    ///
    /// - Returns: `false`, and there is no job, where another node was faster or somebody has changed the link.
    package func schedule(_ link: StoredLink, job: Job, next: Timestamp) async throws -> Bool {
        let isDue: SQL = """
            EXISTS (SELECT 1 FROM link WHERE id = \(link.id) AND next_check_at = \(link.nextCheckAt))
            """
        return try await !database.write([
            JobStore.insertion(of: job, where: isDue),
            """
            UPDATE link SET next_check_at = \(next)
            WHERE id = \(link.id) AND next_check_at = \(link.nextCheckAt) RETURNING id
            """,
        ]) { try $0.get("id", as: String.self) }.isEmpty
    }

    // MARK: Checks

    /// What a check has come to.
    package enum Check: Sendable {
        case unchanged(LinkValidators?)
        case changed(LinkValidators?)
        /// - Parameters:
        ///   - counts: whether what is behind the address is to blame, which ends the watch when it happens `limit` times in
        ///     a row.
        ///   - retry: when it is tried again.
        case failed(String, counts: Bool, limit: Int, retry: Timestamp)
    }

    /// - Parameter next: when a link that is watched is checked again.
    package func record(
        _ check: Check, of link: StoredLink, next: Timestamp, at time: Timestamp
    ) async throws {
        switch check {
        case .unchanged(let validators):
            try await database.write(success(link, validators, changedAt: nil, next: next, at: time))
        case .changed(let validators):
            try await database.write(success(link, validators, changedAt: time, next: next, at: time))
        case .failed(let error, let counts, let limit, let retry):
            let end: SQL = "id = \(link.id) AND failure_count >= \(limit) AND next_check_at IS NOT NULL"
            try await database.write([
                """
                UPDATE link SET
                    last_checked_at = \(time), last_error = \(error), failure_count = failure_count + \(counts ? 1 : 0),
                    next_check_at = CASE WHEN next_check_at IS NULL THEN NULL ELSE \(retry) END
                WHERE id = \(link.id)
                """,
                EventStore.statement(
                    .linkUnwatched(link.address.text, reason: error), by: link.caller, at: time,
                    where: "EXISTS (SELECT 1 FROM link WHERE \(end))"),
                "UPDATE link SET next_check_at = NULL WHERE \(end)",
            ])
        }
    }

    private func success(
        _ link: StoredLink, _ validators: LinkValidators?, changedAt: Timestamp?, next: Timestamp, at time: Timestamp
    ) -> SQL {
        """
        UPDATE link SET
            last_checked_at = \(time), last_changed_at = COALESCE(\(changedAt), last_changed_at), last_error = NULL,
            failure_count = 0, validated_address = \(validators?.address.whole), entity_tag = \(validators?.entityTag),
            last_modified = \(validators?.lastModified),
            next_check_at = CASE WHEN next_check_at IS NULL THEN NULL ELSE \(next) END
        WHERE id = \(link.id)
        """
    }
}

extension StoredLink {
    init(_ row: any SQLRow) throws {
        guard let address = LinkAddress(try row.get("address", as: String.self)) else {
            throw DatabaseError.other("a link holds no address")
        }
        let metadata = try row.get("metadata", as: JSON?.self)?.objectValue
        self.init(
            id: try row.get("id"), address: address, metadata: metadata.map(DocumentMetadata.init(stored:)),
            sealedHeaders: try row.get("sealed_headers"), obeysRobots: try row.get("obeys_robots"),
            validators: try LinkValidators(row), caller: try row.get("caller", as: Caller?.self) ?? .system,
            createdAt: try row.get("created_at"))
        nextCheckAt = try row.get("next_check_at")
        lastCheckedAt = try row.get("last_checked_at")
        lastChangedAt = try row.get("last_changed_at")
        lastError = try row.get("last_error")
        failureCount = try row.get("failure_count")
    }
}

extension LinkValidators {
    fileprivate init?(_ row: any SQLRow) throws {
        guard let address = try row.get("validated_address", as: String?.self).flatMap(LinkAddress.init) else {
            return nil
        }
        self.init(
            address: address, entityTag: try row.get("entity_tag"), lastModified: try row.get("last_modified"))
    }
}
