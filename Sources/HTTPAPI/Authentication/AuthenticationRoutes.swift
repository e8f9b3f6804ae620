import Domain
import HTTPTypes
import Hummingbird

/// | method | path | who |
/// |---|---|---|
/// | GET | /v1/auth | API key |
struct AuthenticationRoutes {
    var endpoints: RouteCollection<AuthenticatedContext> {
        RouteCollection(context: AuthenticatedContext.self)
            .get("auth", use: verify)
    }

    @Sendable private func verify(_ request: Request, _ context: AuthenticatedContext) -> Response {
        var response = Response(json: ["authenticated": true])
        // A verdict that a cache repeats would outlive the key.
        response.headers[.cacheControl] = "no-store"
        response.headers[.eTag] = nil
        return response
    }
}
