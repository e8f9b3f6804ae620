import Concurrency
import Crypto
import CryptoExtras
import Domain
import FoundationEssentials

/// Passwords as they are stored: scrypt (RFC 7914), in the string format of the Password Hashing Competition,
/// `$scrypt$ln=15,r=8,p=1$salt$hash`.
///
/// Runs on the compute pool: one password takes about 50 ms and 32 MiB, and that is the point of it.
package struct PasswordHashing: Sendable {
    /// The binary logarithm of scrypt's cost; passwords that were stored with another one go on matching.
    private let cost: Int

    package static let standardCost = 15
    private static let blockSize = 8
    private static let saltLength = 16
    private static let hashLength = 32

    package init(cost: Int = standardCost) { self.cost = cost }

    package func hash(_ password: String) async throws -> String {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<Self.saltLength).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let cost = cost
        let hash = try await ComputePool.shared.run { try Self.derive(password, salt: salt, cost: cost) }
        return "$scrypt$ln=\(cost),r=\(Self.blockSize),p=1$\(Self.base64(salt))$\(Self.base64(hash))"
    }

    /// Whether the password is the one that was stored. Takes as long where nothing is stored, so that the time it takes
    /// does not say whether there is such a user.
    package func matches(_ password: String, _ stored: String?) async throws -> Bool {
        let parts = stored?.split(separator: "$").map(String.init) ?? []
        guard parts.count == 4, parts[0] == "scrypt", let cost = Self.cost(in: parts[1]),
            let salt = Self.bytes(parts[2]), let expected = Self.bytes(parts[3])
        else {
            _ = try await hash(password)
            return false
        }
        let actual = try await ComputePool.shared.run { try Self.derive(password, salt: salt, cost: cost) }
        return Self.isEqual(actual, expected)
    }

    private static func derive(_ password: String, salt: [UInt8], cost: Int) throws -> [UInt8] {
        // Composed, so that a password matches however a keyboard writes its accents.
        let key = try KDF.Scrypt.deriveKey(
            from: Array(password.composed.utf8), salt: salt, outputByteCount: hashLength, rounds: 1 << cost,
            blockSize: blockSize, parallelism: 1, maxMemory: 256 << 20)
        return key.withUnsafeBytes { Array($0) }
    }

    /// In a time that does not depend on where they differ.
    static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func cost(in parameters: String) -> Int? {
        parameters.split(separator: ",").lazy.compactMap { $0.hasPrefix("ln=") ? Int($0.dropFirst(3)) : nil }
            .first { (4...20).contains($0) }
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("=", with: "")
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: text + padding).map(Array.init)
    }
}
