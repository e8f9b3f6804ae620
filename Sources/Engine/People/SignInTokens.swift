package import Domain
package import Persistence

/// Single sign-on by another program, which vouches for a user and hands them a token that works once, within six minutes.
package struct SignInTokens: Sendable {
    private let users: UserStore
    private let signIn: SignIn
    private let mode: InstanceMode
    private let events: EventStore
    private let settings: Settings

    private static let validity = Duration.seconds(6 * 60)
    private static let handover = Duration.seconds(60)
    private static let prefix = "allm-tat-"

    package init(users: UserStore, signIn: SignIn, mode: InstanceMode, events: EventStore, settings: Settings) {
        self.users = users
        self.signIn = signIn
        self.mode = mode
        self.events = events
        self.settings = settings
    }

    /// - Throws: `forbidden` where tokens are not in use, or the user is suspended; `notFound`.
    package func issue(for id: User.ID?, by caller: Caller) async throws -> String {
        try await requireOn()
        guard let id, let user = try await users.find(id: id) else { throw UserAccounts.notFound }
        guard !user.isSuspended else { throw ServiceError(.forbidden, "User account suspended.") }
        guard caller.mayManage(user.role) else { throw ServiceError(.forbidden, "Cannot perform that action on user.") }
        let token = SecretCode.random(prefix: Self.prefix)
        try await users.insertToken(
            hash: SecretCode.hash(token), for: .signIn, of: user.id, expiresAt: .now + Self.validity,
            event: .signInTokenIssued(username: user.name), by: caller, at: .now)
        return token
    }

    /// A token for a user who has just signed in elsewhere, to carry the session over to a page.
    func issue(toSignedIn user: User) async throws -> String {
        let token = SecretCode.random(prefix: Self.prefix)
        let caller = Caller.user(try await users.caller(for: user))
        try await users.insertToken(
            hash: SecretCode.hash(token), for: .signIn, of: user.id, expiresAt: .now + Self.handover,
            event: .signInTokenIssued(username: user.name), by: caller, at: .now)
        return token
    }

    /// - Throws: `forbidden` where tokens are not in use; `unauthorized` with the reason.
    package func redeem(_ token: String?) async throws -> SignIn.Session {
        if settings.snapshot.openIDConnect == nil { try await requireOn() }
        do {
            guard let token, !token.isEmpty else {
                throw ServiceError(
                    .unauthorized, "Public token is required to validate a temporary auth token.")
            }
            guard let taken = try await users.takeToken(hash: SecretCode.hash(token), for: .signIn),
                let user = try await users.find(id: taken.user)
            else { throw ServiceError(.unauthorized, "Invalid token.") }
            guard taken.expiresAt > .now else { throw ServiceError(.unauthorized, "Token expired.") }
            guard !user.isSuspended else { throw ServiceError(.unauthorized, "User account suspended.") }
            return try await signIn.session(for: user, showsRecoveryCodes: false)
        } catch let error as ServiceError where error.code == .unauthorized {
            try await events.log(.signInFailed(.invalidToken, username: nil), by: .nobody)
            throw ServiceError(
                .unauthorized, "[001] An error occurred while validating the token: \(error.message)")
        }
    }

    private func requireOn() async throws {
        guard settings.snapshot.offersSimpleSSO else {
            throw ServiceError(
                .forbidden,
                "Simple SSO is not enabled. It must be enabled to validate or issue temporary auth tokens.")
        }
        guard try await mode.isMultiUser() else {
            throw ServiceError(
                .forbidden, "Multi-User mode is not enabled. It must be enabled to use Simple SSO.")
        }
    }
}
