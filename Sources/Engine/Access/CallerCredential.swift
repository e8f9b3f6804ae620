import Crypto
package import Domain

/// What somebody shows who wants to be known: an API key, or the token of a session.
package struct CallerCredential: Sendable {
    let text: String
    /// By which it is found, so that the time it takes says nothing about how near a guess was.
    let digest: SHA256Digest
    /// Whether it has the form of a session token, and not that of an API key.
    package let isToken: Bool

    package init(_ text: String) {
        self.text = text
        digest = SHA256.hash(data: Array(text.utf8))
        isToken = text.utf8.count { $0 == UInt8(ascii: ".") } == 2
    }

    /// Whom it lets in, or why it does not, in the words of the wire.
    package enum Verdict: Sendable, Equatable {
        case caller(Caller)
        case refused(String)
    }
}
