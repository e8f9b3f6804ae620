package import Domain
package import Persistence

/// Makes, changes and removes users, for those who may.
///
/// Managers have to do with managers and default users alone; an administrator who is the last one stays.
package struct UserAccounts: Sendable {
    private let users: UserStore
    private let sessions: Sessions
    private let running: RunningAnswers
    private let hashing: PasswordHashing
    private let settings: Settings
    private let keys: APIKeys
    private let limiter: AttemptLimiter

    package init(
        users: UserStore, sessions: Sessions, running: RunningAnswers, hashing: PasswordHashing, settings: Settings,
        keys: APIKeys, limiter: AttemptLimiter
    ) {
        self.keys = keys
        self.limiter = limiter
        self.users = users
        self.sessions = sessions
        self.running = running
        self.hashing = hashing
        self.settings = settings
    }

    package func all() async throws -> [User] { try await users.all() }

    package func page(offset: Int, limit: Int) async throws -> (users: [User], count: Int) {
        (try await users.page(offset: offset, limit: limit), try await users.count())
    }

    package func find(id: User.ID) async throws -> User? { try await users.find(id: id) }

    // MARK: Changing

    /// - Throws: `invalid` for the first rule that is broken, `forbidden` where the caller may not make such a user.
    package func create(
        _ fields: UserFields, workspaces: [Workspace.ID] = [], by caller: Caller
    ) async throws -> User {
        let new = try await checked(fields)
        guard caller.mayManage(new.role) else {
            throw ServiceError(.forbidden, "Invalid role selection for user.")
        }
        let event = Event.userCreated(username: new.name, workspaces: workspaces)
        guard let user = try await users.insert(new, workspaces: workspaces, event: event, by: caller, at: .now) else {
            throw Self.nameTaken
        }
        return user
    }

    /// A new user, its password hashed; the password is looked at first, as the wire has it.
    func checked(_ fields: UserFields) async throws -> NewUser {
        let password = fields.password ?? ""
        if let problem = PasswordRules(settings: settings.snapshot).problem(with: password) {
            throw ServiceError.invalid(problem)
        }
        let name = fields.name ?? ""
        let bio = fields.bio ?? ""
        let limit = fields.dailyMessageLimit ?? nil
        for problem in [
            UserRules.problem(withName: name), UserRules.problem(withBio: bio), UserRules.problem(withLimit: limit),
        ] {
            if let problem { throw ServiceError.invalid(problem) }
        }
        let role = try fields.role.map { name throws(ServiceError) in try UserRules.role(name) } ?? .default
        return NewUser(
            name: name, passwordHash: try await hashing.hash(password), role: role, dailyMessageLimit: limit, bio: bio)
    }

    /// - Throws: `notFound`, `invalid` for the first rule that is broken, `conflict` where no administrator would be left.
    package func update(_ id: User.ID, _ fields: UserFields, by caller: Caller) async throws -> User {
        guard let user = try await users.find(id: id) else { throw Self.notFound }
        guard caller.mayManage(user.role) else { throw ServiceError(.forbidden, "Cannot perform that action on user.") }
        let change = try await checked(fields, of: user)
        if let role = change.role, !caller.mayManage(role) {
            throw ServiceError(.forbidden, "Invalid role selection for user.")
        }
        return try await carryOut(change, on: user, by: caller)
    }

    /// The caller's own name, password and biography. The first two are changed by whoever knows the password.
    package func updateOwn(
        _ fields: UserFields, currentPassword: String?, by caller: Caller.User
    ) async throws -> User {
        guard let user = try await users.find(id: caller.id) else { throw Self.notFound }
        guard !fields.isEmpty else { throw ServiceError.invalid("No updates provided") }
        if fields.password != nil || fields.name.map({ $0 != user.name }) == true {
            let subjects = AttemptLimiter.Subject.signIn(as: user.name)
            try limiter.take(subjects)
            let stored = try await users.passwordHash(of: user.id)
            guard try await hashing.matches(currentPassword ?? "", stored) else {
                throw ServiceError(.forbidden, "The current password is needed for that, as currentPassword.")
            }
            limiter.giveBack(subjects)
        }
        return try await carryOut(try await checked(fields, of: user), on: user, by: .user(caller))
    }

    private func checked(_ fields: UserFields, of user: User) async throws -> UserChange {
        var change = UserChange()
        // Older names may break the rules; they may stay.
        if let name = fields.name, name != user.name {
            if let problem = UserRules.problem(withName: name) { throw ServiceError.invalid(problem) }
            change.name = name
        }
        if let role = fields.role { change.role = try UserRules.role(role) }
        change.isSuspended = fields.isSuspended
        if let limit = fields.dailyMessageLimit {
            if let problem = UserRules.problem(withLimit: limit) { throw ServiceError.invalid(problem) }
            change.dailyMessageLimit = limit
        }
        if let bio = fields.bio {
            if let problem = UserRules.problem(withBio: bio) { throw ServiceError.invalid(problem) }
            change.bio = bio
        }
        if let password = fields.password {
            if let problem = PasswordRules(settings: settings.snapshot).problem(with: password) {
                throw ServiceError.invalid(problem)
            }
            change.passwordHash = try await hashing.hash(password)
        }
        guard !fields.isEmpty else { throw ServiceError.invalid("No valid updates applied.") }
        // What stays as it is ends no session.
        if change.role == user.role { change.role = nil }
        if change.isSuspended == user.isSuspended { change.isSuspended = nil }
        if change.dailyMessageLimit == .some(user.dailyMessageLimit) { change.dailyMessageLimit = .none }
        if change.bio == user.bio { change.bio = nil }
        return change
    }

    private func carryOut(_ change: UserChange, on user: User, by caller: Caller) async throws -> User {
        let changes = change.changes(of: user)
        // What was sent is what there is.
        guard !changes.isEmpty else { return user }
        let event = Event.userUpdated(id: user.id, username: user.name, changes: changes)
        switch try await users.update(user.id, change, event: event, by: caller, at: .now) {
        case .updated(let updated):
            if change.endsSessions { endAccess(of: updated) }
            return updated
        case .notFound: throw Self.notFound
        case .nameTaken: throw Self.nameTaken
        case .lastAdministrator: throw Self.lastAdministrator
        }
    }

    /// Deletes a user. Conversations and threads go with the user, or become those of `heir`.
    ///
    /// - Throws: `notFound`, `invalid` where the heir is nobody else who exists, `forbidden` where the caller may not manage
    ///   one of the two, `conflict` where no administrator would be left; nothing has changed then.
    package func delete(_ id: User.ID, leavingChatsTo heir: User.ID? = nil, by caller: Caller) async throws {
        guard let user = try await users.find(id: id) else { throw Self.notFound }
        var roles = [user.role]
        var heirName: String?
        if let heir {
            guard heir != id, let other = try await users.find(id: heir) else { throw Self.noHeir(heir) }
            roles.append(other.role)
            heirName = other.name
        }
        guard roles.allSatisfy(caller.mayManage) else {
            throw ServiceError(.forbidden, "Cannot perform that action on user.")
        }
        let event = Event.userDeleted(id: id, username: user.name, heir: heirName)
        switch try await users.delete(id, leavingChatsTo: heir, event: event, by: caller, at: .now) {
        case .updated: endAccess(of: user)
        case .notFound, .nameTaken: throw Self.notFound
        case .lastAdministrator:
            if let heir, try await users.find(id: heir) == nil { throw Self.noHeir(heir) }
            throw Self.lastAdministrator
        }
    }

    /// Ends all sessions of a user.
    package func signOut(_ caller: Caller.User) async throws {
        try await users.endSessions(of: caller.id, event: .signedOut, by: .user(caller), at: .now)
        sessions.forgetVerdicts()
    }

    /// What is under way ends at once, also under the keys that the user has made (`RevocationWatch` sees to other nodes).
    private func endAccess(of user: User) {
        sessions.forgetVerdicts()
        keys.forgetVerdicts()
        running.end(userID: user.id)
    }

    // MARK: Errors

    static let notFound = ServiceError.notFound("User not found")
    static let nameTaken = ServiceError.invalid("A user with that username already exists")
    private static func noHeir(_ id: User.ID) -> ServiceError {
        .invalid("Chats cannot be reassigned to \(id): there is no other user with that id.")
    }
    static let lastAdministrator = ServiceError(
        .conflict, "No system admins will remain if you do this. Update failed.")
}

extension Caller {
    /// Whether the caller may make, change or remove a user of a role.
    func mayManage(_ role: Role) -> Bool {
        if case .user(let user) = self { user.role == .admin || role != .admin } else { true }
    }
}

extension UserChange {
    /// For the event log.
    fileprivate func changes(of user: User) -> [(field: String, change: String)] {
        var changes: [(field: String, change: String)] = []
        if let name { changes.append(("username", "\(user.name) => \(name)")) }
        if let role { changes.append(("role", "\(user.role.rawValue) => \(role.rawValue)")) }
        if let isSuspended { changes.append(("suspended", "\(user.isSuspended ? 1 : 0) => \(isSuspended ? 1 : 0)")) }
        if let limit = dailyMessageLimit {
            let text = { (limit: Int?) in limit.map(String.init) ?? "null" }
            changes.append(("dailyMessageLimit", "\(text(user.dailyMessageLimit)) => \(text(limit))"))
        }
        if bio != nil { changes.append(("bio", "changed")) }
        if passwordHash != nil { changes.append(("password", "changed")) }
        return changes
    }
}
