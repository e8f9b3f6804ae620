import Crypto
package import Domain
import FoundationEssentials
import JWTKit
package import Persistence

/// Session tokens of people who have signed in: JSON Web Tokens (RFC 7519), signed with HMAC-SHA-256.
///
/// A token names the version of its user's sessions, so that all of them end at once with a new password, another role, or
/// a suspension. What the user may do is looked up each time and never read from the token.
package struct Sessions: Sendable {
    private let users: UserStore
    private let mode: InstanceMode
    private let owner: OwnerPassword
    private let settings: Settings
    /// Signs where the settings name no secret.
    private let derivedSecret: [UInt8]
    private let verdicts = VerdictCache()

    package init(
        users: UserStore, mode: InstanceMode, owner: OwnerPassword, settings: Settings, keyFile: SecretKeyFile
    ) {
        self.users = users
        self.mode = mode
        self.owner = owner
        self.settings = settings
        derivedSecret = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: keyFile.key), info: Data("lectern session tokens".utf8),
            outputByteCount: 32
        ).withUnsafeBytes { Array($0) }
    }

    // MARK: Beginning

    package func begin(for user: User) async throws -> String {
        try await sign(Claims(id: user.id, username: user.name, version: user.sessionVersion, expiry: expiry))
    }

    /// A session of the one person whose instance it is.
    func beginForOwner() async throws -> String {
        try await sign(Claims(owner: try await ownerFingerprint(), expiry: expiry))
    }

    /// Tells one password from another without saying which; keyed, so that nobody can try passwords on it.
    private func ownerFingerprint() async throws -> String {
        let material = Data(try await owner.material().utf8)
        let code = HMAC<SHA256>.authenticationCode(for: material, using: SymmetricKey(data: derivedSecret))
        return Array(code).prefix(16).map { $0 }.hexadecimal
    }

    private func sign(_ claims: Claims) async throws -> String { try await keys.sign(claims) }

    private var keys: JWTKeyCollection {
        get async {
            let secret = settings.snapshot.value(for: "JWT_SECRET").map { Array($0.utf8) } ?? derivedSecret
            return await JWTKeyCollection().add(hmac: HMACKey(from: Data(secret)), digestAlgorithm: .sha256)
        }
    }

    private var expiry: Date {
        let text = settings.snapshot.value(for: "JWT_EXPIRY") ?? ""
        return Date().addingTimeInterval(TimeInterval(Self.seconds(text) ?? 30 * 24 * 3600))
    }

    /// Reads `30d`, `12h`, `15m` or `90s`, also in words, like `30 days`; a bare number is seconds.
    static func seconds(_ text: String) -> Int? {
        let digits = text.trimmed.prefix { $0.isASCII && $0.isNumber }
        let unit = text.trimmed.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        guard let number = Int(digits), number > 0, let length = unit.isEmpty ? 1 : length(of: unit) else { return nil }
        let (seconds, overflows) = number.multipliedReportingOverflow(by: length)
        return overflows ? nil : min(seconds, 10 * 365 * 86_400)
    }

    /// Of a unit, in seconds.
    private static func length(of unit: String) -> Int? {
        switch unit {
        case "s", "sec", "secs", "second", "seconds": 1
        case "m", "min", "mins", "minute", "minutes": 60
        case "h", "hr", "hrs", "hour", "hours": 3600
        case "d", "day", "days": 86_400
        case "w", "week", "weeks": 604_800
        case "y", "yr", "yrs", "year", "years": 31_557_600
        default: nil
        }
    }

    // MARK: Recognising

    /// What was found out a moment ago; `nil` where it has to be looked up.
    package func remembered(_ token: CallerCredential) -> CallerCredential.Verdict? { verdicts[token] }

    package func verdict(on token: CallerCredential) async throws -> CallerCredential.Verdict {
        if let known = verdicts[token] { return known }
        let verdict = try await examine(token.text)
        verdicts.remember(verdict, on: token)
        return verdict
    }

    private func examine(_ token: String) async throws -> CallerCredential.Verdict {
        let isMultiUser = try await mode.isMultiUser()
        guard let claims = try? await keys.verify(token, as: Claims.self) else {
            return .refused(isMultiUser ? "Invalid auth token." : "Token expired or failed validation.")
        }
        guard isMultiUser else {
            guard let shown = claims.owner else { return .refused("Token expired or failed validation.") }
            let expected = try await ownerFingerprint()
            return PasswordHashing.isEqual(Array(shown.utf8), Array(expected.utf8))
                ? .caller(.owner) : .refused("Invalid auth credentials.")
        }
        guard let id = claims.id else { return .refused("Invalid auth token.") }
        guard let user = try await users.find(id: id) else { return .refused("Invalid auth for user.") }
        guard !user.isSuspended else { return .refused("User is suspended from system") }
        guard user.sessionVersion == claims.version else { return .refused("Invalid auth token.") }
        return .caller(.user(try await users.caller(for: user)))
    }

    /// Those of `callers` who are still who they were, with the same rights.
    func valid(_ callers: Set<Caller.User>) async throws -> Set<Caller.User> {
        var valid: Set<Caller.User> = []
        for user in try await users.find(ids: callers.map(\.id)) where !user.isSuspended {
            valid.insert(try await users.caller(for: user))
        }
        if !callers.isSubset(of: valid) { verdicts.forgetAll() }
        return callers.intersection(valid)
    }

    func forgetVerdicts() { verdicts.forgetAll() }
}

/// What a session token says.
private struct Claims: JWTPayload {
    var id: Int64?
    var username: String?
    var version: Int64?
    /// In single-user mode: a fingerprint of the password that the session began with.
    var owner: String?
    var exp: ExpirationClaim
    var iat: IssuedAtClaim

    init(id: Int64? = nil, username: String? = nil, version: Int64? = nil, owner: String? = nil, expiry: Date) {
        self.id = id
        self.username = username
        self.version = version
        self.owner = owner
        exp = ExpirationClaim(value: expiry)
        iat = IssuedAtClaim(value: Date())
    }

    private enum CodingKeys: String, CodingKey {
        case id, username, version = "v", owner = "p", exp, iat
    }

    func verify(using algorithm: some JWTAlgorithm) throws { try exp.verifyNotExpired() }
}

extension UserStore {
    /// The user as one who asks for something.
    package func caller(for user: User) async throws -> Caller.User {
        // Managers and administrators see all workspaces; others those that they are members of.
        let reach = user.role == .default ? WorkspaceReach.only(try await workspaces(of: user.id)) : .all
        return Caller.User(
            id: user.id, name: user.name, role: user.role, workspaces: reach,
            dailyMessageLimit: user.role == .admin ? nil : user.dailyMessageLimit, sessionVersion: user.sessionVersion)
    }
}
