import Crypto
package import Domain
import Foundation
package import Persistence

/// The password of the one person whose instance it is, in single-user mode. Set through the API it is kept as a hash, and
/// wins over `AUTH_TOKEN` of the environment.
package struct OwnerPassword: Sendable {
    private let preferences: PreferenceStore
    private let settings: Settings
    private let hashing: PasswordHashing

    /// The stored hash; empty where the password was taken away.
    static let preference = "owner_password_hash"

    package init(preferences: PreferenceStore, settings: Settings, hashing: PasswordHashing) {
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

    package func set(_ password: String?, by caller: Caller) async throws {
        let hash: String =
            if let password { try await hashing.hash(password) } else { "" }
        try await preferences.apply(
            [(name: Self.preference, value: hash)], event: .passwordChanged, by: caller, at: .now)
    }

    /// Tells one password from another, without saying which; sessions end when it changes.
    func fingerprint() async throws -> String {
        let secret = try await preferences.value(Self.preference) ?? fromEnvironment ?? ""
        return Array(SHA256.hash(data: Data("lectern owner \(secret)".utf8)).prefix(16)).hexadecimal
    }

    private var fromEnvironment: String? { settings.snapshot.value(for: "AUTH_TOKEN") }
}
