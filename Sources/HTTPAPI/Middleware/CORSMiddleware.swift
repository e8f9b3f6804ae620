import Engine
import HTTPTypes
import Hummingbird

/// Lets pages of every origin call the API: who may do what is decided by the key alone, and no cookie is ever read. What
/// visitors of an embed get, who have no key, only those pages may read that may show it.
struct CORSMiddleware: RouterMiddleware {
    let embeds: EmbedChats

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin] else { return try await next(request, context) }
        var response =
            request.method == .options ? Self.preflight(request) : try await next(request, context)
        response.headers[.vary] = "Origin"
        // Why it is refused, every page may read: a site's owner looks for it there.
        var mayRead = response.status.code >= 400
        if !mayRead { mayRead = try await isAllowed(origin, request) }
        if mayRead { response.headers[.accessControlAllowOrigin] = origin }
        return response
    }

    private func isAllowed(_ origin: String, _ request: Request) async throws -> Bool {
        let segments = request.uri.path.split(separator: "/")
        guard segments.count > 2, segments.prefix(2).map({ $0.lowercased() }) == ["api", "embed"] else { return true }
        return try await embeds.allows(origin, uuid: String(segments[2]))
    }

    private static func preflight(_ request: Request) -> Response {
        var headers: HTTPFields = [.accessControlAllowMethods: "GET,HEAD,PUT,PATCH,POST,DELETE"]
        headers[.accessControlAllowHeaders] = request.headers[.accessControlRequestHeaders]
        return Response(status: .noContent, headers: headers)
    }
}
