import Crypto
import Domain

/// Random codes that people and programs are handed, and the hashes by which they are found again.
enum SecretCode {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    /// Four groups of seven characters of Crockford's base 32: 140 random bits.
    static func random(prefix: String = "") -> String {
        var generator = SystemRandomNumberGenerator()
        let groups = (0..<4).map { _ in
            String((0..<7).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
        }
        return prefix + groups.joined(separator: "-")
    }

    /// So many random bits need no salt and no slow function.
    static func hash(_ code: String) -> String { Array(SHA256.hash(data: Array(code.utf8))).hexadecimal }
}
