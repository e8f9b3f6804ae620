package import Domain
package import Persistence

/// Lets people in who show a password, and says nothing to those who guess.
package struct SignIn: Sendable {
    private let users: UserStore
    private let sessions: Sessions
    private let owner: OwnerPassword
    private let mode: InstanceMode
    private let recovery: AccountRecovery
    private let hashing: PasswordHashing
    private let events: EventStore
    private let settings: Settings
    private let limiter: AttemptLimiter

    package init(
        users: UserStore, sessions: Sessions, owner: OwnerPassword, mode: InstanceMode, recovery: AccountRecovery,
        hashing: PasswordHashing, events: EventStore, settings: Settings,
        limiter: AttemptLimiter
    ) {
        self.users = users
        self.sessions = sessions
        self.owner = owner
        self.mode = mode
        self.recovery = recovery
        self.hashing = hashing
        self.events = events
        self.settings = settings
        self.limiter = limiter
    }

    package struct Session: Sendable {
        package let token: String
        /// `nil` in single-user mode.
        package let user: User?
        /// Shown once, at the first time that the user signs in.
        package let recoveryCodes: [String]?
    }

    /// - Throws: `unauthorized` with what the wire says; the same for a name that nobody has and for a wrong password.
    ///   `forbidden` where passwords are not taken, `tooMany` after too many failures.
    package func withPassword(_ password: String, name: String?) async throws -> Session {
        try await mode.isMultiUser()
            ? await userSession(name: name ?? "", password) : await ownerSession(password)
    }

    private func userSession(name: String, _ password: String) async throws -> Session {
        guard !settings.snapshot.allowsOnlySingleSignOn else {
            throw ServiceError(.forbidden, "[005] Login via credentials has been disabled by the administrator.")
        }
        let subjects = AttemptLimiter.Subject.signIn(as: name)
        try limiter.take(subjects)
        let user = try await users.find(name: name)
        let stored: String? =
            if let user { try await users.passwordHash(of: user.id) } else { nil }
        guard try await hashing.matches(password, stored), let user else {
            let failure = user == nil ? Event.SignInFailure.invalidUsername : .invalidPassword
            try await events.log(.signInFailed(failure, username: name.loggable), by: .nobody)
            throw ServiceError(.unauthorized, "[001] Invalid login credentials.")
        }
        guard !user.isSuspended else {
            try await events.log(.signInFailed(.suspended, username: user.name), by: .nobody)
            throw ServiceError(.unauthorized, "[004] Account suspended by admin.")
        }
        limiter.giveBack(subjects)
        return try await session(for: user, showsRecoveryCodes: true)
    }

    /// A session for a user who has shown who they are.
    func session(for user: User, showsRecoveryCodes: Bool) async throws -> Session {
        let codes = showsRecoveryCodes && !user.hasSeenRecoveryCodes ? try await recovery.makeCodes(for: user) : nil
        let caller = Caller.user(try await users.caller(for: user))
        try await events.log(.signedIn(username: user.name), by: caller)
        return Session(
            token: try await sessions.begin(for: user), user: try await users.find(id: user.id) ?? user,
            recoveryCodes: codes)
    }

    private func ownerSession(_ password: String) async throws -> Session {
        let subjects = AttemptLimiter.Subject.signIn(as: "")
        try limiter.take(subjects)
        guard try await owner.matches(password) else {
            try await events.log(.signInFailed(.invalidPassword, username: nil), by: .nobody)
            throw ServiceError(.unauthorized, "[003] Invalid password provided")
        }
        limiter.giveBack(subjects)
        try await events.log(.signedIn(username: nil), by: .owner)
        return Session(token: try await sessions.beginForOwner(), user: nil, recoveryCodes: nil)
    }
}

extension String {
    /// A name that somebody sent who is unknown, fit for the event log.
    fileprivate var loggable: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.prefix(64).filter {
                    !$0.properties.isDefaultIgnorableCodePoint && $0.value >= 0x20 && $0.value != 0x7F
                }))
    }
}
