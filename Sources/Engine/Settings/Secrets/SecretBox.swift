import Crypto
import FoundationEssentials

/// Encrypts what must not lie in the database in clear: AES-256-GCM, with a key that is kept beside it in a file.
///
/// A sealed text is bound to the name it was sealed for, so that one row's secret cannot be moved into another.
package struct SecretBox: Sendable {
    private let key: SymmetricKey

    /// The form of a sealed text: this, then Base64 of nonce (12 bytes), ciphertext and tag (16 bytes).
    private static let version = "v1:"
    private static let nonceSize = 12
    private static let tagSize = 16

    /// - Parameter keyFile: the key, see ``SecretKeyFile``.
    package init(_ keyFile: SecretKeyFile) { key = SymmetricKey(data: keyFile.key) }

    package func seal(_ text: String, for name: String) throws -> String {
        let box = try AES.GCM.seal(Data(text.utf8), using: key, authenticating: Self.binding(to: name))
        return Self.version + (Data(box.nonce) + box.ciphertext + box.tag).base64EncodedString()
    }

    package func open(_ sealed: String, for name: String) throws(SecretBoxError) -> String {
        guard sealed.hasPrefix(Self.version) else { throw .unknownForm }
        guard let bytes = Data(base64Encoded: String(sealed.dropFirst(Self.version.count))),
            bytes.count >= Self.nonceSize + Self.tagSize
        else { throw .damaged }
        do {
            let box = try AES.GCM.SealedBox(combined: bytes)
            let text = try AES.GCM.open(box, using: key, authenticating: Self.binding(to: name))
            return String(decoding: text, as: UTF8.self)
        } catch {
            throw .damaged
        }
    }

    private static func binding(to name: String) -> Data { Data("lectern setting \(name)".utf8) }
}

/// Why a sealed text cannot be read.
package enum SecretBoxError: Error, Equatable, CustomStringConvertible {
    /// It was not written by this version, or not sealed at all.
    case unknownForm
    /// It was changed, belongs to another name, or was sealed with another key.
    case damaged

    package var description: String {
        switch self {
        case .unknownForm: "The stored secret has a form that this version does not know."
        case .damaged: "The stored secret does not fit the key file, or has been changed."
        }
    }
}

// Printing a box shows nothing of the key.
extension SecretBox: CustomStringConvertible, CustomReflectable {
    package var description: String { "SecretBox" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
