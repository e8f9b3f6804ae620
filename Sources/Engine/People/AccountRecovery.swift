import Domain
package import Persistence

/// The way back for users who have lost their password: codes that they were shown when they first signed in.
package struct AccountRecovery: Sendable {
    private let users: UserStore
    private let sessions: Sessions
    private let running: RunningAnswers
    private let hashing: PasswordHashing
    private let settings: Settings
    private let limiter: AttemptLimiter

    private static let codeCount = 4
    /// Codes that together prove who somebody is.
    private static let neededCodes = 2
    private static let tokenValidity = Duration.seconds(10 * 60)

    package init(
        users: UserStore, sessions: Sessions, running: RunningAnswers, hashing: PasswordHashing, settings: Settings,
        limiter: AttemptLimiter
    ) {
        self.users = users
        self.sessions = sessions
        self.running = running
        self.hashing = hashing
        self.settings = settings
        self.limiter = limiter
    }

    /// New codes in place of the old ones. They are random enough to be found by a plain hash.
    func makeCodes(for user: User) async throws -> [String] {
        let codes = (0..<Self.codeCount).map { _ in UUIDText.random() }
        try await users.setRecoveryCodes(codes.map(SecretCode.hash), of: user.id)
        return codes
    }

    /// A token that lets its holder set a new password, within ten minutes.
    ///
    /// - Throws: `invalid`, the same whatever is wrong; `tooMany` after too many failures.
    package func recover(name: String, codes: [String]) async throws -> String {
        let subjects = AttemptLimiter.Subject.signIn(as: name)
        try limiter.take(subjects)
        let user = try await users.find(name: name)
        let stored: [String] =
            if let user { try await users.recoveryCodes(of: user.id) } else { [] }
        let shown = Set(codes.map { SecretCode.hash($0.trimmed.lowercased()) })
        guard let user, !user.isSuspended, shown.intersection(stored).count >= Self.neededCodes else {
            throw ServiceError.invalid("Invalid recovery codes.")
        }
        limiter.giveBack(subjects)
        let token = UUIDText.random()
        try await users.insertToken(
            hash: SecretCode.hash(token), for: .passwordReset, of: user.id, expiresAt: .now + Self.tokenValidity,
            event: .accountRecovered(username: user.name), by: .nobody, at: .now)
        return token
    }

    /// Sets a new password; ends all sessions, and new codes are shown at the next sign-in.
    ///
    /// - Throws: `invalid` with the reason.
    package func reset(token: String, password: String, confirmation: String) async throws {
        guard !password.isEmpty else { throw ServiceError.invalid("Invalid password.") }
        guard password == confirmation else { throw ServiceError.invalid("Passwords do not match") }
        if let problem = PasswordRules(settings: settings.snapshot).problem(with: password) {
            throw ServiceError.invalid(problem)
        }
        // Known before anything is computed: nobody else is to keep the server busy.
        let subjects = AttemptLimiter.Subject.guess("reset", maximum: 20)
        try limiter.take(subjects)
        guard try await users.hasToken(hash: SecretCode.hash(token), for: .passwordReset) else {
            throw ServiceError.invalid("Invalid reset token")
        }
        limiter.giveBack(subjects)
        let hash = try await hashing.hash(password)
        guard let taken = try await users.takeToken(hash: SecretCode.hash(token), for: .passwordReset),
            taken.expiresAt > .now, let user = try await users.find(id: taken.user), !user.isSuspended
        else { throw ServiceError.invalid("Invalid reset token") }
        try await users.resetPassword(of: user.id, hash: hash, event: .passwordChanged, at: .now)
        sessions.forgetVerdicts()
        running.end(userID: user.id)
    }
}
