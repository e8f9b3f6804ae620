import Foundation
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
