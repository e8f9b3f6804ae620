package import Domain
package import Persistence

/// Lets people in for whom an identity provider vouches. Whom nobody here knows becomes a user; groups decide on the role.
package struct IdentitySignIn: Sendable {
    private let users: UserStore
    private let signIn: SignIn
    private let tokens: SignInTokens
    private let mode: InstanceMode
    private let events: EventStore
    private let settings: Settings
    private let box: SecretBox
    private let provider: Factory

    /// `nil` where the program knows no such providers.
    package typealias Factory = @Sendable (OpenIDConnectEndpoint) -> (any IdentityProvider)?

    private static let validity: Int64 = 600
    private static let purpose = "sign-in attempt"

    package init(
        users: UserStore, signIn: SignIn, tokens: SignInTokens, mode: InstanceMode, events: EventStore,
        settings: Settings, box: SecretBox, provider: @escaping Factory
    ) {
        self.users = users
        self.signIn = signIn
        self.tokens = tokens
        self.mode = mode
        self.events = events
        self.settings = settings
        self.box = box
        self.provider = provider
    }

    /// Where a browser is sent, and what it has to bring back, sealed.
    package struct Beginning: Sendable {
        package let address: String
        package let sealedAttempt: String
    }

    package enum End: Sendable {
        case session(SignIn.Session)
        /// A page of this server, and a token with which it begins the session.
        case redirect(to: String, token: String)
    }

    /// - Parameters:
    ///   - base: this server as browsers reach it, `https://host`.
    ///   - destination: a page of this server; others are refused.
    /// - Throws: `notFound` where no provider is set.
    package func begin(base: String, destination: String?) async throws -> Beginning {
        let provider = try await usableProvider()
        if let destination, !Self.isOwnPage(destination) {
            throw ServiceError.invalid("redirectTo must be a path on this server.")
        }
        let attempt = SignInAttempt(
            state: SecretCode.random(), nonce: SecretCode.random(),
            verifier: SecretCode.random() + SecretCode.random(),
            callback: base + "/api/sso/oidc/callback")
        let sealed = SealedAttempt(
            attempt: attempt, destination: destination, expiresAt: Timestamp.now.seconds + Self.validity)
        return Beginning(
            address: try await provider.signInAddress(attempt),
            sealedAttempt: try box.seal(sealed.text, for: Self.purpose))
    }

    /// - Throws: `unauthorized` where the attempt is not the browser's own, or the provider vouches for nobody; `forbidden`
    ///   where the user may not come in.
    package func finish(code: String?, state: String?, sealedAttempt: String?) async throws -> End {
        let provider = try await usableProvider()
        do {
            guard let sealedAttempt, let text = try? box.open(sealedAttempt, for: Self.purpose),
                let sealed = SealedAttempt(text), sealed.expiresAt > Timestamp.now.seconds, let state,
                PasswordHashing.isEqual(Array(state.utf8), Array(sealed.attempt.state.utf8))
            else {
                throw ServiceError(.unauthorized, "This sign-in is not one that this browser has begun, or it is over.")
            }
            guard let code, !code.isEmpty else {
                throw ServiceError(.unauthorized, "The identity provider has refused the sign-in.")
            }
            let vouched = try await provider.identity(for: code, sealed.attempt)
            let user = try await user(for: vouched)
            guard let destination = sealed.destination else {
                return .session(try await signIn.session(for: user, showsRecoveryCodes: false))
            }
            return .redirect(to: destination, token: try await tokens.issue(toSignedIn: user))
        } catch let error as ServiceError where [.unauthorized, .forbidden].contains(error.code) {
            try await events.log(.signInFailed(.identityProvider, username: nil), by: .nobody)
            throw error
        }
    }

    private func usableProvider() async throws -> any IdentityProvider {
        guard let endpoint = settings.snapshot.openIDConnect, let provider = provider(endpoint) else {
            throw ServiceError.notFound("No identity provider is set.")
        }
        guard try await mode.isMultiUser() else {
            throw ServiceError(.forbidden, "Multi-User mode is not enabled. It must be enabled to sign in elsewhere.")
        }
        return provider
    }

    /// A path, and nothing that a browser would take for another server.
    private static func isOwnPage(_ text: String) -> Bool {
        text.hasPrefix("/") && !text.hasPrefix("//") && !text.contains("\\")
            && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
    }

    // MARK: Users

    private func user(for vouched: VouchedIdentity) async throws -> User {
        let snapshot = settings.snapshot
        let allowed = snapshot.names("LECTERN_OIDC_ALLOWED_GROUPS")
        guard allowed.isEmpty || !allowed.isDisjoint(with: vouched.groups) else {
            throw ServiceError(.forbidden, "You are in no group that may use this server.")
        }
        let role = snapshot.role(forGroups: Set(vouched.groups))
        guard let user = try await users.find(vouched.identity) else {
            return try await newUser(vouched, role: role ?? .default)
        }
        guard !user.isSuspended else { throw ServiceError(.forbidden, "User account suspended.") }
        guard let role, role != user.role else { return user }
        var change = UserChange()
        change.role = role
        let event = Event.userUpdated(
            id: user.id, username: user.name,
            changes: [(field: "role", change: "\(user.role.rawValue) => \(role.rawValue)")])
        // The only administrator stays one, whatever the groups say.
        guard case .updated(let updated) = try await users.update(user.id, change, event: event, by: .system, at: .now)
        else { return user }
        return updated
    }

    /// A name that is taken gets a number: no identity takes over an account because it is called the same.
    private func newUser(_ vouched: VouchedIdentity, role: Caller.Role) async throws -> User {
        let name = vouched.names.lazy.compactMap(Self.userName).first ?? "user"
        for number in 1...100 {
            let new = NewUser(
                name: number == 1 ? name : "\(name.prefix(60))-\(number)", passwordHash: nil, role: role,
                identity: vouched.identity)
            let event = Event.userCreated(username: new.name)
            if let user = try await users.insert(new, event: event, by: .system, at: .now) { return user }
            if let user = try await users.find(vouched.identity) { return user }
        }
        throw ServiceError(.conflict, "No free name was found for the user \(name).")
    }

    /// A name by the rules; an address of mail without its host.
    private static func userName(_ name: String) -> String? {
        let local = name.prefix { $0 != "@" }.lowercased()
        let mapped = local.unicodeScalars.map { scalar -> Character in
            let isFit =
                scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "._-".unicodeScalars.contains(scalar))
            return isFit ? Character(scalar) : "-"
        }
        let fit = String(mapped.drop { !$0.isLetter }.prefix(60))
        return UserRules.problem(withName: fit) == nil ? fit : nil
    }
}

