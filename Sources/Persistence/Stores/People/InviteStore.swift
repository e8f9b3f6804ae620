package import Domain

/// Invitations; of each code only a hash is compared.
package struct InviteStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func insert(
        hash: String, sealedCode: String, workspaces: [Workspace.ID], maximumUses: Int, expiresAt: Timestamp?,
        by caller: Caller, at time: Timestamp
    ) async throws -> Invite {
        let list = workspaces.map(String.init).joined(separator: ",")
        let rows = try await database.write(
            [
                """
                INSERT INTO invite (
                    hash, sealed_code, status, workspaces, maximum_uses, \(raw: callerColumns), created_at,
                    last_updated_at, expires_at
                ) VALUES (
                    \(hash), \(sealedCode), 'pending', \(list), \(maximumUses), \(caller: caller), \(time), \(time),
                    \(expiresAt)
                )
                """,
                EventStore.statement(
                    .inviteCreated(workspaces: workspaces, maximumUses: maximumUses), "inviteId",
                    of: "SELECT id FROM invite WHERE hash = \(hash)", by: caller, at: time),
                "UPDATE invite SET status = status WHERE hash = \(hash) RETURNING *, NULL AS claimer",
            ], Invite.init)
        guard let invite = rows.first else { throw DatabaseError.other("no invite was stored") }
        return invite
    }

    package func all() async throws -> [Invite] {
        try await database.read("\(raw: Self.selection) ORDER BY i.id", Invite.init)
    }

    package func find(hash: String) async throws -> Invite? {
        try await database.readInline("\(raw: Self.selection) WHERE i.hash = \(hash)", Invite.init).first
    }

    /// Takes back an invite that nobody has claimed; one that is claimed or disabled stays as it is.
    ///
    /// - Returns: `nil` where there is no such invite.
    package func disable(id: Int64, by caller: Caller, at time: Timestamp) async throws -> Invite? {
        guard let before = try await find(id: id) else { return nil }
        guard before.status == .pending else { return before }
        try await database.write([
            EventStore.statement(.inviteDeleted(id: id), by: caller, at: time),
            """
            UPDATE invite SET status = 'disabled', last_updated_at = \(time) WHERE id = \(id) AND status = 'pending'
            """,
        ])
        return try await find(id: id)
    }

    private func find(id: Int64) async throws -> Invite? {
        try await database.readInline("\(raw: Self.selection) WHERE i.id = \(id)", Invite.init).first
    }

    package enum ClaimOutcome: Sendable {
        case claimed(User)
        case unusable
        case nameTaken
    }

    /// Makes the user whom an invite lets in, a member of its workspaces, in one transaction: of two who claim it at once,
    /// no more become users than it lets in, and a name that is taken leaves the invite as it was.
    ///
    /// - Parameter claim: tells this attempt from every other one.
    package func claim(
        hash: String, claim: String, as user: NewUser, at time: Timestamp
    ) async throws -> ClaimOutcome {
        guard let invite = try await find(hash: hash) else { return .unusable }
        do {
            let rows = try await database.write(
                [
                    """
                    UPDATE invite SET
                        status = CASE WHEN uses + 1 < maximum_uses THEN 'pending' ELSE 'claimed' END, uses = uses + 1,
                        claim = \(claim), last_updated_at = \(time)
                    WHERE hash = \(hash) AND status = 'pending' AND (expires_at IS NULL OR expires_at > \(time))
                    """,
                    """
                    INSERT INTO user_account (
                        name, password_hash, role, is_suspended, daily_message_limit, bio, has_seen_recovery_codes,
                        session_version, created_at, last_updated_at
                    )
                    SELECT \(user.name), \(user.passwordHash), \(user.role.rawValue), FALSE, NULL,
                        '', FALSE, 0, \(time), \(time)
                    FROM invite WHERE claim = \(claim)
                    """,
                    """
                    INSERT INTO workspace_user (workspace_id, user_id, created_at)
                    SELECT w.id, u.id, \(time) FROM workspace w, user_account u, invite i
                    WHERE i.claim = \(claim) AND u.name = \(user.name) AND w.id \(in: invite.workspaces)
                    """,
                    """
                    UPDATE invite SET claimed_by = (SELECT id FROM user_account WHERE name = \(user.name))
                    WHERE claim = \(claim)
                    """,
                    EventStore.statement(
                        .inviteAccepted(id: invite.id, username: user.name), by: .nobody, at: time,
                        where: "EXISTS (SELECT 1 FROM invite WHERE claim = \(claim))"),
                    """
                    UPDATE user_account SET name = name
                    WHERE name = \(user.name) AND EXISTS (SELECT 1 FROM invite WHERE claim = \(claim)) RETURNING *
                    """,
                ], User.init)
            return rows.first.map(ClaimOutcome.claimed) ?? .unusable
        } catch DatabaseError.uniqueViolation {
            return .nameTaken
        }
    }

    private static let selection: StaticString = """
        SELECT i.*, u.name AS claimer FROM invite i LEFT JOIN user_account u ON u.id = i.claimed_by
        """
}

extension Invite {
    fileprivate init(_ row: any SQLRow) throws {
        let status = try row.get("status", as: String.self)
        guard let status = Status(rawValue: status) else {
            throw DatabaseError.other("an invite has the unknown status \(status)")
        }
        let claimer = try row.get("claimed_by", as: Int64?.self)
        let name = try row.get("claimer", as: String?.self)
        self.init(
            id: try row.get("id"), sealedCode: try row.get("sealed_code"), status: status,
            workspaces: try row.get("workspaces", as: String.self).split(separator: ",").compactMap { Int64($0) },
            claimedBy: claimer.map { NamedUser(id: $0, name: name) }, uses: try row.get("uses"),
            maximumUses: try row.get("maximum_uses"), createdBy: try Caller.Record(row),
            createdAt: try row.get("created_at"), lastUpdatedAt: try row.get("last_updated_at"),
            expiresAt: try row.get("expires_at"))
    }
}

extension Caller.Record {
    init(_ row: any SQLRow) throws {
        self.init(
            kind: try row.get("caller_kind"), id: try row.get("caller_id"), name: try row.get("caller_name"))
    }
}
