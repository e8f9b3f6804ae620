import Foundation
import HTTPTypes
package import Hummingbird

/// What a request carries on its way to its handler.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Whether the request came with a valid API key.
    package var isAuthenticated = false

    package init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }
}

/// The context of handlers that only callers with an API key reach.
struct AuthenticatedContext: ChildRequestContext {
    var coreContext: CoreRequestContextStorage

    init(context: APIContext) throws {
        guard context.isAuthenticated else { throw APIError.forbidden }
        coreContext = context.coreContext
    }
}

extension RequestContext {
    /// A path parameter, percent-decoded. Names are in lower case, for paths are matched without regard to case.
    func parameter(_ name: String) throws -> String {
        guard let raw = parameters.get(name), let decoded = raw.removingPercentEncoding else {
            throw APIError(.badRequest, message: "The address is not percent-encoded correctly.")
        }
        return decoded
    }
}

extension RouteCollection<AuthenticatedContext> {
    /// A route whose last word is also what another method's route has a parameter for: `new` makes a workspace and may
    /// be the slug of one. The router stops at the word, so the route says which parameter it stands for.
    func on(
        _ path: RouterPath, _ method: HTTPRequest.Method, asThe parameter: String,
        use handler: @escaping @Sendable (Request, AuthenticatedContext) async throws -> Response
    ) -> Self {
        on(path, method: method) { request, context in
            var context = context
            context.coreContext.parameters[parameter[...]] = request.uri.path.split(separator: "/").last
            return try await handler(request, context)
        }
    }
}
