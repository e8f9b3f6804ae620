/// Says who somebody is who signs in elsewhere.
package protocol IdentityProvider: Sendable {
    /// The address that a browser is sent to.
    func signInAddress(_ attempt: SignInAttempt) async throws -> String
    /// Who came back with `code` from an attempt.
    ///
    /// - Throws: `ServiceError`: `unauthorized` where the provider vouches for nobody, `upstream` where it does not answer.
    func identity(for code: String, _ attempt: SignInAttempt) async throws -> VouchedIdentity
}

/// One attempt to sign in, from its beginning to its end; only the browser that began it can end it.
package struct SignInAttempt: Sendable, Equatable {
    /// Comes back with the browser.
    package var state: String
    /// Comes back in the provider's token.
    package var nonce: String
    /// Proves to the provider that whoever brings the code has asked for it (RFC 7636).
    package var verifier: String
    /// Where the provider sends the browser back to.
    package var callback: String

    package init(state: String, nonce: String, verifier: String, callback: String) {
        self.state = state
        self.nonce = nonce
        self.verifier = verifier
        self.callback = callback
    }
}

/// Somebody for whom a provider vouches.
package struct VouchedIdentity: Sendable, Equatable {
    package var identity: ExternalIdentity
    /// Names that the provider knows, the best first.
    package var names: [String]
    package var groups: [String]

    package init(identity: ExternalIdentity, names: [String], groups: [String]) {
        self.identity = identity
        self.names = names
        self.groups = groups
    }
}

/// A provider that speaks OpenID Connect, and how this server is known to it.
package struct OpenIDConnectEndpoint: Sendable, Hashable {
    package var issuer: String
    package var clientID: String
    /// `nil` for a client without a secret, which PKCE alone protects.
    package var clientSecret: String?
    package var scopes: String
    /// The claim that names the groups.
    package var groupsClaim: String

    package init(issuer: String, clientID: String, clientSecret: String?, scopes: String, groupsClaim: String) {
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.scopes = scopes
        self.groupsClaim = groupsClaim
    }
}
