package import Domain

/// Users, and the mode in which there are any.
package struct UserStore: Sendable {
    let database: any Database

    package init(_ database: any Database) { self.database = database }

    // MARK: Reading

    package func all() async throws -> [User] {
        try await database.read("SELECT * FROM user_account ORDER BY id", User.init)
    }

    package func page(offset: Int, limit: Int) async throws -> [User] {
        try await database.read(
            "SELECT * FROM user_account ORDER BY id LIMIT \(limit) OFFSET \(offset)", User.init)
    }

    package func count() async throws -> Int { try await database.count("SELECT COUNT(*) FROM user_account") }

    package func find(id: User.ID) async throws -> User? {
        try await database.readInline("SELECT * FROM user_account WHERE id = \(id)", User.init).first
    }

    package func find(ids: [User.ID]) async throws -> [User] {
        try await database.rows(
            of: ids.count, "SELECT * FROM user_account WHERE id \(in: ids) ORDER BY id", User.init)
    }

    package func find(name: String) async throws -> User? {
        try await database.readInline("SELECT * FROM user_account WHERE name = \(name)", User.init).first
    }

    package func find(_ identity: ExternalIdentity) async throws -> User? {
        try await database.readInline(
            """
            SELECT * FROM user_account WHERE issuer = \(identity.issuer) AND subject = \(identity.subject)
            """, User.init
        ).first
    }

    /// `nil` for one who has none.
    package func passwordHash(of user: User.ID) async throws -> String? {
        try await database.readInline("SELECT password_hash FROM user_account WHERE id = \(user)") { row in
            try row.get("password_hash", as: String?.self)
        }.first.flatMap(\.self)
    }

    // MARK: Changing

    /// `nil` where the name, or the identity, is taken.
    package func insert(
        _ user: NewUser, workspaces: [Workspace.ID] = [], event: Event, by caller: Caller, at time: Timestamp
    ) async throws -> User? {
        do {
            let statements =
                [Self.insertion(user, at: time)]
                + [Self.membership(ofUserNamed: user.name, workspaces, at: time)]
                + [
                    EventStore.statement(
                        event, "userId", of: "SELECT id FROM user_account WHERE name = \(user.name)", by: caller,
                        at: time)
                ]
                + ["UPDATE user_account SET name = name WHERE name = \(user.name) RETURNING *"]
            return try await database.write(statements, User.init).first
        } catch DatabaseError.uniqueViolation {
            return nil
        }
    }

    /// The statement that makes a user.
    static func insertion(_ user: NewUser, at time: Timestamp) -> SQL {
        """
        INSERT INTO user_account (
            name, password_hash, role, is_suspended, daily_message_limit, bio, has_seen_recovery_codes,
            session_version, issuer, subject, created_at, last_updated_at
        ) VALUES (
            \(user.name), \(user.passwordHash), \(user.role.rawValue), FALSE, \(user.dailyMessageLimit), \(user.bio),
            FALSE, 0, \(user.identity?.issuer), \(user.identity?.subject), \(time), \(time)
        )
        """
    }

    /// Makes a user a member of those workspaces that exist.
    static func membership(ofUserNamed name: String, _ workspaces: [Workspace.ID], at time: Timestamp) -> SQL {
        """
        INSERT INTO workspace_user (workspace_id, user_id, created_at)
        SELECT w.id, u.id, \(time) FROM workspace w, user_account u
        WHERE u.name = \(name) AND w.id \(in: workspaces)
        ON CONFLICT (workspace_id, user_id) DO NOTHING
        """
    }

    package enum UpdateOutcome: Sendable {
        case updated(User)
        case notFound
        case nameTaken
        /// Nobody would be left who may administer.
        case lastAdministrator
    }

    /// Changes a user, with the event that says so. Where sessions end with it, the tokens that let somebody in do, too.
    package func update(
        _ id: User.ID, _ change: UserChange, event: Event, by caller: Caller, at time: Timestamp
    ) async throws -> UpdateOutcome {
        let losesOffice = change.isSuspended == true || (change.role ?? .admin) != .admin
        // In the statements themselves: of two administrators who demote each other at once, one is left.
        let mayChange: SQL =
            losesOffice ? "id = \(id) AND \(raw: Self.isNotTheLastAdministrator)" : "id = \(id)"
        let ended: Int64 = change.endsSessions ? 1 : 0
        var statements = [
            EventStore.statement(
                event, by: caller, at: time, where: "EXISTS (SELECT 1 FROM user_account WHERE \(mayChange))")
        ]
        if change.endsSessions { statements.append("DELETE FROM one_time_token WHERE user_id = \(id)") }
        let limit: SQL = change.dailyMessageLimit.map { "\($0)" } ?? "daily_message_limit"
        // What was not asked to change keeps what somebody else may have set meanwhile.
        statements.append(
            """
            UPDATE user_account SET
                name = COALESCE(\(change.name), name),
                password_hash = COALESCE(\(change.passwordHash), password_hash),
                role = COALESCE(\(change.role?.rawValue), role),
                is_suspended = COALESCE(\(change.isSuspended), is_suspended),
                daily_message_limit = \(limit),
                bio = COALESCE(\(change.bio), bio),
                session_version = session_version + \(ended),
                last_updated_at = \(time)
            WHERE \(mayChange) RETURNING *
            """)
        do {
            return try await outcome(of: statements, id)
        } catch DatabaseError.uniqueViolation {
            return .nameTaken
        }
    }

    /// Deletes a user with all that is theirs: conversations, threads, memberships. Records of what they did stay.
    ///
    /// - Parameter heir: whose the conversations and threads become instead; nobody is deleted where there is no such user.
    package func delete(
        _ id: User.ID, leavingChatsTo heir: User.ID? = nil, event: Event, by caller: Caller, at time: Timestamp
    ) async throws -> UpdateOutcome {
        var mayDelete: SQL = "id = \(id) AND \(raw: Self.isNotTheLastAdministrator)"
        if let heir {
            mayDelete = "\(mayDelete) AND EXISTS (SELECT 1 FROM user_account heir WHERE heir.id = \(heir))"
        }
        let exists: SQL = "EXISTS (SELECT 1 FROM user_account WHERE \(mayDelete))"
        let estate: [SQL] =
            if let heir {
                [
                    "UPDATE chat SET user_id = \(heir) WHERE user_id = \(id) AND \(exists)",
                    "UPDATE thread SET user_id = \(heir) WHERE user_id = \(id) AND \(exists)",
                ]
            } else {
                [
                    "DELETE FROM chat WHERE user_id = \(id) AND \(exists)",
                    "DELETE FROM thread WHERE user_id = \(id) AND \(exists)",
                ]
            }
        return try await outcome(
            of: [EventStore.statement(event, by: caller, at: time, where: exists)] + estate
                + ["DELETE FROM user_account WHERE \(mayDelete) RETURNING *"], id)
    }

    /// Holds for every row but that of the only administrator who can act.
    private static let isNotTheLastAdministrator: StaticString = """
        (role <> 'admin' OR is_suspended OR EXISTS (
            SELECT 1 FROM user_account other
            WHERE other.role = 'admin' AND NOT other.is_suspended AND other.id <> user_account.id
        ))
        """

    private func outcome(of statements: [SQL], _ id: User.ID) async throws -> UpdateOutcome {
        if let user = try await database.write(statements, User.init).first { return .updated(user) }
        return try await find(id: id) == nil ? .notFound : .lastAdministrator
    }

    // MARK: Multi-user mode

    /// Turns multi-user mode on with its first administrator, who becomes the owner of what nobody owned; `false` where it
    /// is on already.
    package func enableMultiUserMode(_ administrator: NewUser, by caller: Caller, at time: Timestamp) async throws
        -> Bool
    {
        let owner: SQL = "(SELECT id FROM user_account WHERE name = \(administrator.name))"
        do {
            try await database.write([
                // First, and refused where it is there: of two at once, one turns the mode on.
                """
                INSERT INTO preference (name, value, updated_at)
                VALUES (\(PreferenceStore.multiUserMode), 'true', \(time))
                """,
                // Whoever was here before the mode was on, and in an earlier attempt, is nobody now.
                Self.insertion(administrator, at: time),
                "UPDATE chat SET user_id = \(owner) WHERE user_id IS NULL AND session_id IS NULL",
                "UPDATE thread SET user_id = \(owner) WHERE user_id IS NULL",
                EventStore.statement(.multiUserModeEnabled, by: caller, at: time),
            ])
            return true
        } catch DatabaseError.uniqueViolation {
            return false
        }
    }
}

extension User {
    init(_ row: any SQLRow) throws {
        let name = try row.get("role", as: String.self)
        // One that is unknown, of a later version, must not become another one.
        guard let role = Caller.Role(rawValue: name) else {
            throw DatabaseError.other("a user has the unknown role \(name)")
        }
        self.init(
            id: try row.get("id"), name: try row.get("name"), role: role, isSuspended: try row.get("is_suspended"),
            dailyMessageLimit: try row.get("daily_message_limit"), bio: try row.get("bio"),
            hasSeenRecoveryCodes: try row.get("has_seen_recovery_codes"),
            sessionVersion: try row.get("session_version"), createdAt: try row.get("created_at"),
            lastUpdatedAt: try row.get("last_updated_at"))
    }
}