/// An attempt as a browser keeps it, encrypted: one line for each part.
private struct SealedAttempt {
    let attempt: SignInAttempt
    let destination: String?
    let expiresAt: Int64

    init(attempt: SignInAttempt, destination: String?, expiresAt: Int64) {
        self.attempt = attempt
        self.destination = destination
        self.expiresAt = expiresAt
    }

    var text: String {
        [
            attempt.state, attempt.nonce, attempt.verifier, attempt.callback, String(expiresAt), destination ?? "",
        ].joined(separator: "\n")
    }

    init?(_ text: String) {
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, let expiresAt = Int64(parts[4]) else { return nil }
        attempt = SignInAttempt(state: parts[0], nonce: parts[1], verifier: parts[2], callback: parts[3])
        self.expiresAt = expiresAt
        destination = parts[5].isEmpty ? nil : parts[5]
    }
}

extension SettingsSnapshot {
    /// The identity provider that people sign in with; `nil` where none is set.
    package var openIDConnect: OpenIDConnectEndpoint? {
        guard let issuer = value(for: "LECTERN_OIDC_ISSUER"), let client = value(for: "LECTERN_OIDC_CLIENT_ID") else {
            return nil
        }
        return OpenIDConnectEndpoint(
            issuer: issuer, clientID: client, clientSecret: value(for: "LECTERN_OIDC_CLIENT_SECRET"),
            scopes: value(for: "LECTERN_OIDC_SCOPES") ?? "openid profile email",
            groupsClaim: value(for: "LECTERN_OIDC_GROUPS_CLAIM") ?? "groups")
    }

    fileprivate func names(_ variable: String) -> Set<String> { Set(list(for: variable)) }

    /// `nil` where groups do not decide on roles.
    fileprivate func role(forGroups groups: Set<String>) -> Caller.Role? {
        let (admins, managers) = (names("LECTERN_OIDC_ADMIN_GROUPS"), names("LECTERN_OIDC_MANAGER_GROUPS"))
        if admins.isEmpty, managers.isEmpty { return nil }
        if !admins.isDisjoint(with: groups) { return .admin }
        return managers.isDisjoint(with: groups) ? .default : .manager
    }
}
