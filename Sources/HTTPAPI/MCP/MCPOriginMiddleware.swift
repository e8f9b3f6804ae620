import Domain
import Engine
import HTTPTypes
import Hummingbird

/// Refuses messages of pages from elsewhere, as the Model Context Protocol wants it of servers ("Security Warning" of its
/// transport over HTTP). Whose pages are from here is what `HostMiddleware` goes by: the names of this machine and those that
/// operators list; a server that others reach takes every page whose client has a credential, unless some are listed.
struct MCPOriginMiddleware: RouterMiddleware {
    let settings: Settings
    /// Whether nobody but this machine reaches the server.
    let listensOnLoopback: Bool

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let hosts = settings.accessRules.hosts
        guard request.isForMCP, let origin = request.headers[.origin], listensOnLoopback || hosts.areListed else {
            return try await next(request, context)
        }
        // A browser's own pages, and those that hide where they are from, have an origin without a host.
        if let host = WebAddress(origin)?.hostAndPort, hosts.include(host) { return try await next(request, context) }
        throw APIError(
            .forbidden,
            message: "Pages of \(origin.prefix(Self.shownLength)) may not use this server. Where they may, list their "
                + "host in the environment variable \(HostNames.variable)."
        ).shaped(for: request)
    }

    /// Characters of an origin that are repeated.
    private static let shownLength = 255
}
