import Engine
import HTTPTypes
import Hummingbird

/// Refuses requests that name another server than this one (RFC 9110, section 7.4).
///
/// A server that only its own machine reaches is protected by that from all others but the pages in the browser of whoever
/// sits there: one whose name leads to 127.0.0.1 all of a sudden (DNS rebinding) is of the server's origin to the browser. Such
/// a page gives itself away by its own name in `Host`.
struct HostMiddleware: RouterMiddleware {
    let settings: Settings
    /// Whether nobody but this machine reaches the server. One that others reach goes by names that it cannot know, and is
    /// asked for any of them unless operators say which.
    let listensOnLoopback: Bool

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let hosts = settings.accessRules.hosts
        // HTTP/1.0 need not say; browsers, which this is about, always do.
        guard listensOnLoopback || hosts.areListed, let authority = request.head.authority,
            !hosts.include(authority)
        else { return try await next(request, context) }
        throw APIError(
            .misdirectedRequest,
            message:
                "This server does not answer to the name \(authority.prefix(Self.shownLength)). Where that is one of its "
                + "names, behind a proxy for example, list it in the environment variable \(HostNames.variable)."
        ).shaped(for: request)
    }

    /// Characters of a name that are repeated: the longest that DNS knows (RFC 1035, section 2.3.4).
    private static let shownLength = 255
}
