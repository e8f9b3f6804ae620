import Crypto
package import Domain
import FoundationEssentials
package import Persistence

/// The password of the one person whose instance it is, in single-user mode. Set through the API it is kept as a hash, and
/// wins over `AUTH_TOKEN` of the environment.
package struct OwnerPassword: Sendable {
    private let preferences: PreferenceStore
    private let settings: Settings
    private let hashing: PasswordHashing

    /// The stored hash; empty where the password was taken away.
    static let preference = "owner_password_hash"

    private let limiter: AttemptLimiter

    package init(
        preferences: PreferenceStore, settings: Settings, hashing: PasswordHashing, limiter: AttemptLimiter
    ) {
        self.limiter = limiter
        self.preferences = preferences
        self.settings = settings
        self.hashing = hashing
    }

    package func isSet() async throws -> Bool {
        try await preferences.value(Self.preference).map { !$0.isEmpty } ?? (fromEnvironment != nil)
    }

    package func matches(_ password: String) async throws -> Bool {
        if let stored = try await preferences.value(Self.preference) {
            return try await hashing.matches(password, stored.isEmpty ? nil : stored)
        }
        guard let expected = fromEnvironment else { return try await hashing.matches(password, nil) }
        // Digests, so that the time says nothing of the length either.
        let digests = [password, expected].map { Array(SHA256.hash(data: Data($0.utf8))) }
        return PasswordHashing.isEqual(digests[0], digests[1])
    }

    /// The same for somebody who is signed in and may be guessing.
    ///
    /// - Throws: `tooMany` after too many attempts.
    package func confirms(_ password: String) async throws -> Bool {
        let subjects = AttemptLimiter.Subject.signIn(as: "")
        try limiter.take(subjects)
        guard try await matches(password) else { return false }
        limiter.giveBack(subjects)
        return true
    }

    /// Whether a password, or that there is none, was set through the API.
    func isStored() async throws -> Bool { try await preferences.value(Self.preference) != nil }

    /// - Throws: `invalid` for a password that breaks a rule.
    package func set(_ password: String?, by caller: Caller) async throws {
        if let password, let problem = PasswordRules(settings: settings.snapshot).problem(with: password) {
            throw ServiceError.invalid(problem)
        }
        let hash: String =
            if let password { try await hashing.hash(password) } else { "" }
        try await preferences.apply(
            [(name: Self.preference, value: hash)], event: .passwordChanged, by: caller, at: .now)
    }

    /// What tells one password from another; for a keyed hash, and for nobody to see.
    func material() async throws -> String { try await preferences.value(Self.preference) ?? fromEnvironment ?? "" }

    private var fromEnvironment: String? { settings.snapshot.value(for: "AUTH_TOKEN") }
}
