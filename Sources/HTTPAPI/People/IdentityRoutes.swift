import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON

/// Signing in with an identity provider (OpenID Connect).
struct IdentityRoutes: Sendable {
    let identities: IdentitySignIn
    let settings: Settings

    var endpoints: RouteTable {
        RouteTable(under: "/api/sso/oidc")
            .get("login", .everybody, use: begin)
            .get("callback", .everybody, use: finish)
    }

    /// Carries an attempt, encrypted, to the callback and nowhere else.
    private static let cookie = "lectern_sign_in"

    @Sendable private func begin(_ request: Request, _ context: APIContext) async throws -> Response {
        let beginning = try await identities.begin(
            base: request.serverAddress(settings.snapshot), destination: QueryParameters(request)["redirectTo"])
        var response = Response(status: .found)
        response.headers[.location] = beginning.address
        response.headers[.cacheControl] = "no-store"
        response.headers[.setCookie] = cookie(beginning.sealedAttempt, lifetime: 600, request)
        return response
    }

    @Sendable private func finish(_ request: Request, _ context: APIContext) async throws -> Response {
        let parameters = QueryParameters(request)
        let attempt = request.cookies[Self.cookie]?.value
        var response: Response
        do {
            switch try await identities.finish(
                code: parameters["code"], state: parameters["state"], sealedAttempt: attempt)
            {
            case .session(let session): response = try await SignInRoutes.answer { session }
            case .redirect(let page, let token):
                response = Response(status: .found)
                response.headers[.location] = page + (page.contains("?") ? "&" : "?") + "token=\(token)"
                response.headers[.referrerPolicy] = "no-referrer"
            }
        } catch let error as ServiceError where [.unauthorized, .forbidden].contains(error.code) {
            response = try await SignInRoutes.answer { throw error }
        }
        response.headers[.cacheControl] = "no-store"
        response.headers[.setCookie] = cookie("", lifetime: 0, request)
        return response
    }

    private func cookie(_ value: String, lifetime: Int, _ request: Request) -> String {
        let secure = request.serverAddress(settings.snapshot).hasPrefix("https") ? "; Secure" : ""
        return "\(Self.cookie)=\(value); Path=/api/sso/oidc; Max-Age=\(lifetime); HttpOnly; SameSite=Lax\(secure)"
    }
}

extension HTTPField.Name {
    static let referrerPolicy = Self("Referrer-Policy")!
}
