import Domain
import HTTPTypes
import Hummingbird

/// Answers 304 to a client that has the content already (RFC 9110, section 13.1.2).
struct ConditionalGetMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        guard request.method == .get || request.method == .head, response.status == .ok,
            let tag = response.headers[.eTag], let known = request.headers[.ifNoneMatch],
            known == "*" || known.split(separator: ",").contains(where: { $0.trimmed == tag })
        else { return response }
        return Response(status: .notModified, headers: [.eTag: tag])
    }
}
