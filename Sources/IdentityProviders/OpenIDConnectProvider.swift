package import AsyncHTTPClient
import Crypto
package import Domain
import Foundation
import JWTKit
import NIOCore
import NIOHTTP1
import OrderedJSON

/// A provider of identities that speaks OpenID Connect (Core 1.0, Discovery 1.0): the authorization code flow with PKCE.
package struct OpenIDConnectProvider: IdentityProvider {
    private let endpoint: OpenIDConnectEndpoint
    private let client: HTTPClient
    private let documents = DocumentCache()

    private static let patience = TimeAmount.seconds(15)
    private static let maximumAnswer = 1 << 20

    package init(_ endpoint: OpenIDConnectEndpoint, client: HTTPClient) {
        self.endpoint = endpoint
        self.client = client
    }

    // MARK: The flow

    package func signInAddress(_ attempt: SignInAttempt) async throws -> String {
        let configuration = try await configuration()
        let base = try Self.text(configuration, "authorization_endpoint")
        let challenge = Data(SHA256.hash(data: Data(attempt.verifier.utf8))).base64URL
        let query = Self.form([
            ("response_type", "code"), ("client_id", endpoint.clientID), ("redirect_uri", attempt.callback),
            ("scope", endpoint.scopes), ("state", attempt.state), ("nonce", attempt.nonce),
            ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ])
        return base + (base.contains("?") ? "&" : "?") + query
    }

    package func identity(for code: String, _ attempt: SignInAttempt) async throws -> VouchedIdentity {
        let configuration = try await configuration()
        let tokens = try await exchange(code, attempt, configuration)
        guard let token = tokens["id_token"]?.stringValue else {
            throw ServiceError(.unauthorized, "The identity provider sent no ID token.")
        }
        var claims = try await verified(token, attempt, configuration)
        guard let subject = claims["sub"]?.stringValue, !subject.isEmpty else {
            throw ServiceError(.unauthorized, "The identity provider's token names nobody.")
        }
        if let more = try await userInfo(tokens, configuration), more["sub"]?.stringValue == subject {
            for member in more.members where claims[member.key] == nil { claims[member.key] = member.value }
        }
        return VouchedIdentity(
            identity: ExternalIdentity(issuer: endpoint.issuer, subject: subject),
            names: ["preferred_username", "nickname", "email", "name"].compactMap { claims[$0]?.stringValue },
            groups: Self.groups(claims[endpoint.groupsClaim]))
    }

    private static func groups(_ claim: JSON?) -> [String] {
        claim?.arrayValue?.compactMap(\.stringValue) ?? claim?.stringValue.map { [$0] } ?? []
    }

    private func exchange(
        _ code: String, _ attempt: SignInAttempt, _ configuration: JSONObject
    ) async throws -> JSONObject {
        let address = try Self.text(configuration, "token_endpoint")
        var fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", attempt.callback),
            ("code_verifier", attempt.verifier), ("client_id", endpoint.clientID),
        ]
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        if let secret = endpoint.clientSecret {
            // Where a provider does not say how clients show their secret, it is in the header.
            let methods = configuration["token_endpoint_auth_methods_supported"]?.arrayValue ?? []
            if methods.isEmpty || methods.contains("client_secret_basic") {
                let credentials = "\(Self.escaped(endpoint.clientID)):\(Self.escaped(secret))"
                request.headers.add(
                    name: "Authorization", value: "Basic \(Data(credentials.utf8).base64EncodedString())")
            } else {
                fields.append(("client_secret", secret))
            }
        }
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: Self.form(fields)))
        let (status, answer) = try await send(request)
        guard (200..<300).contains(status) else {
            throw ServiceError(
                .unauthorized, "The identity provider refused the sign-in.",
                cause: ProviderFailure(status: status, error: answer["error"]?.stringValue))
        }
        return answer
    }

    private func userInfo(_ tokens: JSONObject, _ configuration: JSONObject) async throws -> JSONObject? {
        guard let address = configuration["userinfo_endpoint"]?.stringValue,
            let token = tokens["access_token"]?.stringValue
        else { return nil }
        var request = HTTPClientRequest(url: address)
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        let (status, answer) = try await send(request)
        return status == 200 ? answer : nil
    }

    // MARK: The token

    /// The claims of a token that the provider has signed for this client and this attempt.
    private func verified(
        _ token: String, _ attempt: SignInAttempt, _ configuration: JSONObject
    ) async throws -> JSONObject {
        let address = try Self.text(configuration, "jwks_uri")
        let claims: IdentityClaims
        do {
            claims = try await keys(at: address, fresh: false).verify(token, as: IdentityClaims.self)
        } catch {
            // The provider may have changed its keys since.
            do {
                claims = try await keys(at: address, fresh: true).verify(token, as: IdentityClaims.self)
            } catch {
                throw ServiceError(.unauthorized, "The identity provider's token cannot be verified.", cause: error)
            }
        }
        guard claims.iss == endpoint.issuer, claims.aud.value.contains(endpoint.clientID),
            claims.aud.value.count == 1 || claims.azp == endpoint.clientID, claims.nonce == attempt.nonce
        else { throw ServiceError(.unauthorized, "The identity provider's token is for somebody else.") }
        let parts = token.split(separator: ".")
        guard parts.count == 3, let payload = Data(base64URL: String(parts[1])),
            let object = try JSON(parsing: payload).objectValue
        else { throw ServiceError(.unauthorized, "The identity provider's token cannot be read.") }
        return object
    }

    private func keys(at address: String, fresh: Bool) async throws -> JWTKeyCollection {
        let document = try await document(at: address, fresh: fresh)
        let keys = JWTKeyCollection()
        // One at a time: providers publish keys for other purposes, and of kinds that are not known here.
        for (index, key) in (document["keys"]?.arrayValue ?? []).enumerated() {
            guard var key = key.objectValue, key["use"] == nil || key["use"] == "sig" else { continue }
            if key["kid"] == nil { key["kid"] = .string("unnamed-\(index)") }
            let text = Data(JSON.object(key).text.utf8)
            guard let jwk = try? JSONDecoder().decode(JWK.self, from: text) else { continue }
            _ = try? await keys.add(jwk: jwk)
        }
        return keys
    }

    // MARK: What the provider publishes

    private func configuration() async throws -> JSONObject {
        let base = endpoint.issuer.hasSuffix("/") ? String(endpoint.issuer.dropLast()) : endpoint.issuer
        let document = try await document(at: base + "/.well-known/openid-configuration", fresh: false)
        // A document of another issuer could send people and codes anywhere.
        guard document["issuer"]?.stringValue == endpoint.issuer else {
            throw ServiceError(.upstream, "The identity provider is not the issuer that LECTERN_OIDC_ISSUER names.")
        }
        return document
    }

    private func document(at address: String, fresh: Bool) async throws -> JSONObject {
        if let known = documents.find(address, fresh: fresh) { return known }
        let (status, document) = try await send(HTTPClientRequest(url: address))
        guard status == 200, !document.members.isEmpty else {
            throw ServiceError(
                .upstream, "The identity provider does not answer.", cause: ProviderFailure(status: status, error: nil))
        }
        documents.remember(document, of: address)
        return document
    }

    private func send(_ request: HTTPClientRequest) async throws -> (status: Int, answer: JSONObject) {
        do {
            let response = try await client.execute(request, timeout: Self.patience)
            let body = try await response.body.collect(upTo: Self.maximumAnswer)
            let answer = try? JSON(parsing: body.readableBytesView).objectValue
            return (Int(response.status.code), answer ?? JSONObject())
        } catch let error as CancellationError {
            throw error
        } catch {
            throw ServiceError(.upstream, "The identity provider does not answer.", cause: error)
        }
    }

    private static func text(_ document: JSONObject, _ key: String) throws(ServiceError) -> String {
        guard let text = document[key]?.stringValue, WebAddress(text)?.isWeb == true else {
            throw ServiceError(.upstream, "The identity provider does not say its \(key).")
        }
        return text
    }

    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { name, value in "\(name)=\(escaped(value))" }.joined(separator: "&")
    }

    private static func escaped(_ text: String) -> String {
        let unreserved = CharacterSet(charactersIn: "-._~").union(.init(charactersIn: "a"..."z"))
            .union(.init(charactersIn: "A"..."Z")).union(.init(charactersIn: "0"..."9"))
        return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}

/// What a provider answered, for the log.
private struct ProviderFailure: Error {
    let status: Int
    let error: String?
}

/// The claims that are checked; see OpenID Connect Core 1.0, section 3.1.3.7.
private struct IdentityClaims: JWTPayload {
    let iss: String
    let sub: String
    let aud: AudienceClaim
    let azp: String?
    let nonce: String?
    let exp: ExpirationClaim

    func verify(using algorithm: some JWTAlgorithm) throws { try exp.verifyNotExpired() }
}

extension Data {
    fileprivate var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    fileprivate init?(base64URL text: String) {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        self.init(base64Encoded: text.replacing("-", with: "+").replacing("_", with: "/") + padding)
    }
}
